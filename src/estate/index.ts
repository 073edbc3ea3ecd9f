/** The estate: a simulated AWS on loopback, for the demo, tests and benchmarks. It knows nothing of the scanner. */
import { World } from './world/world.js';

export function createWorld(options: { seed?: number } = {}): World {
  return new World(options.seed ?? 1);
}

export { demoWorld } from './demo.js';
export { startEstate } from './server.js';
export type { Estate, EstateOptions } from './server.js';
export type { CallRecord } from './log.js';
export type { FaultHandle, FaultKind, FaultRule, Faults } from './faults.js';
export type { DenyReason, Match } from './match.js';
export { operations } from './services/index.js';
export type { AccountOptions, RegionSettings, Role } from './world/account.js';
export type { Kind, Records, Tag } from './world/records.js';
export { kinds } from './world/records.js';
export type { Denial, World } from './world/world.js';
