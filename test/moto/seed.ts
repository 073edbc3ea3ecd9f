import { enterBoth } from './cloud.js';
import { seedEbs } from './seed-ebs.js';
import { seedKeys } from './seed-keys.js';
import { seedRds } from './seed-rds.js';
import { seedS3 } from './seed-s3.js';

/**
 * Makes everything that the tables in expected.ts name. `endpoint` is the proxy's, which remembers what moto drops.
 * Resolves to the names of what was made, by ARN.
 */
export async function seed(endpoint: string): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  const { a, b } = await enterBoth(endpoint, names);
  const keys = await seedKeys(a, b);
  await seedEbs(a, b, keys);
  await seedRds(a, b, keys);
  await seedS3(a, b, keys);
  return names;
}
