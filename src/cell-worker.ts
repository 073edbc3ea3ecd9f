/** A process that crawls cells which another one hands to it, with credentials that it asks that one for. */
import { Connection, type CredentialProvider, type Credentials } from '#aws/connection.js';
import { refreshing } from '#aws/identity.js';
import { crawlCell } from '#collect/crawl-cell.js';
import { registryOf, serviceSpec, type Registry } from '#collect/registry.js';
import { withPlugins } from '#plugins/load.js';
import { sentError, type FromWorker, type ToWorker, type WorkerSettings } from './cell-messages.js';
import { boundHeap } from './heap.js';
import { catalogue } from './index.js';

/** How often the calls are told that were made meanwhile. */
const tellEveryMs = 250;

interface Started {
  readonly run: string;
  readonly stop: AbortController;
  readonly connection: Connection;
  readonly registry: Registry;
}

interface Waiting {
  readonly resolve: (credentials: Credentials) => void;
  readonly reject: (error: Error) => void;
}

class CellWorker {
  readonly #stop: AbortController;
  readonly #waiting = new Map<number, Waiting>();
  /** By account: its cells share them, as they do in one process. */
  readonly #providers = new Map<string, CredentialProvider>();
  readonly #run: string;
  readonly #connection: Connection;
  readonly #registry: Registry;
  readonly #send: (message: FromWorker) => void;
  #asked = 0;
  #told = { calls: 0, throttles: 0 };

  /** Rejects settings and plugins that do not load. */
  static async start({ run, connection, plugins }: WorkerSettings, send: (message: FromWorker) => void): Promise<CellWorker> {
    const stop = new AbortController();
    let known = catalogue;
    for (const { name, base } of plugins) known = await withPlugins(known, [name], base);
    const opened = await Connection.open({ ...connection, signal: stop.signal });
    return new CellWorker({ run, stop, connection: opened, registry: registryOf(known.facets) }, send);
  }

  private constructor({ run, stop, connection, registry }: Started, send: (message: FromWorker) => void) {
    this.#run = run;
    this.#stop = stop;
    this.#connection = connection;
    this.#registry = registry;
    this.#send = send;
    setInterval(() => {
      this.#tellCalls();
    }, tellEveryMs).unref();
  }

  take(message: Exclude<ToWorker, { is: 'settings' }>): void {
    switch (message.is) {
      case 'cell':
        void this.#crawl(message);
        return;
      case 'credentials':
        this.#waiting.get(message.id)?.resolve(message.credentials);
        this.#waiting.delete(message.id);
        return;
      case 'no-credentials':
        this.#waiting.get(message.id)?.reject(Object.assign(new Error(message.message), { failure: message.failure }));
        this.#waiting.delete(message.id);
        return;
      case 'stop':
        this.#stop.abort(new Error('stopped'));
    }
  }

  async #crawl({ id, job }: Extract<ToWorker, { is: 'cell' }>): Promise<void> {
    try {
      const spec = serviceSpec(this.#registry, job.service);
      const coverage = await crawlCell(
        { ...job, credentials: this.#credentials(job.account) },
        spec,
        this.#connection,
        this.#run,
      );
      this.#tellCalls();
      const services = this.#connection.breaker.silent;
      if (services.length > 0) this.#send({ is: 'silent', services });
      this.#send({ is: 'crawled', id, coverage });
    } catch (error) {
      this.#send({ is: 'failed', id, error: sentError(error) });
    }
  }

  #credentials(account: string): CredentialProvider {
    const known = this.#providers.get(account);
    if (known !== undefined) return known;
    const provider = refreshing(() => this.#borrow(account));
    this.#providers.set(account, provider);
    return provider;
  }

  #borrow(account: string): Promise<Credentials> {
    return new Promise((resolve, reject) => {
      this.#asked += 1;
      this.#waiting.set(this.#asked, { resolve, reject });
      this.#send({ is: 'credentials', id: this.#asked, account });
    });
  }

  #tellCalls(): void {
    const { calls, throttles } = this.#connection.stats;
    if (calls === this.#told.calls) return;
    this.#send({ is: 'calls', calls: calls - this.#told.calls, throttles: throttles - this.#told.throttles });
    this.#told = { calls, throttles };
  }
}

boundHeap();

// Ctrl-C in a terminal reaches all its processes: what becomes of the cells is for the first one to say.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
// Whoever handed out the cells is gone: nobody would read what comes.
// eslint-disable-next-line n/no-process-exit -- the cells at work are not to be finished
process.on('disconnect', () => process.exit(1));

const send = (message: FromWorker) => void process.send?.(message);
let started: Promise<CellWorker> | undefined;
process.on('message', (message: ToWorker) => {
  if (message.is === 'settings') started = CellWorker.start(message.settings, send);
  started?.then(
    (worker) => {
      if (message.is !== 'settings') worker.take(message);
    },
    (error: unknown) => {
      if (message.is === 'cell') send({ is: 'failed', id: message.id, error: sentError(error) });
    },
  );
});
