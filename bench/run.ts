/**
 * npm run bench [-- NAME…] [-- --json]: runs the benchmarks and prints what they measured against what it is held
 * against. Exit code 1 when a ratio is not as wanted. Facts about the machine go to stderr.
 */
import { availableParallelism, cpus, totalmem } from 'node:os';
import { boundHeap } from '#heap.js';
import type { Benchmark, Measurement } from './measurement.js';
import { table } from './table.js';
import { workerCall, type Worker } from './worker.js';

const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  'big-account': async () => (await import('./big-account.js')).bigAccountBenchmark,
  calls: async () => (await import('./calls.js')).callsBenchmark,
  crawl: async () => (await import('./crawl.js')).crawlBenchmark,
  evaluate: async () => (await import('./evaluate.js')).evaluateBenchmark,
  evidence: async () => (await import('./evidence.js')).evidenceBenchmark,
  formats: async () => (await import('./formats.js')).formatsBenchmark,
  html: async () => (await import('./html.js')).htmlBenchmark,
  organisation: async () => (await import('./organisation.js')).organisationBenchmark,
  rules: async () => (await import('./rules.js')).rulesBenchmark,
  stopped: async () => (await import('./stopped.js')).stoppedBenchmark,
  startup: async () => (await import('./startup.js')).startupBenchmark,
};

/** What runs in a process of its own. */
const workers: Readonly<Record<string, () => Promise<Worker>>> = {
  'big-account': async () => (await import('./big-account.js')).bigAccountWorker,
  estate: async () => (await import('./crawl.js')).estateWorker,
  crawl: async () => (await import('./crawl.js')).crawlWorker,
  'write-run-folder': async () => (await import('./evaluate.js')).writeRunFolderWorker,
  evaluate: async () => (await import('./evaluate.js')).evaluateWorker,
  evidence: async () => (await import('./evidence.js')).evidenceWorker,
  format: async () => (await import('./formats.js')).formatWorker,
  html: async () => (await import('./html.js')).htmlWorker,
  organisation: async () => (await import('./organisation.js')).organisationWorker,
  rules: async () => (await import('./rules.js')).rulesWorker,
};

// The SDK's notice about Node versions is not ours to show.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

// As the command line has it.
boundHeap();

const args = process.argv.slice(2);
const call = workerCall(args);
if (call === undefined) process.exitCode = await main(args);
else process.stdout.write(JSON.stringify(await (await workers[call.name]?.())?.(call.input as never)));

async function main(names: readonly string[]): Promise<number> {
  const json = names.includes('--json');
  const wanted = names.filter((name) => name !== '--json');
  const unknown = wanted.filter((name) => !Object.hasOwn(benchmarks, name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no benchmark ${unknown.join(', ')}; there are: ${Object.keys(benchmarks).join(', ')}\n`);
    return 2;
  }
  process.stderr.write(
    `Node ${process.version}, ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(1)} GiB\n`,
  );
  const measured: Measurement[] = [];
  for (const [name, load] of Object.entries(benchmarks)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    measured.push(...(await (await load()).run()));
  }
  process.stdout.write(json ? `${JSON.stringify(measured, null, 2)}\n` : table(measured));
  return measured.every(({ ok }) => ok) ? 0 : 1;
}
