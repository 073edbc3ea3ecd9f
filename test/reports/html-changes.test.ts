import { describe, expect, test } from 'vitest';
import { html } from '#reports/html/render.js';
import { changesOf } from '#reports/html/changes.js';
import { limits } from '#reports/html/limits.js';
import type { ComparedFinding, Comparison, ReportSource } from '#model/report.js';
import { comparedSource, earlierRun } from '../support/report-changes.js';
import { reportFixture } from '../support/report-fixture.js';
import { finding, rendered, sourceOf } from '../support/report-parts.js';

const page = (source: ReportSource): Promise<string> => rendered(html.render(source));
const textOf = (text: string): string => text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const comparison = (...compared: ComparedFinding[]): Comparison => ({
  run: earlierRun,
  async *findings() {
    await Promise.resolve();
    yield* compared;
  },
});

describe('against an earlier run', () => {
  const source = comparedSource();
  const written = page(source);

  test('the first screen counts what changed, and each count leads to what it means', async () => {
    const text = await written;
    const screen = text.split('<section class="since"')[1]?.split('</section>')[0] ?? '';
    const counts: Record<string, number> = {};
    for await (const { change } of source.against?.findings() ?? []) counts[change] = (counts[change] ?? 0) + 1;
    expect(counts['new']).toBeGreaterThan(2);
    expect(textOf(screen)).toContain(`Since the run ${earlierRun}`);
    for (const [change, word] of [
      ['new', 'new'],
      ['worse', 'worse'],
      ['fixed', 'fixed'],
      ['gone', 'gone'],
      ['better', 'better'],
      ['not-evaluated', 'no longer evaluated'],
      ['unchanged', 'unchanged'],
    ] as const)
      expect(textOf(screen)).toContain(` ${String(counts[change])} ${word} `);
    const ids = new Set([...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
    for (const [, id] of screen.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(id);
  });

  test('what is no finding any more is listed with its reason', async () => {
    const text = textOf((await written).split('<section id="changes"')[1]?.split('<section id="grid"')[0] ?? '');
    expect(text).toMatch(/fixed high ebs\/volume-encrypted ended-volume-0 .* passes now/);
    expect(text).toMatch(/gone high ebs\/volume-encrypted ended-volume-2 .* the resource is not there any more/);
    expect(text).toMatch(/better high ebs\/volume-encrypted ended-volume-3 .* it could be read now, and passes/);
    expect(text).toMatch(/no longer evaluated high ebs\/volume-encrypted ended-volume-4 .* the rule was off/);
  });

  test('beyond the first the worst are kept, and the others counted', async () => {
    const ended = (index: number): ComparedFinding => ({
      change: 'fixed',
      before: finding({ id: `e${index}`, rule: 'a/b', severity: index === limits.ended + 4 ? 'critical' : 'low' }),
      after: null,
    });
    const many = Array.from({ length: limits.ended + 5 }, (_, index) => ended(index));
    const changes = await changesOf(comparison(...many));
    expect(changes.ended).toHaveLength(limits.ended);
    expect(changes.ended.at(-1)?.before.severity).toBe('critical');
    expect(await page({ ...source, against: comparison(...many) })).toContain('5 more, none of them worse');
  });

  test('a pass is not compared', async () => {
    const { of } = await changesOf(
      comparison({ change: 'new', reason: 'x', before: null, after: finding({ id: 'n', rule: 'a/b' }) }),
    );
    expect(of({ id: 'n', verdict: 'fail' })).toBe('new: x');
    expect(of({ id: 'o', verdict: 'unknown' })).toBe('unchanged');
    expect(of({ id: 'p', verdict: 'pass' })).toBeNull();
  });
});

test('without an earlier run the page says nothing of changes', async () => {
  const text = await page(sourceOf(reportFixture({ count: 60 })));
  expect(text).not.toMatch(/<section class="since"|id="changes"|href="#changes"/);
});
