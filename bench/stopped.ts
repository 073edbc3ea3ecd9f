/**
 * stopped: how long a scan takes from SIGTERM to its end, report written, when it has read 500,000 resources and one
 * cell still hangs. The CLI is the built one, dist/main.js, on all cores; the peak is that of its process, all its
 * threads. CPU seconds stand beside the time, because other work on the machine does not lengthen them as much.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createWorld, startEstate } from '#estate/index.js';
import { cellPath } from '#inventory/cell-file.js';
import { readRun, type RunDocument } from '#inventory/run-folder.js';
import { ReportHeader } from '#model/report.js';
import { estateEnvironment } from './estate-run.js';
import { measurement, type Benchmark } from './measurement.js';
import { ProcessFigures } from './process-figures.js';
import { inWorker } from './worker.js';

const main = resolve('dist/main.js');
const size = 500_000;
const wantedSeconds = 10;
const wantedMebibytes = 512;

export const stoppedBenchmark: Benchmark = {
  name: 'stopped',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'atrest-bench-'));
    try {
      const run = join(folder, 'run');
      const resources = await inWorker<number>('write-run-folder', { path: run, size });
      const { seconds, cpuSeconds, peakMebibytes, findings } = await endedBySignal(run);
      const at = `at ${resources.toLocaleString('en')}`;
      return [
        measurement({
          name: `SIGTERM to a whole report ${at}`,
          value: seconds,
          unit: 's',
          against: wantedSeconds,
          wanted: { is: '<=', than: 1 },
          note: `${cpuSeconds.toFixed(1)} s CPU, ${findings.toLocaleString('en')} fails; json and html`,
        }),
        measurement({
          name: `peak memory of the ended scan ${at}`,
          value: Math.round(peakMebibytes),
          unit: 'MiB',
          against: wantedMebibytes,
          wanted: { is: '<=', than: 1 },
          note: 'of its processes together',
        }),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Ended {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMebibytes: number;
  readonly findings: number;
}

async function endedBySignal(run: string): Promise<Ended> {
  const document = await readRun(run);
  const left = document.cells.findLast(({ service }) => service === 'rds');
  if (left === undefined) throw new Error('the run has no cell to leave out');
  for (const suffix of ['', '.edges']) await rm(cellPath(run, left, suffix));
  const estate = await startEstate(worldOf(document));
  try {
    const hung = estate.faults.add({ kind: 'hang', operation: 'rds:*' });
    const { accessKeyId, secretAccessKey } = estate.credentialsFor(document.accounts[0]?.id ?? '');
    const child = spawn(process.execPath, [main, 'scan', '--resume', run, '--quiet'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...estateEnvironment(estate.url, accessKeyId, secretAccessKey) },
    });
    const closed = once(child, 'close');
    const proc = new ProcessFigures(child.pid ?? 0);
    while (hung.hits === 0 && child.exitCode === null) await new Promise((settle) => setTimeout(settle, 50));
    proc.begin();
    const startedAt = performance.now();
    child.kill('SIGTERM');
    const [code] = (await proc.during(() => closed)) as [number | null];
    const seconds = (performance.now() - startedAt) / 1000;
    if (code !== 130) throw new Error(`the scan ended with exit code ${String(code)}`);
    const header = ReportHeader.parse(JSON.parse(await readFile(join(run, 'report.json'), 'utf8')));
    if (header.run.complete) throw new Error('the report of a run that was ended says that it is complete');
    const findings = Object.values(header.summary.byRule).reduce((sum, { fail }) => sum + fail, 0);
    return { seconds, cpuSeconds: proc.cpuSeconds, peakMebibytes: proc.peakMebibytes, findings };
  } finally {
    await estate.close();
  }
}

function worldOf({ accounts }: RunDocument) {
  const world = createWorld({ seed: 3 });
  for (const { id, regions } of accounts) world.addAccount(id, { regions: [...regions], roles: [{ name: 'AtrestAudit' }] });
  return world;
}
