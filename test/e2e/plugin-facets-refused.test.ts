import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogue, withPlugins } from '#index.js';
import { inFolder } from '../support/cli.js';
import { facet, files, rule, writePlugin } from '../support/facet-plugin.js';

describe('a plugin is refused whose facet', () => {
  test.each<[string, string | RegExp, string, string]>([
    [
      'is of an unknown kind',
      's3.bucket',
      's3.bukket',
      'the facet replicationRole: there is no kind s3.bukket; did you mean s3.bucket?',
    ],
    ['is built in already', "name: 'replicationRole'", "name: 'replication'", 's3.bucket has a facet replication already'],
    ['has the name of an identity', "name: 'replicationRole'", "name: 'arn'", 'arn is what rules call something else'],
    ['writes', 's3:GetBucketReplication', 's3:PutBucketReplication', 'operation: an operation that reads is expected'],
    [
      'is of another service',
      's3:GetBucketReplication',
      'kms:DescribeKey',
      's3.bucket is read through the client of s3, not by kms:DescribeKey',
    ],
    ['names no action', 's3:GetReplicationConfiguration', 'replication', 'action: an IAM action is expected'],
    [
      'waits for what there is not',
      'absent:',
      "after: ['listin'], absent:",
      's3.bucket has no facet listin; did you mean listing?',
    ],
    ['waits for itself', 'absent:', "after: ['replicationRole'], absent:", 's3.bucket has no facet replicationRole'],
    ['has a misspelt word', 'absent:', 'absents:', 'Unrecognized key: "absents"'],
    ['asks nothing', /request: .*/, '', 'request: a function is expected'],
    ['is there twice', /\[(\{[^]*\})\]/, '[$1, $1]', 's3.bucket has a facet replicationRole already'],
    ['is none', /\[\{[^]*\}\]/, '[7]', 'this is not a facet'],
    ['stands in no list', /\[\{[^]*\}\]/, '{}', 'facet.mjs exports facets that are not a list'],
  ])('%s', async (_name, from, to, message) => {
    await inFolder(async (folder) => {
      await writePlugin(folder, { ...files, 'facet.mjs': facet.replace(from, to) });
      const refused = withPlugins(catalogue, ['./rules'], folder);
      await expect(refused).rejects.toMatchObject({ code: 'config', message: expect.stringContaining(message) as string });
      await expect(refused).rejects.toThrow('facet.mjs');
    });
  });

  test('another plugin has', async () => {
    await inFolder(async (folder) => {
      await writePlugin(folder, files);
      await mkdir(join(folder, 'more'));
      await writeFile(join(folder, 'more', 'a.mjs'), rule.replace('house/', 'more/'));
      // What was loaded before may be needed.
      const known = await withPlugins(catalogue, ['./rules', './more'], folder);
      expect(known.rules.some(({ id }) => id === 'more/replication-role')).toBe(true);
      await writeFile(join(folder, 'more', 'b.mjs'), facet);
      await expect(withPlugins(catalogue, ['./rules', './more'], folder)).rejects.toThrow(
        `${join('more', 'b.mjs')}: the facet replicationRole: s3.bucket has a facet replicationRole already`,
      );
    });
  });
});
