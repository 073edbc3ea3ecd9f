// npm run screenshot: the README's picture, from the demo's report.
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { findProgram } from './programs.mjs';
import { ensureBuilt, root, run, say } from './up-to-date.mjs';

const executablePath = process.env.CHROMIUM ?? findProgram(['chromium', 'chromium-browser', 'google-chrome']);
if (executablePath === undefined) {
  say('Chromium is needed: install it, or name it in CHROMIUM');
  process.exit(2);
}
await ensureBuilt();
const folder = await mkdtemp(join(tmpdir(), 'atrest-screenshot-'));
try {
  const out = join(folder, 'demo');
  const env = { ...process.env, ATREST_NOW: '2026-11-23T03:00:00Z' };
  await run(process.execPath, [join(root, 'dist/main.js'), 'demo', '--quiet', '--out', out], { env });
  const browser = await chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(pathToFileURL(join(out, 'report.html')).href);
  await mkdir(join(root, 'docs/images'), { recursive: true });
  await page.screenshot({ path: join(root, 'docs/images/report.png') });
  await browser.close();
  say('docs/images/report.png');
} finally {
  await rm(folder, { recursive: true, force: true });
}
