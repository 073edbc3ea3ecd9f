import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prom } from '#reports/prom/render.js';
import type { Report } from '#model/report.js';
import { reportFixture } from '../support/report-fixture.js';
import { emptyReport, rendered, sourceOf } from '../support/report-parts.js';

const program = 'promtool';

interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads the text format 0.0.4 and takes nothing that Prometheus would not take. */
function parse(text: string): Series[] {
  expect(text.endsWith('\n')).toBe(true);
  const series: Series[] = [];
  const known = new Map<string, { typed: boolean; done: boolean }>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (help !== null) {
      const [, what = '', name = '', rest = ''] = help;
      if (what === 'HELP') {
        if (known.has(name)) throw new Error(`${name} comes twice`);
        known.set(name, { typed: false, done: false });
        current = name;
      } else {
        if (name !== current || rest !== 'gauge') throw new Error(`TYPE out of place: ${line}`);
        known.set(name, { typed: true, done: false });
      }
      continue;
    }
    const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)$/s.exec(line);
    if (sample === null) throw new Error(`not a sample: ${line}`);
    const [, name = '', labels = '', value = ''] = sample;
    if (name !== current || known.get(name)?.typed !== true) throw new Error(`without help or type: ${line}`);
    series.push({ name, labels: parseLabels(labels), value: Number(value) });
  }
  const ids = series.map(({ name, labels }) => `${name} ${JSON.stringify(Object.entries(labels).sort())}`);
  expect(new Set(ids).size).toBe(ids.length);
  return series;
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  const pair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;
  while (pair.lastIndex < text.length) {
    const found = pair.exec(text);
    if (found === null) throw new Error(`not labels: ${text}`);
    labels[found[1] ?? ''] = (found[2] ?? '').replace(/\\(.)/g, (_, each: string) => (each === 'n' ? '\n' : each));
  }
  return labels;
}

const none = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };

function report(): Report {
  const base = emptyReport();
  return {
    ...base,
    run: { ...base.run, startedAt: '2026-11-23T01:00:00.000Z', finishedAt: '2026-11-23T01:02:03.500Z', complete: false },
    scope: { accounts: [{ id: '111111111111', name: 'pay "roll"', path: null, state: 'scanned', reason: null }], regions: [] },
    summary: {
      ...base.summary,
      byAccount: { '111111111111': { pass: { ...none, high: 3 }, fail: { ...none, critical: 1 }, unknown: { ...none, low: 2 } } },
    },
    coverage: [
      row('kms', 'complete', [{ operation: 'kms:ListKeys', calls: 2, errors: 0, code: null, throttles: 7 }]),
      row('s3', 'partial', [{ operation: 's3:ListBuckets', calls: 1, errors: 1, code: 'AccessDenied' }]),
    ],
  };
}

function row(service: string, state: 'complete' | 'partial', operations: Report['coverage'][number]['operations']) {
  return { account: '111111111111', region: 'eu-west-1', service, state, reason: null, operations };
}

async function seriesOf(source: Report): Promise<(name: string, labels?: object) => number | undefined> {
  const series = parse(await rendered(prom.render(sourceOf(source))));
  return (name, labels = {}) => {
    const found = series.find(
      (each) => each.name === `atrest_${name}` && Object.entries(labels).every(([key, value]) => each.labels[key] === value),
    );
    return found?.value;
  };
}

describe('report.prom', () => {
  test('says whether the run is complete, when it was, and what it found', async () => {
    const value = await seriesOf(report());
    expect(value('run_complete')).toBe(0);
    expect(value('run_start_timestamp_seconds')).toBe(Date.UTC(2026, 10, 23, 1) / 1000);
    expect(value('run_duration_seconds')).toBe(123.5);
    expect(value('verdicts', { account: '111111111111', verdict: 'pass', severity: 'high' })).toBe(3);
    expect(value('verdicts', { verdict: 'fail', severity: 'critical' })).toBe(1);
    expect(value('verdicts', { verdict: 'unknown', severity: 'low' })).toBe(2);
    expect(value('verdicts', { verdict: 'fail', severity: 'low' })).toBe(0);
    expect(value('score_ratio', { account: '111111111111' })).toBe(0.75);
    expect(value('account_info', { name: 'pay "roll"', state: 'scanned' })).toBe(1);
  });

  test('says what could not be read, what was called and what was throttled', async () => {
    const value = await seriesOf(report());
    expect(value('cells', { state: 'complete' })).toBe(1);
    expect(value('cells', { state: 'partial' })).toBe(1);
    expect(value('cells', { state: 'unreachable' })).toBe(0);
    expect(value('calls', { operation: 'kms:ListKeys' })).toBe(2);
    expect(value('throttled_answers', { operation: 'kms:ListKeys' })).toBe(7);
    expect(value('throttled_answers', { operation: 's3:ListBuckets' })).toBe(0);
    expect(value('call_errors', { operation: 's3:ListBuckets' })).toBe(1);
  });

  test('takes any name of an account', async () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.string({ unit: fc.constantFrom('"', '\\', '\n', '}', ',', 'a') }),
    );
    await fc.assert(
      fc.asyncProperty(name, async (text) => {
        const given = report();
        const accounts = given.scope.accounts.map((account) => ({ ...account, name: text }));
        const value = await seriesOf({ ...given, scope: { ...given.scope, accounts } });
        const shown = text.replace(/\p{Cs}|[\u0000-\u0009\u000b-\u001f\u007f]/gu, '\ufffd');
        expect(value('account_info', { name: shown })).toBe(1);
      }),
    );
  });

  test('names no resource, however many there are', async () => {
    const fixture = reportFixture();
    const text = await rendered(prom.render(sourceOf(fixture)));
    for (const { resource } of fixture.findings) expect(text).not.toContain(resource);
    const twice = { ...fixture, findings: [...fixture.findings, ...fixture.findings] };
    expect(await rendered(prom.render(sourceOf(twice)))).toBe(text);
  });

  test('an empty run is valid too', async () => {
    expect((await seriesOf(emptyReport()))('resources')).toBe(0);
  });

  test('promtool finds nothing wrong, where it is installed', async ({ skip }) => {
    if (spawnSync(program, ['--version']).error !== undefined) skip('promtool is not installed');
    for (const each of [report(), reportFixture(), emptyReport()]) {
      const input = await rendered(prom.render(sourceOf(each)));
      const { status, stderr, stdout } = spawnSync(program, ['check', 'metrics'], { input, encoding: 'utf8' });
      expect([status, stderr, stdout]).toEqual([0, '', '']);
    }
  });
});
