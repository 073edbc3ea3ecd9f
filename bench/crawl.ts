/**
 * crawl: how long a crawl takes against the least time it could take, on an estate that enforces the published quotas
 * and answers after 60 ms. The bound is the largest of three terms:
 *   quota   over operations with a published quota, in one account and region: max(0, calls - burst) / rate, both at
 *           the share of the quota that a scan takes
 *   paging  over list chains: pages x latency, since each page names the next
 *   CPU     what the SDK alone costs for these calls and items in one process, measured beforehand with the bare SDK
 * Estate and crawl run in processes of their own.
 */
import { once } from 'node:events';
import { readCell, cellPath } from '#inventory/cell-file.js';
import { readRun } from '#inventory/run-folder.js';
import { createWorld, organisationWorld, startEstate, type World } from '#estate/index.js';
import { cpuTerm, pagingTerm, quotaTerm, type Term } from '#plan/bound.js';
import { plannedRun } from '#plan/from-inventory.js';
import { bigAccountWorld } from './big-account.js';
import { startEstateWorker, type EstateSettings } from './estate-process.js';
import { scanEstate, useEstate } from './estate-run.js';
import { measurement, type Benchmark } from './measurement.js';
import { sdkCosts } from './sdk-costs.js';
import { inWorker } from './worker.js';

const accounts = ['111111111111', '222222222222'];
const regions = ['eu-west-1', 'us-east-1'];
const latencyMs = 60;

export const crawlBenchmark: Benchmark = {
  name: 'crawl',
  async run() {
    const { crawlSeconds, crawlCpuSeconds, calls, throttled, terms } = await inWorker<CrawlResult>('crawl', null);
    const { quota, paging, cpu } = terms;
    const [slowest] = [
      { name: 'quota', seconds: quota.seconds },
      { name: 'paging', seconds: paging.seconds },
      { name: 'CPU', seconds: cpu },
    ].sort((a, b) => b.seconds - a.seconds);
    const seconds = (value: number) => `${value.toFixed(1)} s`;
    return [
      measurement({
        name: 'crawl against its lower bound',
        value: crawlSeconds,
        unit: 's',
        against: slowest?.seconds ?? Number.NaN,
        note: `bound by ${slowest?.name ?? ''}: quota ${seconds(quota.seconds)} (${quota.at}), paging ${seconds(paging.seconds)} (${paging.at}), CPU ${seconds(cpu)}; ${String(calls)} calls, ${String(throttled)} throttled`,
      }),
      measurement({
        name: 'CPU of the crawl against the bare SDK',
        value: crawlCpuSeconds,
        unit: 's',
        against: cpu,
        note: `${((crawlCpuSeconds / calls) * 1000).toFixed(2)} ms a call, SDK loading included`,
      }),
    ];
  },
};

interface CrawlResult {
  readonly crawlSeconds: number;
  readonly crawlCpuSeconds: number;
  readonly calls: number;
  readonly throttled: number;
  readonly terms: { readonly quota: Term; readonly paging: Term; readonly cpu: number };
}

/** Crawls in this process; the estates are other ones. */
export async function crawlWorker(): Promise<CrawlResult> {
  const fast = await startEstateWorker({ latencyMs: 0, quotas: false });
  const costs = await sdkCosts(accounts[0] ?? '', regions[1] ?? '', fast);
  await fast.stop();
  const estate = await startEstateWorker({ latencyMs, quotas: true });
  try {
    useEstate(estate.url, estate.credentials);
    return await scanEstate(accounts, async (run, { crawlSeconds, crawlCpuSeconds }) => {
      const { calls: plan, chains } = await plannedRun(run);
      const calls = [...plan.values()].reduce((sum, count) => sum + count, 0);
      const terms = {
        quota: quotaTerm(plan, { unpublished: false }),
        paging: pagingTerm(chains, latencyMs),
        cpu: cpuTerm(plan, chains, costs).seconds,
      };
      return { crawlSeconds, crawlCpuSeconds, calls, throttled: await throttledCalls(run), terms };
    });
  } finally {
    await estate.stop();
  }
}

/** Calls that needed more than one attempt. */
export async function throttledCalls(run: string): Promise<number> {
  let throttled = 0;
  for (const cell of (await readRun(run)).cells) {
    const parts = readCell(cellPath(run, cell), ({ attempts }) => {
      if (attempts > 1) throttled += 1;
    });
    while ((await parts.next()).done !== true);
  }
  return throttled;
}

/** Serves until stdin is closed. */
export async function estateWorker(options: EstateSettings): Promise<null> {
  const { accounts: size, bigAccount, ...settings } = options;
  const small = size === undefined ? world : () => organisationWorld({ accounts: size });
  const served = bigAccount === undefined ? small() : bigAccountWorld(bigAccount);
  const estate = await startEstate(served, { ...settings, logLimit: 0 });
  const all = served.accounts();
  process.stdout.write(
    `${JSON.stringify({ url: estate.url, credentials: estate.credentialsFor(all[0] ?? ''), accounts: all })}\n`,
  );
  process.stdin.resume();
  const before = process.cpuUsage();
  await once(process.stdin, 'end');
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(`${JSON.stringify((user + system) / 1e6)}\n`);
  await estate.close();
  return null;
}

/** Long chains, some thousand calls per resource, and one operation that its quota holds up. */
function world(): World {
  const made = createWorld({ seed: 11 });
  for (const account of accounts) made.addAccount(account, { regions, roles: [{ name: 'AtrestAudit' }] });
  made.addAccount('999999999999', { regions, member: false });
  for (const account of accounts) {
    made.generate(account, 'us-east-1', {
      'kms.key': 700,
      's3.bucket': 150,
      'ebs.volume': 4000,
      'ebs.snapshot': 6000,
      'rds.instance': 200,
      'rds.snapshot': 600,
    });
    made.generate(account, 'eu-west-1', { 'kms.key': 100, 's3.bucket': 20, 'ebs.volume': 300, 'ebs.snapshot': 600 });
    made.set(account, 'eu-west-1', { snapshotBlockPublicAccess: 'block-all-sharing' });
  }
  return made;
}
