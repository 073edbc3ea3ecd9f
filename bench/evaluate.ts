/**
 * evaluate: how fast a stored run is judged by all rules: reading the run folder, joining, judging, writing findings,
 * coverage, summary and manifest; reports apart. Resources a second and core are resources by CPU seconds (user and
 * system, all threads), which other work on the machine disturbs least. One fresh process per size, so that its peak
 * memory is that of the evaluation.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeRunFolder } from './inventory/run-folder.js';
import { measurement, type Benchmark, type Measurement } from './measurement.js';
import { inWorker } from './worker.js';

const sizes = [10_000, 100_000, 1_000_000];
const wantedRate = 100_000;
const wantedMebibytes = 512;

interface Cost {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMebibytes: number;
  readonly findings: number;
}

export const evaluateBenchmark: Benchmark = {
  name: 'evaluate',
  async run() {
    const measured: Measurement[] = [];
    for (const size of sizes) measured.push(...(await evaluateOf(size)));
    return measured;
  },
};

async function evaluateOf(size: number): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'atrest-bench-'));
  try {
    const run = join(folder, 'run');
    const resources = await inWorker<number>('write-run-folder', { path: run, size });
    const cost = await inWorker<Cost>('evaluate', { run, out: join(folder, 'out') });
    const { cpuSeconds, wallSeconds, peakMebibytes, findings } = cost;
    const at = `at ${resources.toLocaleString('en')}`;
    const wall = Math.round(resources / wallSeconds).toLocaleString('en');
    const largest = size === sizes.at(-1);
    return [
      measurement({
        name: `evaluation ${at}`,
        value: Math.round(resources / cpuSeconds),
        unit: 'resources/s/core',
        against: wantedRate,
        ...(largest ? { wanted: { is: '>=', than: 1 } } : {}),
        note: `${cpuSeconds.toFixed(2)} s CPU, ${wallSeconds.toFixed(2)} s wall (${wall}/s), ${findings.toLocaleString('en')} fails`,
      }),
      measurement({
        name: `peak memory ${at}`,
        value: Math.round(peakMebibytes),
        unit: 'MiB',
        against: wantedMebibytes,
        wanted: { is: '<=', than: 1 },
        note: 'maxRSS of the process',
      }),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function writeRunFolderWorker({ path, size }: { path: string; size: number }): Promise<number> {
  return writeRunFolder(path, size);
}

export async function evaluateWorker({ run, out }: { run: string; out: string }): Promise<Cost> {
  const { evaluate, catalogue } = await import('#index.js');
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const { header } = await evaluate({
    catalogue,
    run,
    out,
    baseline: undefined,
    frameworks: undefined,
    ruleGlobs: undefined,
    formats: [],
    failOn: 'never',
    allowIncomplete: false,
    includePass: false,
    explain: false,
    now: undefined,
  });
  const { user, system } = process.cpuUsage(before);
  return {
    cpuSeconds: (user + system) / 1e6,
    wallSeconds: (performance.now() - startedAt) / 1000,
    peakMebibytes: process.resourceUsage().maxRSS / 1024,
    findings: Object.values(header.summary.byRule).reduce((sum, { fail }) => sum + fail, 0),
  };
}
