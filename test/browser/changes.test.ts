import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { html } from '#reports/html/render.js';
import { comparedSource, earlierRun } from '../support/report-changes.js';
import { rendered } from '../support/report-parts.js';
import { launch, visit as visitFile, whyNoBrowser } from './chromium.js';

describe.skipIf(whyNoBrowser !== undefined)('a report against an earlier run in a browser', () => {
  let browser: Browser;
  let folder: string;
  let changed: Map<string, number>;
  const visit = (use: (page: Page) => Promise<void>, options = {}): Promise<void> =>
    visitFile(browser, { file: join(folder, 'report.html'), options }, use);

  beforeAll(async () => {
    const source = comparedSource();
    changed = new Map();
    for await (const { change } of source.against?.findings() ?? []) changed.set(change, (changed.get(change) ?? 0) + 1);
    folder = mkdtempSync(join(tmpdir(), 'atrest-changes-'));
    writeFileSync(join(folder, 'report.html'), await rendered(html.render(source)));
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  test('what is new is found from the first screen, by filter and in the finding', async () => {
    await visit(async (page) => {
      await page.locator('.since a', { hasText: 'new' }).click();
      await expect.poll(() => page.locator('#filter').inputValue()).toBe('change:new');
      expect(await page.locator('#count').textContent()).toContain(`${String(changed.get('new'))} of`);
      expect(await page.locator('.line .said').first().textContent()).toBe('new');
      await page.locator('.lines .line').first().click();
      await expect
        .poll(() => page.locator('.detail').textContent())
        .toContain(`new: it passed before against the run ${earlierRun}`);
      expect(await page.locator('.detail').textContent()).toContain(`after the run ${earlierRun}`);
      expect(await page.locator('.detail').textContent()).not.toContain('or before');
      expect(await page.locator('.detail').textContent()).toMatch(
        /What AWS answered.*ec2:DescribeVolumes, 2026-11-22T04:01:00.000Z.*request 4c1f2a9e-0b7d-4e51-9a33-5d2f6c8e7b10/,
      );
      await page.locator('#filter').fill('change:worse');
      await page.locator('#filter').press('Enter');
      await expect.poll(() => page.locator('#count').textContent()).toContain(`${String(changed.get('worse'))} of`);
      await page.locator('.since a', { hasText: 'fixed' }).press('Enter');
      await expect.poll(() => page.locator('#c-fixed').isVisible()).toBe(true);
    });
  });

  test('without scripts the counts lead to what they mean, and what ended is listed', async () => {
    await visit(
      async (page) => {
        await page.locator('.since a', { hasText: 'new' }).click();
        expect((await page.locator('#c-new').boundingBox())?.y).toBeLessThan(800);
        expect(await page.locator('#changes tbody').last().locator('tr').count()).toBe(5);
      },
      { javaScriptEnabled: false, viewport: { width: 360, height: 800 } },
    );
  });
});
