import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { HtmlValidate } from 'html-validate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEstate } from '#estate/index.js';
import type { Report } from '#model/report.js';
import { scan } from '#scan.js';
import { ran } from './support/in-process.js';
import { scanOptions, useEstate } from './support/scan-estate.js';
import { account, other, regions, smallWorld } from './support/small-world.js';

const shut = '333333333333';
let folder: string;
let report: Report;
const run = () => join(folder, 'run');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atrest-split-'));
  const world = smallWorld();
  world.addAccount(other, { regions, roles: [{ name: 'Audit' }] });
  world.addAccount(shut, { regions, roles: [] });
  world.put(other, 'us-east-1', 's3.bucket', { Name: 'of-the-other' });
  const estate = await startEstate(world);
  useEstate(estate);
  try {
    await scan(
      scanOptions(run(), {
        config: { version: 1, scope: { accounts: [account, other, shut], role: 'Audit' } },
        ...{ regions: ['us-east-1'], includePass: false, explain: false },
        ...{ now: new Date('2026-11-23T00:00:00Z'), formats: ['json'] },
      }),
    );
  } finally {
    await estate.close();
  }
  report = JSON.parse(await readFile(join(run(), 'report.json'), 'utf8')) as Report;
});
afterAll(() => rm(folder, { recursive: true }));

async function split(name: string, ...flags: string[]): Promise<{ out: string; index: string }> {
  const out = join(folder, name);
  const { code, stderr } = await ran(['report', run(), '--split-by', 'account', '--out', out, ...flags]);
  expect([code, stderr]).toEqual([0, `html: ${join(out, 'index.html')}, over the pages of 3 accounts\n`]);
  return { out, index: await readFile(join(out, 'index.html'), 'utf8') };
}

const linksOf = (page: string) => [...page.matchAll(/<a href="(?!#|https:)([^"]+)"/g)].map(([, to = '']) => to);

/** Ids of the findings that a page holds for its script. */
function idsIn(page: string): readonly string[] {
  const [, data] = /id="data">([^<]*)</.exec(page) ?? [];
  if (data === undefined) return [];
  const [, ids = '{}'] = gunzipSync(Buffer.from(data, 'base64')).toString('utf8').split('\n');
  return (JSON.parse(ids) as { values: string[] }).values;
}

describe('report --split-by account', () => {
  test('writes a page for each account, and an index that leads to them and from them', async () => {
    const { out, index } = await split('pages');
    expect((await readdir(join(out, 'accounts'))).sort()).toEqual([account, other, shut].map((id) => `${id}.html`));
    const links = linksOf(index);
    // What was not scanned comes first.
    expect(links).toEqual([shut, account, other].map((id) => `accounts/${id}.html`));
    for (const link of links) {
      expect(existsSync(join(out, link)), link).toBe(true);
      const page = await readFile(join(out, link), 'utf8');
      expect(linksOf(page)).toEqual(['../index.html']);
      expect(existsSync(join(out, dirname(link), '../index.html'))).toBe(true);
      const { results } = await new HtmlValidate({ extends: ['html-validate:recommended'] }).validateString(page);
      expect(results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`))).toEqual([]);
    }
    const { results } = await new HtmlValidate({ extends: ['html-validate:recommended'] }).validateString(index);
    expect(results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`))).toEqual([]);
    expect(index).toContain('script-src &#x27;none&#x27;');
  });

  test('each page has the findings and the counts of its account, and all of them those of the run', async () => {
    const { out, index } = await split('counted');
    const pages = await Promise.all([account, other, shut].map((id) => readFile(join(out, `accounts/${id}.html`), 'utf8')));
    expect(pages.flatMap(idsIn)).toEqual(report.findings.map(({ id }) => id));
    for (const [at, id] of [account, other].entries()) {
      const own = report.findings.filter((finding) => finding.account === id);
      expect(new Set(idsIn(pages[at] ?? ''))).toEqual(new Set(own.map((finding) => finding.id)));
      const fails = own.filter(({ verdict }) => verdict === 'fail').length;
      expect(pages[at]).toContain(fails === 1 ? '1 finding fails' : `${fails} findings fail`);
      expect(index).toMatch(new RegExp(`accounts/${id}\\.html.*<td class="n">${fails}</td>`));
    }
    expect(pages[1]).toContain('of-the-other');
    expect(pages[0]).not.toContain('of-the-other');
    expect(pages[2]).toContain('Nothing was evaluated');
    expect(index).toMatch(/INCOMPLETE[^]*1 account not scanned/);
  });

  test('redacts the names of the pages too, with one pseudonym for an account on all of them', async () => {
    const { out, index } = await split('hidden', '--redact', 'account-ids,arns', '--lang', 'ko');
    const ids = ['000000000001', '000000000002', '000000000003'];
    expect((await readdir(join(out, 'accounts'))).sort()).toEqual(ids.map((id) => `${id}.html`));
    expect(new Set(linksOf(index))).toEqual(new Set(ids.map((id) => `accounts/${id}.html`)));
    expect(index).toContain('<html lang="ko">');
    const pages = await Promise.all(ids.map((id) => readFile(join(out, `accounts/${id}.html`), 'utf8')));
    for (const page of [index, ...pages]) for (const id of [account, other, shut]) expect(page).not.toContain(id);
    for (const [at, id] of ids.entries()) expect(pages[at]).toContain(id);
  });

  test.each([
    [['--split-by', 'region', '--out', 'x'], 'A report is not split by region'],
    [['--split-by', 'account'], '--split-by wants --out'],
    [['--split-by', 'account', '--out', 'x', '--format', 'json,html'], '--split-by splits the HTML report alone'],
    [['--split-by', 'account', '--out', 'x', '--against', 'y'], '--split-by goes with neither --against'],
  ])('%j is refused', async (flags, message) => {
    const { code, stderr } = await ran(['report', run(), ...flags]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(existsSync('x')).toBe(false);
  });

  test('nor into a folder that holds something', async () => {
    const { code, stderr } = await ran(['report', run(), '--split-by', 'account', '--out', run()]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('is not empty')]);
  });
});
