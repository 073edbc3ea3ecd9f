import { createHash } from 'node:crypto';

/** Digest of rule, resource, account and region: unique in a run, stable between runs. */
export function findingId(rule: string, resource: string, account: string, region: string): string {
  return createHash('sha256').update(`${rule}\n${resource}\n${account}\n${region}`).digest('hex').slice(0, 32);
}
