import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KeptRun } from '#model/trend.js';
import { trendLine } from '#outbound/trend.js';
import { historyPage } from '#reports/html/history.js';
import { keyedReport } from '../support/report-keys.js';
import { rendered } from '../support/report-parts.js';
import { launch, open, whyNoBrowser } from './chromium.js';

const line = trendLine(keyedReport(), ['report.html']);
const runs: readonly KeptRun[] = [1, 2, 3, 6, 7].map((day) => ({
  ...line,
  run: `run-${String(day)}`,
  startedAt: `2026-11-0${String(day)}T01:00:00.000Z`,
  complete: day !== 6,
  stored: day > 2,
}));

describe.skipIf(whyNoBrowser !== undefined)('the page over a history in a browser', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'atrest-history-'));
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  test.each(['light', 'dark'] as const)(
    'asks nothing of the network, fits a narrow screen, and axe finds nothing: %s',
    async (colorScheme) => {
      const file = join(folder, 'index.html');
      writeFileSync(file, await rendered(historyPage({ runs, damaged: 1, now: new Date('2026-11-10T03:00:00Z') }, '9.9.9')));
      const url = pathToFileURL(file).href;
      const { page, requests, complaints, close } = await open(browser, url, { colorScheme, bypassCSP: true });
      try {
        const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
        await page.addScriptTag({ content: axe });
        const violations = await page.evaluate(
          `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
          .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 120) + ' ' + failureSummary).join(' | ')))`,
        );
        expect(violations).toEqual([]);
        await page.setViewportSize({ width: 360, height: 800 });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
        expect(requests.filter((each) => !each.startsWith('data:'))).toEqual([url]);
        expect(complaints).toEqual([]);
      } finally {
        await close();
      }
    },
  );
});
