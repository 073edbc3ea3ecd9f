import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { RuleDescription } from '#index.js';
import { atrest, inFolder } from '../support/cli.js';
import { root } from '../support/rule-files.js';

/** The files that the guide shows. */
async function examples(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(`${root}docs/write-a-rule.md`, 'utf8');
  return new Map([...text.matchAll(/^```\w+ file=(\S+)\n(.*?)^```$/gms)].map(([, file = '', body = '']) => [file, body]));
}

test('the examples of the guide "Write a rule" do what it says', async () => {
  await inFolder(async (folder) => {
    const files = await examples();
    expect([...files.keys()].length).toBeGreaterThan(4);
    for (const [file, body] of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), body);
    }
    const tested = await atrest(['rules', 'test', 'house-rules'], { cwd: folder });
    expect(tested.stdout).not.toContain('FAIL');
    expect(tested.stderr).toMatch(/^(\d+) of \1 cases hold\.\n$/);
    expect(tested.code).toBe(0);
    const listed = await atrest(['rules', 'list', '--json', '--plugin', './house-rules'], { cwd: folder });
    const own = (JSON.parse(listed.stdout) as RuleDescription[]).filter(({ id }) => id.startsWith('house/'));
    expect(own.map(({ id }) => id)).toEqual(['house/described', 'house/replication-role', 'house/snapshot-not-too-old']);
    expect(own[1]).toMatchObject({
      operations: ['s3:GetBucketReplication', 's3:ListBuckets'],
      actions: ['s3:GetReplicationConfiguration', 's3:ListAllMyBuckets'],
    });
    const shown = await atrest(['rules', 'show', 'house/described', '--plugin', './house-rules'], { cwd: folder });
    expect(shown.stdout).toContain('A key that nobody can place');
  });
});
