/**
 * organisation: the crawl of many accounts in seventeen regions each, by as many processes as there are cores, on an
 * estate that enforces the published quotas and answers after 60 ms. Held against the larger of two terms:
 *   quota   over operations with a published quota, in one account and region, at the share that a scan takes
 *   CPU     what the bare SDK takes for these calls and items, and the estate for answering them, over all cores: they
 *           run on the same ones
 * The ratio should be the same for ten accounts and for two hundred.
 */
import { availableParallelism } from 'node:os';
import { readRun } from '#inventory/run-folder.js';
import { cpuTerm, quotaTerm } from '#plan/bound.js';
import { plannedRun } from '#plan/from-inventory.js';
import { throttledCalls } from './crawl.js';
import { startEstateWorker } from './estate-process.js';
import { scanEstate, useEstate } from './estate-run.js';
import { measurement, type Benchmark, type Measurement } from './measurement.js';
import { ProcessFigures } from './process-figures.js';
import { sdkCosts } from './sdk-costs.js';
import { inWorker } from './worker.js';

const sizes = [10, 20, 50, 100, 200];
/** Whose memory is compared. */
const [few, many] = [20, 200];
const latencyMs = 60;

interface Crawled {
  readonly seconds: number;
  readonly calls: number;
  readonly throttled: number;
  readonly quota: number;
  readonly cpu: number;
  readonly estateCpu: number;
  /** Of the scan's processes together. */
  readonly peakMebibytes: number;
}

export const organisationBenchmark: Benchmark = {
  name: 'organisation',
  async run() {
    const measured: Measurement[] = [];
    const peaks = new Map<number, number>();
    for (const accounts of sizes) {
      const crawled = await inWorker<Crawled>('organisation', { accounts });
      measured.push(crawlOf(accounts, crawled));
      peaks.set(accounts, crawled.peakMebibytes);
    }
    measured.push(
      measurement({
        name: `peak memory of ${String(many)} accounts against ${String(few)}`,
        value: Math.round(peaks.get(many) ?? Number.NaN),
        unit: 'MiB',
        against: Math.round(peaks.get(few) ?? Number.NaN),
        wanted: { is: '<=', than: 1.2 },
        note: 'crawl and evaluation, its processes together',
      }),
    );
    return measured;
  },
};

function crawlOf(accounts: number, { seconds, calls, throttled, quota, cpu, estateCpu, peakMebibytes }: Crawled): Measurement {
  const cores = availableParallelism();
  const bound = Math.max(quota, (cpu + estateCpu) / cores);
  return measurement({
    name: `crawl of ${String(accounts)} accounts against its lower bound`,
    value: seconds,
    unit: 's',
    against: bound,
    wanted: { is: '<=', than: 1.25 },
    note: `quota ${quota.toFixed(1)} s, SDK ${cpu.toFixed(1)} s and estate ${estateCpu.toFixed(1)} s of CPU on ${String(cores)} cores; ${String(calls)} calls, ${String(throttled)} throttled; ${peakMebibytes.toFixed(0)} MiB`,
  });
}

/** Crawls in this process and its workers; the estate is another one. */
export async function organisationWorker({ accounts }: { accounts: number }): Promise<Crawled> {
  const fast = await startEstateWorker({ latencyMs: 0, quotas: false, accounts: 1 });
  const costs = await sdkCosts(fast.accounts[0] ?? '', 'ap-northeast-1', fast);
  await fast.stop();
  const estate = await startEstateWorker({ latencyMs, quotas: true, accounts });
  useEstate(estate.url, estate.credentials);
  const figures = new ProcessFigures(process.pid, estate.pid);
  let stopped = false;
  try {
    const scanned = () =>
      scanEstate(estate.accounts, async (run, { crawlSeconds }) => {
        const { peakMebibytes } = figures;
        const { calls: plan, chains } = await plannedRun(run);
        const calls = [...plan.values()].reduce((sum, count) => sum + count, 0);
        const terms = { quota: quotaTerm(plan, { unpublished: false }).seconds, cpu: cpuTerm(plan, chains, costs).seconds };
        if ((await readRun(run)).accounts.length !== accounts) throw new Error('an account is missing');
        return { seconds: crawlSeconds, calls, throttled: await throttledCalls(run), ...terms, peakMebibytes };
      });
    const crawled = await figures.during(scanned);
    stopped = true;
    return { ...crawled, estateCpu: await estate.stop() };
  } finally {
    if (!stopped) await estate.stop();
  }
}
