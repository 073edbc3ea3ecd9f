import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { account } from './small-world.js';

export const role = `arn:aws:iam::${account}:role/replicate`;
/** A plugin's facet, and two rules that need it. */
export const facet = `export const facets = [{
  kind: 's3.bucket',
  name: 'replicationRole',
  operation: 's3:GetBucketReplication',
  action: 's3:GetReplicationConfiguration',
  request: (s3, sdk, { id }) => s3.send(new sdk.GetBucketReplicationCommand({ Bucket: id })),
  project: (output) => output.ReplicationConfiguration?.Role,
  absent: ['ReplicationConfigurationNotFoundError'],
}];
`;
/** Sorted before the file of the facet that it needs. */
export const rule = `export default {
  id: 'house/replication-role',
  kind: 's3.bucket',
  severity: 'low',
  title: 'Buckets are replicated by the agreed role',
  needs: ['replicationRole'],
  evaluate: ({ replicationRole }, { pass, notApplicable }) =>
    replicationRole === null ? notApplicable('not replicated') : pass(replicationRole),
};
`;
const declared = `{ rule: house/other-role, kind: s3.bucket, severity: low, title: T, require: { field: replicationRole, equals: x }, message: "{replicationRole}" }`;
export const files = { 'a.mjs': rule, 'b.yaml': declared, 'facet.mjs': facet };

/** Writes a plugin of these files into `rules`. */
export async function writePlugin(folder: string, given: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(join(folder, 'rules'), { recursive: true });
  for (const [file, text] of Object.entries(given)) await writeFile(join(folder, 'rules', file), text);
}
