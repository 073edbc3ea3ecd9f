import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const executablePath = process.env['ATREST_CHROMIUM'] ?? '/usr/bin/chromium';

/** Why the suite cannot run here; undefined when it can. In CI a missing browser is a failure, not a reason. */
export const whyNoBrowser: string | undefined =
  existsSync(executablePath) || process.env['CI'] === 'true'
    ? undefined
    : `no chromium at ${executablePath}: set ATREST_CHROMIUM to its path to run the browser suite`;

/** A headless browser that starts nothing of its own on the network. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-default-apps',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

/** A page and what went wrong or over the network in it. */
export interface Watched {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Opens a file as a reader would, and watches it. */
export async function open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  await page.goto(url);
  // What the page keeps for its script is in its place.
  if (options.javaScriptEnabled !== false) await page.locator('#later').waitFor({ state: 'detached' });
  return { page, requests, complaints, close: () => context.close() };
}

/** Uses a report as a reader would: it asks nothing of the network, and complains of nothing. */
export async function visit(
  browser: Browser,
  { file, hash = '', options = {} }: { readonly file: string; readonly hash?: string; readonly options?: BrowserContextOptions },
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const url = pathToFileURL(file).href;
  const { page, requests, complaints, close } = await open(browser, url + hash, options);
  try {
    await use(page);
    expect(requests.filter((each) => !each.startsWith('data:'))).toEqual([url]);
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
}
