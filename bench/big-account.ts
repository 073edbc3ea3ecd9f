/**
 * big-account: peak memory of a scan of one account with 1,000,000 snapshots, 200,000 volumes, 20,000 keys and 10,000
 * buckets: crawl, evaluation and reports. The estate is another process, which makes its answers up as it is asked. The
 * CLI is the built one, dist/main.js; its memory is that of its processes together, and of the largest of them.
 * A part of the size, say a tenth: node node_modules/.cache/atrest/bench/run.js --worker big-account '{"share":0.1}'
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createWorld, type World } from '#estate/index.js';
import { ReportHeader } from '#model/report.js';
import { startEstateWorker } from './estate-process.js';
import { estateEnvironment } from './estate-run.js';
import { measurement, type Benchmark } from './measurement.js';
import { ProcessFigures } from './process-figures.js';
import { inWorker } from './worker.js';

const main = resolve('dist/main.js');
const wantedMebibytes = 512;
const account = '111111111111';
const counts = { 'ebs.snapshot': 1_000_000, 'ebs.volume': 200_000, 'kms.key': 20_000, 's3.bucket': 10_000 } as const;

export interface BigAccount {
  /** Of the size. */
  readonly share: number;
}

interface Scanned {
  readonly resources: number;
  readonly fails: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMebibytes: number;
  readonly largestMebibytes: number;
}

export const bigAccountBenchmark: Benchmark = {
  name: 'big-account',
  async run() {
    const scanned = await inWorker<Scanned>('big-account', { share: 1 } satisfies BigAccount);
    const { resources, fails, seconds, cpuSeconds, peakMebibytes, largestMebibytes } = scanned;
    return [
      measurement({
        name: `peak memory of a scan of ${resources.toLocaleString('en')} in one account`,
        value: Math.round(peakMebibytes),
        unit: 'MiB',
        against: wantedMebibytes,
        wanted: { is: '<=', than: 1 },
        note: `its processes together; the largest ${largestMebibytes.toFixed(0)} MiB; ${seconds.toFixed(0)} s, ${cpuSeconds.toFixed(0)} s CPU, ${fails.toLocaleString('en')} fails`,
      }),
    ];
  },
};

export async function bigAccountWorker({ share }: BigAccount): Promise<Scanned> {
  const estate = await startEstateWorker({ latencyMs: 0, quotas: false, bigAccount: share });
  const folder = await mkdtemp(join(tmpdir(), 'atrest-bench-'));
  try {
    const { accessKeyId, secretAccessKey } = estate.credentials;
    const startedAt = performance.now();
    const out = join(folder, 'run');
    const args = ['scan', '--out', out, '--region', 'us-east-1', '--fail-on', 'never'];
    const child = spawn(process.execPath, [main, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...estateEnvironment(estate.url, accessKeyId, secretAccessKey) },
    });
    const figures = new ProcessFigures(child.pid ?? 0);
    const [code] = (await figures.during(() => once(child, 'close'))) as [number | null];
    if (code !== 0) throw new Error(`the scan ended with exit code ${String(code)}`);
    const { summary } = ReportHeader.parse(JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')));
    const { cpuSeconds, peakMebibytes, largestMebibytes } = figures;
    const fails = Object.values(summary.byRule).reduce((sum, { fail }) => sum + fail, 0);
    const seconds = (performance.now() - startedAt) / 1000;
    return { resources: summary.resources, fails, seconds, cpuSeconds, peakMebibytes, largestMebibytes };
  } finally {
    await estate.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

export function bigAccountWorld(share: number): World {
  const world = createWorld({ seed: 5 }).addAccount(account, { regions: ['us-east-1'] });
  const scaled = Object.entries(counts).map(([kind, count]) => [kind, Math.round(count * share)] as const);
  return world.generate(account, 'us-east-1', Object.fromEntries(scaled));
}
