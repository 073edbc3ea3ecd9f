import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding, Report } from '#model/report.js';
import { html } from '#reports/html/render.js';
import { en } from '#reports/html/texts/en.js';
import { ko } from '#reports/html/texts/ko.js';
import { englishIn } from '../support/catalogues.js';
import { comparedSource } from '../support/report-changes.js';
import { reportFixture } from '../support/report-fixture.js';
import { rendered, sourceOf } from '../support/report-parts.js';
import { launch, visit as visitFile, whyNoBrowser } from './chromium.js';

const artifacts = new URL('../../artifacts/', import.meta.url);
/** Fails of which some are waived, and unknowns of which some are attested: their waivers valid, and expired. */
function stated(): Report {
  const report = reportFixture();
  const until = { reason: '사유', expires: '2026-12-31', source: 'waivers.yaml:3:5' };
  const findings = report.findings.map((finding, index): Finding => {
    const state = index % 2 === 0 ? 'valid' : 'expired';
    if (index % 3 > 0) return finding;
    return finding.verdict === 'fail'
      ? { ...finding, waiver: { ...until, state, owner: 'platform', ticket: 'SEC-1', approvedBy: 'ciso' } }
      : {
          ...finding,
          attestation: { ...until, state, result: 'pass', attestedBy: 'kim', attestedOn: '2026-11-01', evidence: null },
        };
  });
  return { ...report, findings };
}

const sources = { full: sourceOf(stated()), compared: comparedSource(), cut: sourceOf(reportFixture({ count: 2200 })) };
const words = ko.script;

/** Everything that the explorer says: pieces of text, elements as a whole, and what is read out or stands in boxes. */
const said = `(() => {
  const found = new Set();
  for (const element of document.querySelectorAll('#explorer *, #theme')) {
    // A value that is chosen says in its title how a query calls it.
    const read = element.matches('.value') ? ['aria-label'] : ['aria-label', 'title', 'placeholder'];
    for (const name of read) found.add(element.getAttribute(name) ?? '');
    if (!element.closest('code, .message, .l-message')) found.add(element.textContent.trim());
    for (const node of element.childNodes) if (node.nodeType === 3) found.add(node.textContent.trim());
  }
  return [...found];
})()`;

describe.skipIf(whyNoBrowser !== undefined)('a report in Korean in a browser', () => {
  let browser: Browser;
  let folder: string;
  const visit = (name: keyof typeof sources, use: (page: Page) => Promise<void>, options = {}, hash = ''): Promise<void> =>
    visitFile(browser, { file: join(folder, `${name}.html`), options, hash }, use);
  const expectNoEnglish = async (page: Page): Promise<void> => {
    const english = await englishIn('ko');
    const texts = await page.evaluate<string[]>(said);
    expect(texts.length).toBeGreaterThan(100);
    expect(english(texts)).toEqual([]);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'atrest-korean-'));
    mkdirSync(artifacts, { recursive: true });
    for (const [name, source] of Object.entries(sources))
      writeFileSync(join(folder, `${name}.html`), await rendered(html.render({ ...source, language: 'ko' })));
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  test('the explorer speaks it: by click the facets, groups, suggestions, help, the panel and the theme', async () => {
    await visit('full', async (page) => {
      await page.locator('.lines .line').first().click();
      await expect.poll(() => page.locator('.detail h4').allTextContents()).toContain(words.panel.fix);
      await expectNoEnglish(page);
      // The words of a query are those of the field; people read their own.
      await page.locator('.facets').getByRole('button', { name: ko.verdicts.unknown }).click();
      await expect.poll(() => page.locator('#filter').inputValue()).toBe('verdict:unknown');
      expect(await page.locator('#count').textContent()).toBe('결과 200개 중 46개');
      expect(await page.locator('.lines .l-verdict').first().textContent()).toContain(ko.verdicts.unknown);
      await page.locator('.lines .line').first().click();
      await expect.poll(() => page.locator('.detail h4').allTextContents()).toContain(words.panel.missing);
      await expectNoEnglish(page);
      await page.locator('#filter').fill('waiver:');
      await page.getByRole('option', { name: /^유효함 \(valid\)/ }).click();
      expect((await page.locator('#filter').inputValue()).trim()).toBe('waiver:valid');
      await page.locator('.lines .line').first().click();
      await expect.poll(() => page.locator('.detail').textContent()).toContain('2026-12-31까지 면제됨 (SEC-1, platform): 사유.');
      await expectNoEnglish(page);
      for (const query of ['waiver:expired', 'attested:pass', 'attested:expired']) {
        await page.locator('#filter').fill(query);
        await page.locator('#filter').press('Enter');
        await page.locator('.lines .line').first().click();
        await expect.poll(() => page.locator('.detail').textContent()).toContain('사유.');
        await expectNoEnglish(page);
      }
      await page.locator('#filter').fill('');
      await page.locator('#filter').pressSequentially('v');
      await expectNoEnglish(page);
      await page.getByRole('button', { name: words.explorer.clear }).click();
      await page.getByLabel(words.explorer.group).selectOption({ label: words.fields.severity.title });
      await page.locator('.group-line').first().click();
      await page.getByLabel(words.explorer.sort).selectOption({ label: words.explorer.sorts.account });
      await expectNoEnglish(page);
      await page.getByRole('button', { name: words.explorer.help }).click();
      await expect.poll(() => page.getByRole('dialog').isVisible()).toBe(true);
      expect(await page.getByRole('dialog').textContent()).toContain(words.help.filterText);
      await page.getByRole('dialog').getByRole('button', { name: words.close }).click();
      await page.getByRole('button', { name: /^테마/ }).click();
      expect(await page.locator('#theme').textContent()).toBe('테마: 어둡게');
    });
  });

  test('a finding that changed, and what is printed', async () => {
    await visit(
      'compared',
      async (page) => {
        await page.locator('.lines .line').first().click();
        await expect.poll(() => page.locator('.detail').textContent()).toContain('새로 발생: 이전에는 통과했습니다');
        await expect.poll(() => page.locator('.detail h4').allTextContents()).toContain(words.panel.answers);
        await page.evaluate('dispatchEvent(new Event("beforeprint"))');
        await expectNoEnglish(page);
      },
      {},
      '#change=new',
    );
    await visit('cut', async (page) => {
      await page.locator('.lines .line').first().waitFor();
      await page.evaluate('dispatchEvent(new Event("beforeprint"))');
      expect(await page.locator('.printed .note').textContent()).toBe(
        '결과 2,200개 중 처음 결과 2,000개만 인쇄됩니다. 모든 결과는 report.json에 있습니다.',
      );
      await expectNoEnglish(page);
    });
  });

  test('what is in English is found', async () => {
    const english = await englishIn('ko');
    expect(english([en.script.explorer.help, '12 findings', 'in the run 2026-11 or before', '도움말'])).toHaveLength(3);
  });

  test.each([
    ['light', 360],
    ['dark', 1280],
  ] as const)('%s fits a screen of %d px with an open finding, and axe finds nothing', async (colorScheme, width) => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await visit(
      'compared',
      async (page) => {
        await page.locator('.lines .line').first().click();
        await page.locator('.detail').waitFor();
        await page.screenshot({ path: new URL(`korean-${width}-${colorScheme}.png`, artifacts).pathname });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        await page.addScriptTag({ content: axe });
        const violations = await page.evaluate(
          `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
            .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 120)).join(' | ')))`,
        );
        expect(violations).toEqual([]);
      },
      { colorScheme, viewport: { width, height: 800 }, bypassCSP: true },
      '#change=new',
    );
  });
});
