import type { KeyRecord } from './world/records.js';
import type { World } from './world/world.js';

export const MANAGEMENT = '111111111111';
export const SHOP = '222222222222';
export const LAB = '333333333333';
export const PARTNER = '999999999999';

/** A key of the shop in eu-west-1, named by its alias. */
export function shopKey(world: World, name: string, given: Partial<KeyRecord> = {}): string {
  return world.put(SHOP, 'eu-west-1', 'kms.key', { Description: name, aliases: [`alias/${name}`], ...given }).Arn;
}
