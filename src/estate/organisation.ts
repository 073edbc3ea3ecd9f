import type { Counts } from './generate/place.js';
import { alwaysOn } from './world/regions.js';
import { World } from './world/world.js';

/** Regions that every account has, whatever else it enables. */
export const organisationRegions: readonly string[] = alwaysOn;

/**
 * An organisation as they are: accounts of very different size, in each of which nearly everything lies in two of its
 * seventeen regions and a little is left behind elsewhere. The first account is the management account.
 */
export function organisationWorld({ accounts, seed = 7 }: { readonly accounts: number; readonly seed?: number }): World {
  const world = new World(seed);
  const ids = Array.from({ length: accounts }, (_, index) => String(100_000_000_000 + index * 7));
  for (const id of ids) world.addAccount(id, { regions: organisationRegions, roles: [{ name: 'AtrestAudit' }] });
  world.addAccount('999999999999', { regions: ['us-east-1'], member: false });
  for (const [index, id] of ids.entries()) {
    const size = index % 10 === 0 ? 10 : 1 + (index % 3);
    world.generate(id, home(index), sized(size));
    world.generate(id, home(index + 5), sized(size / 4));
    for (const [at, region] of organisationRegions.entries())
      if ((at + index) % 4 === 0 && region !== home(index) && region !== home(index + 5)) world.generate(id, region, leftBehind);
  }
  return world;
}

function home(index: number): string {
  return organisationRegions[(index * 3) % organisationRegions.length] ?? 'us-east-1';
}

function sized(size: number): Counts {
  const of = (count: number) => Math.max(1, Math.round(count * size));
  return {
    'kms.key': of(8),
    's3.bucket': of(10),
    'ebs.volume': of(60),
    'ebs.snapshot': of(120),
    'rds.instance': of(6),
    'rds.cluster': of(2),
    'rds.snapshot': of(20),
    'rds.cluster-snapshot': of(6),
  };
}

const leftBehind: Counts = { 'kms.key': 1, 's3.bucket': 1, 'ebs.volume': 2, 'ebs.snapshot': 3 };
