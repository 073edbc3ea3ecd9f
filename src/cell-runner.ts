import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import type { Connection, ConnectionOptions } from '#aws/connection.js';
import { classify } from '#aws/failure.js';
import { crawlCell, type CellJob } from '#collect/crawl-cell.js';
import { serviceSpec, type Registry } from '#collect/registry.js';
import type { CellCoverage } from '#model/coverage.js';
import { receivedError, type FromWorker, type ToWorker, type WorkerSettings } from './cell-messages.js';

/** Cells at work at once in one process: enough that no cell waits for another's slowest chain. */
const cellsAtOnce = 48;
/** A process of its own pays from here on: the SDK takes half a second to load, and signs some 700 calls a second. */
const cellsAWorker = 100;

/** Crawls cells, here or elsewhere: neither the caller nor what is written can tell. */
export interface CellRunner {
  /** Rejects only when the cell's file cannot be written or the run is stopped. */
  crawl(job: CellJob): Promise<CellCoverage>;
  /** Ends what was started for the cells. */
  close(): void;
}

export interface RunnerSettings extends WorkerSettings {
  readonly registry: Registry;
  /** Undefined: as the cores and the number of cells suggest. */
  readonly workers: number | undefined;
  readonly cells: number;
}

/** In this process, or in as many others as there is work and cores for: one signs and parses only so many calls. */
export function cellRunner(settings: RunnerSettings, connection: Connection): CellRunner {
  const count = crawlProcesses(settings);
  return count > 1 ? new WorkerRunner(count, settings, connection) : localRunner(settings, connection);
}

/** How many processes crawl. */
export function crawlProcesses({
  registry,
  plugins,
  workers,
  cells,
}: Pick<RunnerSettings, 'registry' | 'plugins' | 'workers' | 'cells'>): number {
  // What a caller of the library made by hand cannot be loaded again elsewhere.
  const loadable = registry.added.length === 0 || plugins.length > 0;
  const count = loadable ? (workers ?? Math.min(availableParallelism(), Math.floor(cells / cellsAWorker))) : 1;
  return Math.max(1, Math.min(count, cells));
}

function localRunner({ run, registry }: RunnerSettings, connection: Connection): CellRunner {
  const limit = pLimit(cellsAtOnce);
  return {
    crawl: (job) => limit(() => crawlCell(job, serviceSpec(registry, job.service), connection, run)),
    close: () => undefined,
  };
}

/** What a worker is told of a connection that cannot be sent. */
export function sentConnection({ signal: _signal, ...options }: ConnectionOptions): WorkerSettings['connection'] {
  return options;
}

class WorkerRunner implements CellRunner {
  readonly #workers: readonly Worker[];
  readonly #limit;
  readonly #byAccount: boolean;
  readonly #signal: AbortSignal;
  readonly #stop = () => {
    for (const worker of this.#workers) worker.stop();
  };

  constructor(count: number, { run, plugins, connection: options }: RunnerSettings, connection: Connection) {
    this.#limit = pLimit(count * cellsAtOnce);
    // One limiter holds all calls of an account to a rate, so one process makes them.
    this.#byAccount = options.maxRps !== undefined;
    this.#workers = Array.from({ length: count }, () => new Worker({ run, plugins, connection: options }, connection));
    this.#signal = connection.signal;
    this.#signal.addEventListener('abort', this.#stop, { once: true });
  }

  crawl(job: CellJob): Promise<CellCoverage> {
    return this.#limit(async () => {
      this.#signal.throwIfAborted();
      try {
        return await this.#workerFor(job).crawl(job);
      } catch (error) {
        this.#signal.throwIfAborted();
        throw error;
      }
    });
  }

  #workerFor({ account }: CellJob): Worker {
    const [first, ...others] = this.#workers;
    if (first === undefined) throw new Error('There is no worker');
    if (this.#byAccount) return this.#workers[Number(BigInt(account) % BigInt(this.#workers.length))] ?? first;
    return others.reduce((idlest, worker) => (worker.busy < idlest.busy ? worker : idlest), first);
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#stop);
    for (const worker of this.#workers) worker.close();
  }
}

interface Crawling {
  readonly job: CellJob;
  readonly resolve: (coverage: CellCoverage) => void;
  readonly reject: (error: Error) => void;
}

/** One other process, seen from here. */
class Worker {
  readonly #process: ChildProcess;
  readonly #connection: Connection;
  readonly #crawling = new Map<number, Crawling>();
  #sent = 0;
  #ended: Error | undefined;

  constructor(settings: WorkerSettings, connection: Connection) {
    this.#connection = connection;
    // Entry points stand beside the folder of the chunks.
    const script = new URL(import.meta.url.includes('/chunks/') ? '../cell-worker.js' : './cell-worker.js', import.meta.url);
    // stdout carries data only, and that is not a worker's to write.
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
    this.#process = fork(fileURLToPath(script), [], { stdio: [...stdio], serialization: 'advanced' });
    this.#process.on('message', (message: FromWorker) => {
      this.#take(message);
    });
    this.#process.on('error', (error) => {
      this.#end(error);
    });
    this.#process.on('exit', (code, signal) => {
      this.#end(new Error(`A crawling process ended: ${signal ?? `exit code ${String(code)}`}`));
    });
    this.#send({ is: 'settings', settings });
  }

  get busy(): number {
    return this.#crawling.size;
  }

  crawl(job: CellJob): Promise<CellCoverage> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#sent += 1;
      const { credentials: _credentials, ...sent } = job;
      this.#crawling.set(this.#sent, { job, resolve, reject });
      this.#send({ is: 'cell', id: this.#sent, job: sent });
    });
  }

  stop(): void {
    this.#send({ is: 'stop' });
  }

  close(): void {
    if (this.#process.connected) this.#process.disconnect();
  }

  #send(message: ToWorker): void {
    // One that is gone says so by its exit.
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }

  #take(message: FromWorker): void {
    switch (message.is) {
      case 'calls':
        this.#connection.stats.calls += message.calls;
        this.#connection.stats.throttles += message.throttles;
        return;
      case 'silent':
        this.#connection.breaker.addSilent(message.services);
        return;
      case 'credentials':
        void this.#lend(message);
        return;
      case 'crawled':
        this.#crawling.get(message.id)?.resolve(message.coverage);
        this.#crawling.delete(message.id);
        return;
      case 'failed':
        this.#crawling.get(message.id)?.reject(receivedError(message.error));
        this.#crawling.delete(message.id);
    }
  }

  /** Roles are assumed here, once for all processes. */
  async #lend({ id, account }: Extract<FromWorker, { is: 'credentials' }>): Promise<void> {
    try {
      const crawling = [...this.#crawling.values()].find(({ job }) => job.account === account);
      if (crawling === undefined) return;
      this.#send({ is: 'credentials', id, credentials: await crawling.job.credentials() });
    } catch (error) {
      this.#send({
        is: 'no-credentials',
        id,
        message: error instanceof Error ? error.message : String(error),
        failure: classify(error),
      });
    }
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#crawling.values()) reject(this.#ended);
    this.#crawling.clear();
  }
}
