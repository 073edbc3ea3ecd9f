import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { html } from '#reports/html/render.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { keyedReport } from '../support/report-keys.js';
import { rendered, sourceOf } from '../support/report-parts.js';
import { hostileReport } from '../support/report-variants.js';
import { Firefox, whyNoFirefox } from './firefox.js';

if (whyNoFirefox !== undefined) console.warn(`Firefox left out: ${whyNoFirefox}`);

describe.skipIf(whyNoFirefox !== undefined)('the page in Firefox', () => {
  let firefox: Firefox;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'atrest-report-'));
    firefox = await Firefox.launch();
  });
  afterAll(async () => {
    await firefox.close();
    rmSync(folder, { recursive: true });
  });

  test.each([
    ['keyed', keyedReport()],
    ['hostile', hostileReport(hostileTexts)],
  ] as const)('a %s report opens from a file, shows its rows, filters them, and complains of nothing', async (name, report) => {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, await rendered(html.render(sourceOf(report))));
    const url = pathToFileURL(file).href;
    await firefox.open(url);
    const lines = 'document.querySelectorAll(".lines .line").length';
    await expect.poll(() => firefox.evaluate<number>(lines), { timeout: 20_000 }).toBeGreaterThan(0);
    expect(await firefox.evaluate('document.documentElement.className')).toContain('live');
    await firefox.type('.explorer input', 'no-finding-has-this-word');
    await expect.poll(() => firefox.evaluate<number>(lines), { timeout: 20_000 }).toBe(0);
    expect(await firefox.evaluate('typeof globalThis.pwned')).toBe('undefined');
    expect(await firefox.complaints(url)).toEqual([]);
  });

  test('what a page does wrong would be seen', async () => {
    const file = join(folder, 'wrong.html');
    writeFileSync(file, '<!DOCTYPE html><script>throw new Error("seen by the suite")</script>');
    const url = pathToFileURL(file).href;
    await firefox.open(url);
    expect((await firefox.complaints(url)).join()).toContain('seen by the suite');
  });
});
