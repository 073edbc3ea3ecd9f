import { readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '#model/report.js';
import { html } from '#reports/html/render.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { keptIn } from '../support/kept.js';
import { spreadReport } from '../support/report-filled.js';
import { rendered, sourceOf } from '../support/report-parts.js';
import { hostileReport } from '../support/report-variants.js';
import { launch, visit as visitFile, whyNoBrowser } from './chromium.js';

const firstTime = '2026-11-20T02:00:00.000Z';

/** A wide report of a run with a history. */
function wide(): Report {
  const report = spreadReport(1000);
  const findings = report.findings.map((finding, index) => ({
    ...finding,
    firstSeen: index % 2 === 0 ? firstTime : '2026-11-21T02:00:00.000Z',
    lastChanged: report.run.startedAt,
  }));
  return { ...report, rememberedFrom: firstTime, findings };
}

/** With more keys than are written out. */
function hostile(): Report {
  const { keys, ...report } = hostileReport(hostileTexts);
  return { ...report, keys: Array.from({ length: 30 }, () => keys).flat() };
}

describe.skipIf(whyNoBrowser !== undefined)('a report that is not written out whole, in a browser', () => {
  let browser: Browser;
  let folder: string;
  const reports = { wide: wide(), hostile: hostile() };
  const visit = (name: keyof typeof reports, use: (page: Page) => Promise<void>, options = {}, hash = ''): Promise<void> =>
    visitFile(browser, { file: join(folder, `${name}.html`), hash, options }, use);
  /** Rows of the tables, and keys, by their places. */
  const counted = `Object.fromEntries([...document.querySelectorAll('[data-later]')].map((place) => [place.dataset.later, place.children.length]))`;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'atrest-wide-'));
    for (const [name, report] of Object.entries(reports))
      writeFileSync(join(folder, `${name}.html`), await rendered(html.render(sourceOf(report))));
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  test.each(['wide', 'hostile'] as const)('the script of %s puts everything in its place', async (name) => {
    let written: Record<string, number> = {};
    await visit(name, async (page) => void (written = await page.evaluate(counted)), { javaScriptEnabled: false });
    const kept = await keptIn(sourceOf(reports[name]));
    expect(kept.size).toBeGreaterThan(0);
    await visit(name, async (page) => {
      await expect.poll(() => page.locator('#later').count()).toBe(0);
      expect(await page.locator('.until-later').count()).toBe(0);
      const all: Record<string, number> = await page.evaluate(counted);
      for (const [place, markup] of kept) {
        const begins = { keys: /<details class="key"/, chains: /<div class="chain"/ }[place] ?? /^<(?:tr|span)\b/m;
        const pieces = markup.split(begins).length - 1;
        // A month is a body of rows of its own.
        if (place !== 'due') expect([place, all[place]]).toEqual([place, (written[place] ?? 0) + pieces]);
        expect(all[place]).toBeGreaterThan(written[place] ?? 0);
      }
      const text = await page.locator('#keys').textContent();
      for (const { arn } of reports.wide.keys) if (name === 'wide') expect(text).toContain(arn);
      expect(await page.evaluate('globalThis.pwned')).toBeUndefined();
    });
  });

  test('a link to what the script puts there leads to it; without scripts it says where it is', async () => {
    const id = /<details class="key" id="([^"]+)"/.exec((await keptIn(sourceOf(reports.wide))).get('keys') ?? '')?.[1] ?? '';
    await visit(
      'wide',
      async (page) => {
        await expect.poll(() => page.locator(`#${id}`).getAttribute('open')).not.toBeNull();
        expect(await page.locator(`#${id} svg.tree`).isVisible()).toBe(true);
      },
      {},
      `#${id}`,
    );
    await visit(
      'wide',
      async (page) => {
        const link = page.locator('#calendar a[href^="#k-"]').last();
        const target = page.locator((await link.getAttribute('href')) ?? '');
        expect(await target.count()).toBe(1);
        expect(await page.locator('#grid .note').first().textContent()).toContain('more stand here where scripts run');
      },
      { javaScriptEnabled: false },
    );
  });

  test('each figure of the grid filters, also of the accounts that the script adds', async () => {
    await visit('wide', async (page) => {
      await expect.poll(() => page.locator('#grid tr.later').count()).toBeGreaterThan(10);
      await page.locator('#grid tr.later td a').last().click();
      await expect.poll(() => page.locator('#filter').inputValue()).toMatch(/account:\d{12}/);
    });
  });

  test('a finding says since when it is known', async () => {
    const { findings } = reports.wide;
    const old = findings.find(({ firstSeen }) => firstSeen === firstTime)?.id ?? '';
    const newer = findings.find(({ firstSeen }) => firstSeen !== firstTime)?.id ?? '';
    for (const [id, text] of [
      [old, 'First seen2026-11-20 02:00:00 UTC in the first run that the history remembers; it may be older'],
      [newer, 'First seen2026-11-21 02:00:00 UTCLast changed2026-11-22 04:00:00 UTC'],
    ] as const)
      await visit(
        'wide',
        async (page) => {
          await expect.poll(() => page.locator('.detail .pairs').first().textContent()).toContain(text);
        },
        {},
        `#f-${id}`,
      );
  });

  test('on paper, keys that the script adds have a line', async () => {
    await visit('wide', async (page) => {
      await expect.poll(() => page.locator('.key.later').count()).toBeGreaterThan(10);
      await page.emulateMedia({ media: 'print' });
      await page.evaluate('dispatchEvent(new Event("beforeprint"))');
      expect(await page.locator('.key.later').first().locator('summary').isVisible()).toBe(true);
      expect(await page.locator('.key.later .known').first().isVisible()).toBe(false);
      expect(await page.locator('.paper').isVisible()).toBe(true);
    });
  });

  test.each([
    ['light', 360],
    ['dark', 1280],
  ] as const)('%s fits a screen of %d px, and axe finds nothing', async (colorScheme, width) => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await visit(
      'wide',
      async (page) => {
        await expect.poll(() => page.locator('.later').count()).toBeGreaterThan(100);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        await page.addScriptTag({ content: axe });
        const violations = await page.evaluate(
          `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
            .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 120)).join(' | ')))`,
        );
        expect(violations).toEqual([]);
      },
      { colorScheme, viewport: { width, height: 800 }, bypassCSP: true },
    );
  });
});
