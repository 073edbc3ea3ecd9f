/**
 * startup: how long `atrest --version` takes against bare `node -e 0`, as the median of runs that take turns, and how
 * long `atrest scan` takes to its first AWS call. The CLI is the built one, dist/main.js.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { estateEnvironment } from './estate-run.js';
import { measurement, median, type Benchmark } from './measurement.js';

const main = resolve('dist/main.js');
const versionRuns = 15;
const scanRuns = 7;

export const startupBenchmark: Benchmark = {
  name: 'startup',
  async run() {
    const bare: number[] = [];
    const version: number[] = [];
    const firstCall: number[] = [];
    // One of each to fill the file cache.
    await ended(['-e', '0']);
    await ended([main, '--version']);
    for (let i = 0; i < versionRuns; i += 1) {
      bare.push(await ended(['-e', '0']));
      version.push(await ended([main, '--version']));
      if (i < scanRuns) firstCall.push(await untilFirstCall());
    }
    const against = median(bare);
    const spread = (values: readonly number[]) =>
      `fastest ${Math.min(...values).toFixed(0)} ms against ${Math.min(...bare).toFixed(0)} ms`;
    return [
      measurement({
        name: 'atrest --version',
        value: median(version),
        unit: 'ms',
        against,
        wanted: { is: '<=', than: 2.5 },
        note: `node -e 0; ${spread(version)}`,
      }),
      measurement({
        name: 'atrest scan to its first call',
        value: median(firstCall),
        unit: 'ms',
        against,
        note: `node -e 0; ${spread(firstCall)}`,
      }),
    ];
  },
};

/** Milliseconds from start to end of a Node process that must succeed. */
async function ended(args: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const code = await new Promise<number | null>((settle, reject) => {
    child.on('error', reject).on('close', settle);
  });
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with exit code ${String(code)}`);
  return performance.now() - startedAt;
}

/** Milliseconds until a server on loopback sees the scan's first request; it gets no answer. */
async function untilFirstCall(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'atrest-bench-'));
  const server = createServer();
  try {
    await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
    const { port } = server.address() as AddressInfo;
    const environment = estateEnvironment(`http://127.0.0.1:${String(port)}`, 'AKIABENCHMARK0000000', 'bench');
    const called = new Promise<number>((settle) => server.once('request', () => settle(performance.now())));
    const startedAt = performance.now();
    const child = spawn(process.execPath, [main, 'scan', '--quiet', '--out', join(folder, 'run')], {
      stdio: 'ignore',
      env: { ...process.env, ...environment },
    });
    const gone = new Promise<never>((_, reject) => child.once('close', () => reject(new Error('the scan ended without a call'))));
    const at = await Promise.race([called, gone]);
    child.kill('SIGKILL');
    return at - startedAt;
  } finally {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  }
}
