/** The estate: a simulated AWS on loopback, for the demo, tests and benchmarks. It knows nothing of the scanner. */
import { World } from './world/world.js';

export function createWorld(options: { seed?: number; partition?: string } = {}): World {
  return new World(options.seed ?? 1, options.partition);
}

export { organisationWorld } from './organisation.js';
export { demoWorld } from './demo.js';
export { startEstate } from './server.js';
export type { Estate, EstateOptions } from './server.js';
export type { CallRecord } from './log.js';
export type { PolicyDocument } from './permissions.js';
export type { FaultKind } from './faults.js';
export { operations } from './services/index.js';
export type { Role } from './world/account.js';
export type { Kind } from './world/records.js';
export { kinds } from './world/records.js';
export type { World } from './world/world.js';
