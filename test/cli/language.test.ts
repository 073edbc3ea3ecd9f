import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fail, writeStoredRun } from '../support/stored-run.js';
import { ran } from '../support/in-process.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atrest-language-'));
  await writeStoredRun(folder, { findings: [fail('ebs/volume-encrypted', 'vol-0123456789abcdef0')] });
});
afterAll(() => rm(folder, { recursive: true }));

const pageIn = (out: string) => readFile(join(out, 'report.html'), 'utf8');

test('report --lang writes the page in another language, with pseudonyms too', async () => {
  const out = join(folder, 'korean');
  const { code } = await ran([
    ...['report', folder, '--out', out, '--lang', 'ko'],
    ...['--redact', 'account-ids', '--format', 'html'],
  ]);
  expect(code).toBe(0);
  const page = await pageIn(out);
  expect(page).toContain('<html lang="ko">');
  expect(page).toContain('가려진 보고서입니다.');
});

test('without the flag it is English', async () => {
  const out = join(folder, 'english');
  await ran(['report', folder, '--out', out, '--format', 'html']);
  expect(await pageIn(out)).toContain('<html lang="en">');
});

test('what is judged again, and its reports, have the language of the config of the run', async () => {
  const run = join(folder, 'configured');
  await writeStoredRun(run, { findings: [], config: { version: 1, lang: 'ko' } });
  const out = join(folder, 'again');
  await ran(['report', run, '--out', out, '--format', 'html']);
  expect(await pageIn(out)).toContain('<html lang="ko">');
  await ran(['report', run, '--out', out, '--format', 'html', '--lang', 'en']);
  expect(await pageIn(out)).toContain('<html lang="en">');
});

test('a language that there is none of is refused before anything is written', async () => {
  const out = join(folder, 'none');
  const { code, stderr } = await ran(['report', folder, '--out', out, '--lang', 'kr']);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/There is no language kr\n.*Did you mean ko\?/)]);
  await expect(pageIn(out)).rejects.toThrow('ENOENT');
});
