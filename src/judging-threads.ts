import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { GateSettings } from '#gate/settings.js';
import { cellPath } from '#inventory/cell-file.js';
import type { PluginSource } from '#model/framework.js';
import type { ReportSource } from '#model/report.js';
import type { Judged } from './evaluate.js';
import type { RunJoins, StoredRun } from './open-run.js';
import { ruleSetDigest } from './rule-set.js';
import type { RunRange } from './run-ranges.js';

/** Bytes of inventory from which on a second thread pays: it takes a second to load the rules and the joins. */
const bytesForTwo = 6e6;
/** And up to which there is one: each holds the joins of the whole run, and memory is to stay within half a gibibyte. */
const bytesForTwoMax = 60e6;
/** For the same reason: what joins many small cells is most of what is kept of them. */
const cellsForTwoMax = 5_000;

/** What a thread is started with. */
export interface ThreadSettings extends Pick<StoredRun, 'path' | 'run'> {
  readonly plugins: readonly PluginSource[];
  /** Of the rules that it has to judge by; with others it does nothing. */
  readonly ruleSet: string;
  /** By what findings gate. */
  readonly gate: GateSettings;
}

export type ToThread =
  | { readonly is: 'open'; readonly joins: RunJoins }
  | { readonly is: 'judge'; readonly range: RunRange; readonly findings: string }
  | {
      readonly is: 'render';
      readonly as: Pick<ReportSource, 'header' | 'language' | 'manifestSha256'>;
      readonly out: string;
      readonly format: string;
    };

export interface ThreadOptions {
  /** One: no other thread; more: one if memory allows; undefined: as cores and size suggest. */
  readonly workers?: number | undefined;
  /** Ends them. */
  readonly signal?: AbortSignal | undefined;
}

/** Threads that judge and render beside this one: as many as the run is worth. */
export async function startThreads(
  stored: StoredRun,
  gate: GateSettings,
  { workers, signal }: ThreadOptions,
): Promise<readonly JudgingThread[]> {
  if ((workers ?? availableParallelism()) < 2) return [];
  const sizes = await Promise.all(stored.run.cells.map((cell) => sizeOf(cellPath(stored.path, cell))));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const fits = bytes <= bytesForTwoMax && stored.run.cells.length <= cellsForTwoMax;
  const pays = fits && bytes >= (workers === undefined ? bytesForTwo : 0);
  return pays ? [new JudgingThread(stored, gate, signal)] : [];
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** Does one thing at a time. What it cannot do is to be done by who asked for it, where what is wrong shows. */
export class JudgingThread {
  readonly #thread: Worker;
  readonly #gone: Promise<undefined>;

  constructor({ path, run, judgement }: StoredRun, gate: GateSettings, signal?: AbortSignal) {
    const settings: ThreadSettings = { path, run, plugins: judgement.plugins, ruleSet: ruleSetDigest(judgement.rules), gate };
    // Entry points stand beside the folder of the chunks.
    const script = new URL(
      import.meta.url.includes('/chunks/') ? '../judging-thread.js' : './judging-thread.js',
      import.meta.url,
    );
    this.#thread = new Worker(script, { workerData: settings, stdout: true, stderr: true });
    this.#gone = new Promise((resolve) => {
      const gone = () => {
        resolve(undefined);
      };
      this.#thread.once('error', gone).once('exit', gone);
      signal?.addEventListener('abort', gone, { once: true });
    });
  }

  /** Hands over what joins the run's cells, before anything is judged. */
  open(joins: RunJoins): void {
    this.#thread.postMessage({ is: 'open', joins } satisfies ToThread);
  }

  /** Judges part of the run into a file of findings; undefined when it cannot. */
  judge(range: RunRange, findings: string): Promise<Judged | undefined> {
    return this.#ask<Judged>({ is: 'judge', range, findings });
  }

  /** Writes a report of the findings in a folder, and answers its path; undefined when it cannot. */
  render(
    format: string,
    { header, language, manifestSha256 }: Pick<ReportSource, 'header' | 'language' | 'manifestSha256'>,
    out: string,
  ): Promise<string | undefined> {
    return this.#ask<string>({
      is: 'render',
      format,
      as: { header, ...(language && { language }), ...(manifestSha256 && { manifestSha256 }) },
      out,
    });
  }

  #ask<Answer>(message: ToThread): Promise<Answer | undefined> {
    const answer = new Promise<Answer>((resolve) => this.#thread.once('message', resolve));
    this.#thread.postMessage(message);
    return Promise.race([answer, this.#gone]);
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }
}
