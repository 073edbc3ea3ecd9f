import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { html } from '#reports/html/render.js';
import type { Report } from '#model/report.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { reportFixture } from '../support/report-fixture.js';
import { keyedReport } from '../support/report-keys.js';
import { emptyReport, rendered, sourceOf } from '../support/report-parts.js';
import { cleanReport, hostileReport, unknownReport } from '../support/report-variants.js';
import { launch, open, whyNoBrowser, type Watched } from './chromium.js';

if (whyNoBrowser !== undefined) console.warn(`Browser suite left out: ${whyNoBrowser}`);

const artifacts = new URL('../../artifacts/', import.meta.url);
const reports = {
  full: reportFixture(),
  clean: cleanReport(),
  empty: emptyReport(),
  unknown: unknownReport(),
  keyed: keyedReport(),
  cut: reportFixture({ count: 2200 }),
  hostile: hostileReport(hostileTexts),
} satisfies Record<string, Report>;
type Name = keyof typeof reports;

/** Opens the first finding of the explorer, where there is one. */
async function openFirst(page: Page): Promise<void> {
  const line = page.locator('.lines .line').first();
  if ((await line.count()) === 0) return;
  await line.click();
  await page.locator('.detail').waitFor();
}

describe.skipIf(whyNoBrowser !== undefined)('the page in a browser', () => {
  let browser: Browser;
  let folder: string;
  const urlOf = (name: Name): string => pathToFileURL(join(folder, `${name}.html`)).href;
  /** Opens a report, lets `use` look at it, and sees that nothing was asked of the network and nothing went wrong. */
  const visit = async (
    name: Name,
    use: (page: Page, watched: Watched) => Promise<void>,
    options = {},
    hash = '',
  ): Promise<void> => {
    const watched = await open(browser, urlOf(name) + hash, options);
    try {
      await use(watched.page, watched);
      expect(watched.requests.filter((url) => !url.startsWith('data:'))).toEqual([urlOf(name)]);
      expect(watched.complaints).toEqual([]);
    } finally {
      await watched.close();
    }
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'atrest-report-'));
    mkdirSync(artifacts, { recursive: true });
    for (const [name, report] of Object.entries(reports))
      writeFileSync(join(folder, `${name}.html`), await rendered(html.render(sourceOf(report))));
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  test.each(Object.keys(reports) as Name[])('%s asks nothing of the network and breaks no policy', async (name) => {
    await visit(name, async (page) => {
      await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
      expect(await page.evaluate('globalThis.pwned')).toBeUndefined();
      // Its script; the data of the findings is gone once read.
      await expect.poll(() => page.evaluate('document.scripts.length')).toBe(1);
    });
  });

  test('says times in UTC, and on hover in the zone of who reads it', async () => {
    await visit(
      'full',
      async (page) => {
        const [first, started] = [page.locator('#overview time'), page.locator('footer time').first()];
        expect(await started.textContent()).toMatch(/^2026-11-22 04:00:\d\d UTC$/);
        for (const time of [first, started]) expect(await time.getAttribute('title')).toMatch(/22, 2026.* 1:00:\d\d\sPM GMT\+9$/);
      },
      { timezoneId: 'Asia/Seoul' },
    );
  });

  test('the policy would stop what a hole let through', async () => {
    const { page, complaints, close } = await open(browser, urlOf('empty'));
    await page.evaluate(
      '(() => { const s = document.createElement("img"); s.src = "https://example.invalid/x"; document.body.append(s); })()',
    );
    await expect(page.evaluate('document.body.innerHTML = "<b>x</b>"')).rejects.toThrow(/TrustedHTML/);
    await expect.poll(() => complaints.join()).toMatch(/img-src/);
    await close();
  });

  test('the first screen holds verdict, scope, counts, score and gaps', async () => {
    await visit('full', async (page) => {
      for (const selector of ['h1', '.banner.gap', '.scope', '.counts', '.score', '.gapbox']) {
        const box = await page.locator(selector).boundingBox();
        expect((box?.y ?? 9999) + (box?.height ?? 0), selector).toBeLessThanOrEqual(800);
      }
    });
  });

  test('the theme follows the system until it is chosen, by click or key, and stays chosen', async () => {
    await visit('full', async (page) => {
      const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
      const light = await ground();
      const button = page.getByRole('button', { name: /^Theme/ });
      await button.click();
      expect(await button.textContent()).toBe('Theme: dark');
      const dark = await ground();
      expect(dark).not.toBe(light);
      await button.press('Enter');
      expect(await ground()).toBe(light);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await ground()).toBe(light);
      await button.press('Space');
      expect(await button.textContent()).toBe('Theme: system');
      expect(await ground()).toBe(dark);
    });
  });

  test('without scripts everything can be read and opened', async () => {
    await visit(
      'full',
      async (page) => {
        expect(await page.locator('#explorer').isVisible()).toBe(false);
        const first = page.locator('.f').first();
        await first.locator('summary').click();
        expect(await first.locator('.fix').isVisible()).toBe(true);
        await page.emulateMedia({ media: 'print' });
        const last = page.locator('.f[data-v=fail]').last();
        expect(await last.getAttribute('open')).toBeNull();
        expect((await last.locator('.fix').boundingBox())?.height).toBeGreaterThan(40);
      },
      { javaScriptEnabled: false },
    );
  });

  test('prints, with details open and without controls', async () => {
    await visit('full', async (page) => {
      const pdf = await page.pdf({ format: 'A4', printBackground: true, preferCSSPageSize: true, tagged: true });
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(15);
      await page.emulateMedia({ media: 'print' });
      for (const control of ['#tools', '#theme', '.top nav']) expect(await page.locator(control).isVisible()).toBe(false);
      await page.setViewportSize({ width: 700, height: 1000 });
      for (const readable of ['.group h3', '.f .msg', '.f .fix', '.gaps b'])
        expect((await page.locator(readable).first().boundingBox())?.width, readable).toBeGreaterThan(80);
    });
  });

  test('prints up to 2,000 findings as tables by account, tagged, with page numbers and text that can be read', async () => {
    await visit('cut', async (page) => {
      await page.locator('.lines .line').first().waitFor();
      const pdf = (await page.pdf({ format: 'A4', printBackground: true, preferCSSPageSize: true, tagged: true })).toString(
        'latin1',
      );
      const pages = pdf.match(/\/Type \/Page\b/g)?.length;
      expect(pages).toBeGreaterThan(20);
      // In full they would be ten times as many, and take minutes.
      expect(pages).toBeLessThan(200);
      expect(pdf).toContain('/StructTreeRoot');
      expect(pdf.match(/\/Type0\b/g)?.length).toBe(pdf.match(/\/ToUnicode\b/g)?.length);
      expect(await page.locator('.printed-finding').count()).toBe(0);
      await page.evaluate('dispatchEvent(new Event("beforeprint"))');
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.printed tr.printed-finding').count()).toBe(2000);
      expect(await page.locator('.printed .note').innerText()).toBe(
        '2,200 findings, of which the first 2,000 findings are printed; all of them are in report.json.',
      );
      expect(await page.locator('.printed h3').allInnerTexts()).toEqual([
        expect.stringMatching(/^payments-prod \(111111111111\) · \d+ findings$/),
        expect.stringMatching(/^data-platform \(222222222222\) · \d+ findings$/),
        expect.stringMatching(/^sandbox \(333333333333\) · \d+ findings$/),
      ]);
      const display = 'getComputedStyle(document.querySelector(".printed thead")).display';
      expect(await page.evaluate(display)).toBe('table-header-group');
    });
  });

  test('the skip link is the first stop of the keyboard and leads to the findings; the focus is seen', async () => {
    await visit('full', async (page) => {
      await page.locator('.lines .line').first().waitFor();
      await page.keyboard.press('Tab');
      const skip = page.locator('.skip');
      expect(await page.evaluate('document.activeElement.className')).toBe('skip');
      expect((await skip.boundingBox())?.y).toBeGreaterThanOrEqual(0);
      await page.keyboard.press('Enter');
      await expect.poll(async () => (await page.locator('#findings').boundingBox())?.y).toBeLessThan(400);
      for (let stop = 0; stop < 12; stop += 1) {
        await page.keyboard.press('Tab');
        const outline =
          '(() => { const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement); return outlineStyle + outlineWidth; })()';
        expect(await page.evaluate(outline)).not.toMatch(/^none|^\w+0px/);
      }
    });
  });

  describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

    test.each(['full', 'keyed', 'clean', 'empty', 'unknown', 'hostile'] as const)('axe finds nothing in %s', async (name) => {
      await visit(
        name,
        async (page) => {
          await page.evaluate(
            'document.querySelectorAll("details").forEach((one, at) => { one.open = at < 40 || one.matches(".key"); })',
          );
          await openFirst(page);
          await page.addScriptTag({ content: axe });
          const violations = await page.evaluate(
            `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
              .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 120) + ' ' + failureSummary).join(' | ')))`,
          );
          expect(violations).toEqual([]);
        },
        { colorScheme, bypassCSP: true },
      );
    });

    test.each([360, 1280, 2560])('fits a screen of %d px', async (width) => {
      for (const name of ['full', 'hostile'] as const) {
        await visit(
          name,
          async (page) => {
            await page.screenshot({ path: new URL(`report-${name}-${width}-${colorScheme}.png`, artifacts).pathname });
            expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
          },
          { colorScheme, viewport: { width, height: 800 } },
        );
      }
    });
  });
});
