/**
 * html: the HTML report in headless Chromium, small and large: its size, what it takes to write it, and what its reader
 * waits for. Chromium is found as the browser suite finds it (CHROMIUM, else /usr/bin/chromium).
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { html } from '#reports/html/render.js';
import { sourceOf } from './formats.js';
import { measurement, median, type Benchmark, type Measurement } from './measurement.js';
import { inWorker } from './worker.js';

interface Written {
  readonly seconds: number;
  readonly peakMebibytes: number;
}

interface Seen {
  readonly firstRows: number;
  readonly filter: number;
  readonly heap: number;
}

export const htmlBenchmark: Benchmark = {
  name: 'html',
  async run() {
    const { chromium } = await import('playwright-core');
    const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
    const folder = await mkdtemp(join(tmpdir(), 'atrest-bench-'));
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
    try {
      return [...(await measured(browser, folder, 1000, 400_000)), ...(await measured(browser, folder, 100_000, 8_000_000))];
    } finally {
      await browser.close();
      await rm(folder, { recursive: true });
    }
  },
};

/** Writes a report; memory and time are those of a process of its own. */
export async function htmlWorker({ count, file }: { count: number; file: string }): Promise<Written> {
  const source = await sourceOf(count);
  const startedAt = performance.now();
  await pipeline(Readable.from(html.render(source)), createWriteStream(file));
  return { seconds: (performance.now() - startedAt) / 1000, peakMebibytes: process.resourceUsage().maxRSS / 1024 };
}

async function measured(browser: Browser, folder: string, count: number, wantedBytes: number): Promise<Measurement[]> {
  const file = join(folder, `${count}.html`);
  const { seconds, peakMebibytes } = await inWorker<Written>('html', { count, file });
  const { size } = await stat(file);
  const seen = await opened(browser, pathToFileURL(file).href);
  const one = (what: string, value: number, unit: string, against: number, note: string) =>
    measurement({
      name: `${count.toLocaleString('en')} findings: ${what}`,
      value,
      unit,
      against,
      wanted: { is: '<=', than: 1 },
      note,
    });
  return [
    one('size', size / 1e6, 'MB', wantedBytes / 1e6, 'report.html'),
    one('written in', seconds, 's', 10, 'findings made as they are read'),
    one('peak memory', Math.round(peakMebibytes), 'MiB', 400, 'maxRSS of the process that writes'),
    one('first rows', seen.firstRows, 's', 1.5, 'from the start of the navigation to the first line of the list; median of 3'),
    one('filter', seen.filter, 'ms', 150, 'the slowest of several queries, to the laid out list; median of 3'),
    one('heap', seen.heap, 'MB', 150, 'of the page after a collection, filtered and grouped once'),
  ];
}

async function opened(browser: Browser, url: string): Promise<Seen> {
  const runs: Seen[] = [];
  for (let run = 0; run < 3; run += 1) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.addInitScript(`(() => {
      const look = () => {
        if (document.querySelector('.lines .line')) globalThis.firstRows = performance.now();
        else requestAnimationFrame(look);
      };
      look();
    })()`);
    await page.goto(url);
    await page.waitForFunction('globalThis.firstRows');
    const firstRows = (await page.evaluate<number>('globalThis.firstRows')) / 1000;
    const filter = await page.evaluate<number>(`(() => {
      const input = document.getElementById('filter');
      const took = (query) => {
        input.value = query;
        const from = performance.now();
        input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
        document.querySelector('.lines').getBoundingClientRect();
        return performance.now() - from;
      };
      return Math.max(...['orders', 'verdict:fail severity:high', 'rule:s3/*', 'vol-0a', 'encrypted -account:account-1*', ''].map(took));
    })()`);
    await page.getByLabel('Group by').selectOption('rule');
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    await session.send('Performance.enable');
    const { metrics } = await session.send('Performance.getMetrics');
    const heap = (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN) / 1e6;
    runs.push({ firstRows, filter, heap });
    await page.close();
  }
  const of = (name: keyof Seen) => median(runs.map((run) => run[name]));
  return { firstRows: of('firstRows'), filter: of('filter'), heap: of('heap') };
}
