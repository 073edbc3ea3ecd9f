import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { html } from '#reports/html/render.js';
import type { Finding, Report } from '#model/report.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { reportFixture } from '../support/report-fixture.js';
import { rendered, sourceOf } from '../support/report-parts.js';
import { hostileReport } from '../support/report-variants.js';
import { launch, open, whyNoBrowser } from './chromium.js';

const report = reportFixture();
const reports = { full: report, hostile: hostileReport(hostileTexts) } satisfies Record<string, Report>;

describe.skipIf(whyNoBrowser !== undefined)('the explorer', () => {
  let browser: Browser;
  let folder: string;
  const urlOf = (name: keyof typeof reports): string => pathToFileURL(join(folder, `${name}.html`)).href;
  /** Opens the findings, lets `use` work with them, and sees that nothing was asked of the network and nothing went wrong. */
  const visit = async (use: (page: Page) => Promise<void>, hash = '', name: keyof typeof reports = 'full'): Promise<void> => {
    const watched = await open(browser, urlOf(name) + hash, {
      acceptDownloads: true,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    try {
      await watched.page.locator('.lines .line').first().waitFor();
      await use(watched.page);
      expect([...new Set(watched.requests.filter((url) => !/^(data|blob):/.test(url)))]).toEqual([urlOf(name)]);
      expect(watched.complaints).toEqual([]);
      expect(await watched.page.evaluate('globalThis.pwned')).toBeUndefined();
    } finally {
      await watched.close();
    }
  };
  const expectCount = async (page: Page, text: string): Promise<void> => {
    await expect.poll(() => page.locator('#count').textContent()).toBe(text);
  };
  const rows = async (page: Page): Promise<number> => Number(await page.locator('.list').getAttribute('aria-rowcount')) - 1;
  const hashOf = (page: Page): string => decodeURIComponent(new URL(page.url()).hash);
  const some = (holds: (finding: Finding) => boolean): number => report.findings.filter(holds).length;
  const saved = async (page: Page, button: string): Promise<string> => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
    return readFileSync(await download.path(), 'utf8');
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'atrest-explorer-'));
    for (const [name, each] of Object.entries(reports))
      writeFileSync(join(folder, `${name}.html`), await rendered(html.render(sourceOf(each))));
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  test('holds every finding, worst first, and draws those in sight', async () => {
    await visit(async (page) => {
      expect(await rows(page)).toBe(200);
      expect(await page.locator('.lines .line').count()).toBeLessThan(60);
      expect(await page.locator('.lines .line').first().textContent()).toMatch(/^failcritical/);
      await page.locator('.lines .line').first().focus();
      await page.keyboard.press('End');
      expect(await page.locator('.lines .line:focus').getAttribute('aria-rowindex')).toBe('201');
      expect(await page.locator('.lines .line:focus').textContent()).toMatch(/^unknown/);
      await page.keyboard.press('Home');
      await page.keyboard.press('PageDown');
      await page.keyboard.press('ArrowUp');
      expect(Number(await page.locator('.lines .line:focus').getAttribute('aria-rowindex'))).toBeGreaterThan(5);
    });
  });

  test('narrows by words that are typed, and Escape clears them', async () => {
    await visit(async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('payments-PROD eu-west-1 s3/');
      const wanted = some(
        ({ account, region, rule }) => account === '111111111111' && region === 'eu-west-1' && rule.startsWith('s3/'),
      );
      expect(wanted).toBeGreaterThan(1);
      await expectCount(page, `${wanted} of 200 findings`);
      expect(await rows(page)).toBe(wanted);
      await page.keyboard.press('Escape');
      await expectCount(page, '200 findings');
    });
  });

  test('suggests fields and values, taken by key and by click', async () => {
    await visit(async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('ver');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      expect(await page.locator('#filter').inputValue()).toBe('verdict:');
      await page.getByRole('option', { name: /^unknown/ }).click();
      await expectCount(page, '46 of 200 findings');
      await page.keyboard.type('-region:us-');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Tab');
      await expect.poll(() => page.locator('#count').textContent()).not.toBe('46 of 200 findings');
      expect(await page.locator('#filter').inputValue()).toMatch(/^verdict:unknown -region:us-(east-1|west-2) $/);
    });
  });

  test('facets are chosen by click and key, add up, and count what they would leave', async () => {
    await visit(async (page) => {
      const value = (name: RegExp) => page.locator('.facets').getByRole('button', { name });
      await value(/^unknown/).click();
      await expectCount(page, '46 of 200 findings');
      expect(await value(/^fail/).textContent()).toBe('fail154');
      const critical = some(({ verdict, severity }) => verdict === 'unknown' && severity === 'critical');
      expect(await value(/^critical/).textContent()).toBe(`critical${critical}`);
      await value(/^critical/).focus();
      await page.keyboard.press('Space');
      await expectCount(page, `${critical} of 200 findings`);
      expect(await page.locator('#filter').inputValue()).toBe('verdict:unknown severity:critical');
      await page.keyboard.press('Enter');
      await value(/^fail/).click();
      await expectCount(page, '200 findings');
      await page.getByRole('button', { name: 'Clear all' }).click();
      expect(await page.locator('#filter').inputValue()).toBe('');
    });
  });

  test('groups, whose headings open and close by click and key', async () => {
    await visit(async (page) => {
      await page.getByLabel('Group by').selectOption('account');
      expect(await rows(page)).toBe(3);
      expect(hashOf(page)).toBe('#group=account');
      const first = page.locator('.group-line').first();
      const inside = Number.parseInt((await first.locator('.l-count').textContent()) ?? '', 10);
      await first.click();
      expect(await rows(page)).toBe(3 + inside);
      await page.keyboard.press('Enter');
      expect(await rows(page)).toBe(3);
      for (const group of ['ou', 'region', 'service', 'rule', 'control', 'key']) {
        await page.getByLabel('Group by').selectOption(group);
        expect(await page.locator('.group-line').count(), group).toBeGreaterThan(0);
      }
    });
  });

  test('sorts', async () => {
    await visit(async (page) => {
      await page.getByLabel('Sort by').selectOption('name');
      const names = await page.locator('.lines .l-name b').allTextContents();
      expect(names.slice(0, 12)).toEqual(
        report.findings
          .map(({ name }) => name)
          .sort()
          .slice(0, 12),
      );
      expect(hashOf(page)).toBe('#sort=name');
    });
  });

  test('opens a finding by click, goes on by j and k, closes by Escape', async () => {
    await visit(async (page) => {
      await page.locator('.lines .line').nth(1).click();
      const panel = page.locator('.detail');
      const id = /open=(\w+)/.exec(hashOf(page))?.[1];
      const finding = report.findings.find((each) => each.id === id);
      for (const part of [
        finding?.message,
        finding?.expected,
        finding?.actual,
        finding?.resource,
        finding?.remediation?.text,
        finding?.remediation?.cli,
      ])
        expect((await panel.textContent())?.replaceAll(/\s+/g, ' ')).toContain(part?.replaceAll(/\s+/g, ' '));
      expect(await panel.textContent()).toContain('This page does not hold the answers about this resource.');
      await page.keyboard.press('j');
      expect(hashOf(page)).not.toContain(id);
      await page.keyboard.press('k');
      expect(hashOf(page)).toContain(id);
      await page.keyboard.press('Escape');
      expect(await panel.isVisible()).toBe(false);
      expect(hashOf(page)).toBe('');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      expect(await panel.isVisible()).toBe(true);
      await panel.getByRole('button', { name: 'Close' }).click();
      expect(await page.locator('.lines .line:focus').count()).toBe(1);
    });
  });

  test('copies what is to be copied', async () => {
    const finding = report.findings.find(({ rule, verdict }) => rule === 'rds/instance-encrypted' && verdict === 'fail');
    await visit(
      async (page) => {
        const pasted = (): Promise<string> => page.evaluate('navigator.clipboard.readText()');
        await page.getByRole('button', { name: 'Copy the AWS CLI text' }).click();
        await expect.poll(pasted).toBe(finding?.remediation?.cli);
        await page.getByRole('button', { name: 'Copy the Terraform text' }).click();
        await expect.poll(pasted).toBe(finding?.remediation?.terraform);
        await page.getByRole('button', { name: 'Copy link to this finding' }).click();
        await expect.poll(pasted).toBe(`${urlOf('full')}#open=${finding?.id ?? ''}`);
        expect(await page.getByRole('link', { name: 'AWS console' }).getAttribute('href')).toMatch(
          /^https:\/\/[a-z0-9-]+\.console\.aws\.amazon\.com\/rds\/home\?region=[a-z0-9-]+#database:id=/,
        );
      },
      `#f-${finding?.id ?? ''}`,
    );
  });

  test.each([
    ['#q=verdict:fail%20region:eu-*', ({ verdict, region }: Finding) => verdict === 'fail' && region.startsWith('eu-')],
    ['#verdict=fail&account=222222222222', ({ verdict, account }: Finding) => verdict === 'fail' && account === '222222222222'],
    ['#-verdict=fail&rule=s3/*', ({ verdict, rule }: Finding) => verdict !== 'fail' && rule.startsWith('s3/')],
    ['#g-s3__bucket-key', ({ rule }: Finding) => rule === 's3/bucket-key'],
    ['#control=cis-aws-7.0/3.6&service=kms', ({ kind }: Finding) => kind === 'kms.key'],
  ])('%s is a view', async (hash, holds) => {
    await visit(async (page) => {
      await expectCount(page, `${some(holds)} of 200 findings`);
      const link = page.url();
      await page.getByRole('button', { name: 'Copy link to this view' }).click();
      await page.goto('about:blank');
      await page.goto(link);
      await expectCount(page, `${some(holds)} of 200 findings`);
    }, hash);
  });

  test('a figure of the grid and a rule lead to the findings behind them', async () => {
    await visit(async (page) => {
      for (const figure of [page.locator('.grid td a').first(), page.locator('.grid a.unknown').last()]) {
        const wanted = Number.parseInt((await figure.textContent()) ?? '', 10);
        await figure.click();
        await expectCount(page, `${wanted} of 200 findings`);
      }
      const line = page.locator('#rules tr[id] th a').first();
      const rule = await line.textContent();
      await line.click();
      await expect.poll(() => page.locator('#filter').inputValue()).toBe(`rule:${String(rule)}`);
      await expectCount(page, `${some((each) => each.rule === rule)} of 200 findings`);
    });
  });

  test('hands out the filtered findings as CSV and as JSON', async () => {
    await visit(async (page) => {
      const wanted = report.findings.filter(({ rule, verdict }) => rule === 'key/usable' && verdict === 'fail');
      const csv = await saved(page, 'Export what is shown as CSV');
      expect(csv.startsWith('\ufeff"id","rule"')).toBe(true);
      expect(csv.trimEnd().split('\r\n')).toHaveLength(wanted.length + 1);
      expect(csv).toContain(`"${report.run.id}"`);
      const json = JSON.parse(await saved(page, 'Export what is shown as JSON')) as { findings: Finding[] };
      expect(json).toMatchObject({ run: report.run.id, query: 'rule:key/usable verdict:fail', count: wanted.length, total: 200 });
      expect(json).toMatchObject({ tool: report.tool, startedAt: report.run.startedAt, signedBy: null });
      expect(json).toMatchObject({ manifestSha256: null, verify: 'atrest evidence verify PACK' });
      const byId = (a: Finding, b: Finding): number => (a.id < b.id ? -1 : 1);
      expect(json.findings.toSorted(byId)).toEqual(wanted.toSorted(byId));
    }, '#q=rule:key/usable%20verdict:fail');
  });

  test('prints what the view shows, each finding in full', async () => {
    await visit(async (page) => {
      const wanted = report.findings.filter(({ severity, verdict }) => severity === 'low' && verdict === 'fail');
      await page.evaluate('dispatchEvent(new Event("beforeprint"))');
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.printed-finding').count()).toBe(wanted.length);
      const printed = await page.locator('.printed').innerText();
      expect(printed).toContain('Filter: verdict:fail severity:low. 5 findings.');
      for (const { message } of wanted) expect(printed).toContain(message);
      expect(await page.locator('.static').isVisible()).toBe(false);
      await page.evaluate('dispatchEvent(new Event("afterprint"))');
      expect(await page.locator('.printed-finding').count()).toBe(0);
    }, '#q=verdict:fail%20severity:low');
  });

  test('grouping, sorting, export and copying work by key as by click', async () => {
    await visit(async (page) => {
      await page.getByLabel('Group by').focus();
      await page.keyboard.press('ArrowDown');
      await expect.poll(() => hashOf(page)).toBe('#group=account');
      await page.keyboard.press('Home');
      await page.getByLabel('Sort by').focus();
      await page.keyboard.press('ArrowDown');
      await expect.poll(() => hashOf(page)).toBe('#sort=account');
      await page.getByRole('button', { name: 'Copy link to this view' }).press('Enter');
      await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe(page.url());
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Export what is shown as CSV' }).press('Enter'),
      ]);
      expect(download.suggestedFilename()).toBe(`findings-${report.run.id}.csv`);
      const more = page.locator('.more-values').first();
      const facet = page.locator('.facets details', { has: more });
      const before = await facet.locator('.value').count();
      await more.press('Space');
      expect(await page.locator('.facets .value').count()).toBeGreaterThan(before);
      expect(await page.locator('#count').getAttribute('role')).toBe('status');
    });
  });

  test('explains itself', async () => {
    await visit(async (page) => {
      await page.keyboard.press('?');
      expect(await page.getByRole('dialog').textContent()).toContain('severity:critical,high');
      await page.keyboard.press('Escape');
      expect(await page.getByRole('dialog').isVisible()).toBe(false);
    });
  });

  test('shows hostile names as text, in lines, facets, suggestions and the panel', async () => {
    await visit(
      async (page) => {
        for (let at = 0; at < 24; at += 1) {
          await page.keyboard.press('j');
          if (at === 0) await page.keyboard.press('Enter');
        }
        expect(await page.locator('.detail img, .detail script, .lines img').count()).toBe(0);
        for (const group of ['account', 'ou', 'kind', 'rule', 'control', 'key'])
          await page.getByLabel('Group by').selectOption(group);
        await page.keyboard.press('/');
        await page.keyboard.type('kind:');
        expect(await page.getByRole('option').count()).toBeGreaterThan(3);
        await page.keyboard.press('Escape');
        await page.keyboard.press('Escape');
        const json = JSON.parse(await saved(page, 'Export what is shown as JSON')) as { findings: Finding[] };
        const byId = (a: Finding, b: Finding): number => (a.id < b.id ? -1 : 1);
        expect(json.findings.toSorted(byId)).toEqual(JSON.parse(JSON.stringify(reports.hostile.findings.toSorted(byId))));
      },
      '',
      'hostile',
    );
  });
});
