import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { html } from '#reports/html/render.js';
import { keyTargets } from '#reports/html/views/keys.js';
import { keyedReport } from '../support/report-keys.js';
import { rendered, sourceOf } from '../support/report-parts.js';
import { launch, visit as visitFile, whyNoBrowser } from './chromium.js';

describe.skipIf(whyNoBrowser !== undefined)('keys, dates and frameworks in a browser', () => {
  let browser: Browser;
  let folder: string;
  const report = keyedReport();
  const visit = (use: (page: Page) => Promise<void>, options = {}, hash = ''): Promise<void> =>
    visitFile(browser, { file: join(folder, 'report.html'), hash, options }, use);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'atrest-keys-'));
    writeFileSync(join(folder, 'report.html'), await rendered(html.render(sourceOf(report))));
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  test('a date leads to its key, by click and by Enter, and opens it', async () => {
    await visit(async (page) => {
      const link = page.locator('#calendar a').first();
      const target = page.locator((await link.getAttribute('href')) ?? '');
      expect(await target.getAttribute('open')).toBeNull();
      await link.click();
      await expect.poll(() => target.getAttribute('open')).not.toBeNull();
      expect(await target.locator('svg.tree').isVisible()).toBe(true);
      await target.locator('summary').press('Enter');
      expect(await target.getAttribute('open')).toBeNull();
      await link.press('Enter');
      await expect.poll(() => target.getAttribute('open')).not.toBeNull();
    });
  });

  test('a control leads to the findings of its rule', async () => {
    await visit(async (page) => {
      const link = page.locator('#frameworks a').first();
      const rule = (await link.textContent()) ?? '';
      await link.click();
      // The explorer stands in for the findings that are written out.
      await expect.poll(() => page.locator('#explorer input').first().inputValue()).toContain(rule);
      expect(await page.locator('#explorer').isVisible()).toBe(true);
    });
  });

  test('what a key breaks stands with it; without scripts a link leads there', async () => {
    await visit(async (page) => {
      const key = page.locator('.key:has(caption)').filter({ hasText: 'S3 bucket' }).first();
      await key.locator('summary').click();
      expect(await key.locator('caption', { hasText: 'What breaks if it goes.' }).isVisible()).toBe(true);
      expect(await key.getByText('objects under the key cannot be read').first().isVisible()).toBe(true);
    });
    await visit(
      async (page) => {
        const key = page.locator('.key:has(.losses)').first();
        await key.locator('summary').click();
        const link = key.locator('.losses a').first();
        await link.click();
        expect(
          await page
            .locator((await link.getAttribute('href')) ?? '')
            .locator('td')
            .count(),
        ).toBe(2);
        const figure = page.locator('#grid a').first();
        await figure.click();
        expect(await page.locator((await figure.getAttribute('href')) ?? '').isVisible()).toBe(true);
      },
      { javaScriptEnabled: false },
    );
  });

  test('a link to a key opens it', async () => {
    const id = [...keyTargets(report).values()].at(-1) ?? '';
    await visit(
      async (page) => {
        expect(await page.locator(`#${id}`).getAttribute('open')).not.toBeNull();
        const box = await page.locator(`#${id}`).boundingBox();
        expect(box?.y).toBeLessThan(800);
      },
      {},
      `#${id}`,
    );
  });

  test.each([360, 1280])('the picture keeps to its place on a screen of %d px, and no text covers a bar', async (width) => {
    await visit(
      async (page) => {
        await page.evaluate('document.querySelectorAll(".key").forEach((key) => { key.open = true; })');
        const cramped = await page.evaluate(`[...document.querySelectorAll('svg.tree, .chain svg')].flatMap((tree) => {
          const frame = tree.getBoundingClientRect();
          const rects = [...tree.querySelectorAll('rect')].map((rect) => rect.getBoundingClientRect());
          return [...tree.querySelectorAll('text')].filter((text) => {
            const box = text.getBoundingClientRect();
            const covers = rects.some((rect) => box.left < rect.right && box.right > rect.left && box.top < rect.bottom - 1 && box.bottom > rect.top + 1);
            return covers || box.right > frame.right + 1 || box.bottom > frame.bottom + 1;
          }).map((text) => text.textContent);
        })`);
        expect(cramped).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      },
      { viewport: { width, height: 800 } },
    );
  });

  test('without scripts all of it is there, and on paper it is open', async () => {
    await visit(
      async (page) => {
        const key = page.locator('.key').first();
        expect(await page.locator('.key').count()).toBe(report.keys.length);
        await key.locator('summary').click();
        expect(await key.locator('.known').isVisible()).toBe(true);
        await page.emulateMedia({ media: 'print' });
        const closed = page.locator('.key').nth(2);
        expect(await closed.getAttribute('open')).toBeNull();
        expect((await closed.locator('svg.tree').boundingBox())?.height).toBeGreaterThan(40);
        expect(await page.locator('#rules tbody tr').count()).toBe(report.rules.length);
      },
      { javaScriptEnabled: false },
    );
  });
});
