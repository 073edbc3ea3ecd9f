import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fail, writeStoredRun } from '../support/stored-run.js';
import { ran } from '../support/in-process.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atrest-redact-'));
  await writeStoredRun(folder, { findings: [fail('ebs/volume-encrypted', 'vol-0123456789abcdef0')] });
});
afterAll(() => rm(folder, { recursive: true }));

test('report --redact writes pseudonyms into every format that is asked for', async () => {
  const out = join(folder, 'outside');
  const { code, stdout } = await ran([
    ...['report', folder, '--out', out, '--redact', 'account-ids,arns'],
    ...['--format', 'json,sarif,csv,ndjson'],
  ]);
  expect(code).toBe(0);
  const texts = await Promise.all(['json', 'sarif', 'csv'].map((name) => readFile(join(out, `report.${name}`), 'utf8')));
  for (const text of [stdout, ...texts]) {
    expect(text).toContain('arn:aws:ec2:eu-central-1:000000000001:volume/redacted-');
    expect(text).not.toMatch(/111111111111|vol-0123456789abcdef0/);
  }
});

test('what cannot be redacted is refused before anything is written', async () => {
  const { code, stderr } = await ran(['report', folder, '--redact', 'acount-ids']);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/There is no redaction acount-ids\n.*Did you mean account-ids\?/)]);
});
