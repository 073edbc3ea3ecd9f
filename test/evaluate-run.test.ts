import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { judgeRange } from '#evaluate.js';
import { evaluateRun } from '#evaluate-run.js';
import type { Estate } from '#estate/index.js';
import { gateSettings } from '#gate/settings.js';
import { catalogue } from '#index.js';
import { readRun } from '#inventory/run-folder.js';
import type { Waivers } from '#model/waiver.js';
import { Finding } from '#model/report.js';
import { judgementOf } from '#judgement.js';
import { openRun, type OpenRun } from '#open-run.js';
import { wholeRun, type Mark } from '#run-ranges.js';
import { scanEstate } from './support/scan-estate.js';
import { smallWorld } from './support/small-world.js';

const settings = gateSettings(undefined, { failOn: 'low', allowIncomplete: false, against: false });
const said = { reason: 'test', expires: null, source: 'waivers.yaml:1:1' };
const waivers: Waivers = {
  waivers: [{ rule: 'ebs/*', resource: '*:volume/*', owner: null, ticket: null, approvedBy: null, ...said }],
  attestations: [{ rule: 'kms/*', regions: ['us-east-1'], result: 'fail', by: 'me', on: '2026-11-01', evidence: null, ...said }],
};

let folder: string;
let open: OpenRun;
let close: () => void;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atrest-judged-'));
  const over = new Promise<void>((resolve) => (close = resolve));
  await new Promise<void>((scanned, failed) => {
    const prepare = ({ faults }: Estate) => faults.add({ kind: 'deny', operation: 'kms:GetKeyRotationStatus' });
    scanEstate(smallWorld(), { prepare }, async ({ path }) => {
      const run = await readRun(path);
      const { accounts, rules: ruleGlobs, frameworks, organization } = run;
      const judged = { accounts, ruleGlobs, frameworks, config: {}, organization, waivers };
      open = await openRun(path, run, judgementOf(catalogue, judged));
      scanned();
      await over;
    }).catch(failed);
  });
});
afterAll(async () => {
  close();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function linesOf(path: string): Promise<readonly string[]> {
  return gunzipSync(await readFile(path))
    .toString()
    .trimEnd()
    .split('\n');
}

/** A thread as the main one sees it, here: what it answers has been through a message. */
const thread = (times = Number.POSITIVE_INFINITY) => {
  let left = times;
  return {
    judge: async (range: Parameters<typeof judgeRange>[1], findings: string) => {
      if (left-- <= 0) return undefined;
      return structuredClone(await judgeRange(open, range, findings, { settings }));
    },
  };
};

async function evaluated(name: string, threads: readonly ReturnType<typeof thread>[]) {
  const out = join(folder, name);
  const { tally, gate, waiving, ...rest } = await evaluateRun(open, out, { settings, threads });
  expect(await readdir(out)).toEqual(['findings.ndjson.gz']);
  const { coverage, complete } = rest;
  const { gating, weights, gaps, exitCode } = gate.judge({ errors: 0, complete, coverage });
  const said = waiving.rows(() => 'unused').map(({ matches }) => matches);
  const lines = await linesOf(join(out, 'findings.ndjson.gz'));
  return { lines, summary: tally.summary(), gate: { gating, weights, gaps, exitCode }, said, rest };
}

test('a run that several threads judge reads as if one had, also when one of them gives up', async () => {
  const alone = await evaluated('alone', []);
  expect(alone.summary.resources).toBeGreaterThan(50);
  // Or report.json would read every one of them.
  const found = alone.lines.find((line) => line.startsWith('{"id"')) ?? '{}';
  expect(Object.keys(JSON.parse(found) as object)).toEqual(
    Object.keys(Finding.shape).filter((name) => !['firstSeen', 'lastChanged'].includes(name)),
  );
  // There is something of everything that has to be added up.
  expect(Math.min(alone.summary.waived, alone.summary.attested?.fail ?? 0, alone.gate.gating, ...alone.said)).toBeGreaterThan(0);
  expect(alone.gate.gaps).not.toEqual([]);
  expect(await evaluated('two', [thread()])).toEqual(alone);
  expect(await evaluated('three', [thread(), thread(1)])).toEqual(alone);
  expect(await evaluated('none', [thread(0)])).toEqual(alone);
});

test('a run may be cut anywhere, also within a cell', async () => {
  const whole = join(folder, 'whole.ndjson.gz');
  const { summary } = await judgeRange(open, wholeRun(open.cells), whole, { settings });
  const counts = open.cells.map(({ footer }) => footer.lists.reduce((sum, { count }) => sum + count, 0));
  const marks: Mark[] = counts.flatMap((count, cell) =>
    [0, 1, count - 1].map((record) => ({ cell, record: Math.max(0, record) })),
  );
  const parts: string[] = [];
  let resources = 0;
  for (const [index, from] of marks.entries()) {
    const path = join(folder, `part${String(index)}.ndjson.gz`);
    const to = marks[index + 1] ?? { cell: open.cells.length, record: 0 };
    const judged = await judgeRange(open, { from, to }, path, { settings });
    resources += judged.summary.resources;
    parts.push(...(await linesOf(path)));
  }
  // Lines of passes end where a part does.
  const failing = (lines: readonly string[]) => lines.filter((line) => line.startsWith('{"id"'));
  expect(failing(parts)).toEqual(failing(await linesOf(whole)));
  expect(resources).toBe(summary.resources);
});
