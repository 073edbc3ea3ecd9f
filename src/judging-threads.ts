import { Worker } from 'node:worker_threads';
import type { PluginSource } from '#model/framework.js';
import type { RunDocument } from '#inventory/run-folder.js';
import type { ReportHeader } from '#model/report.js';
import type { Judged } from './evaluate.js';
import type { OpenRun } from './open-run.js';
import { ruleSetDigest } from './rule-set.js';
import type { RunRange } from './run-ranges.js';

/** What a judging thread is started with: it opens the run itself, which is faster than to hand the joins over. */
export interface JudgingSettings {
  readonly path: string;
  readonly run: RunDocument;
  readonly plugins: readonly PluginSource[];
  /** Of the rules that it has to judge by; with others it judges nothing. */
  readonly ruleSet: string;
}

export interface JudgeRange {
  readonly range: RunRange;
  /** Where its findings go. */
  readonly path: string;
}

export interface JudgedThere extends Omit<Judged, 'tally'> {
  readonly summary: ReportHeader['summary'];
}

/** Judges parts of a run beside the main thread. */
export class JudgingThread {
  readonly #thread: Worker;
  readonly #gone: Promise<undefined>;

  constructor({ path, run, judgement }: OpenRun, signal?: AbortSignal) {
    const settings: JudgingSettings = { path, run, plugins: judgement.plugins, ruleSet: ruleSetDigest(judgement.rules) };
    // Entry points stand beside the folder of the chunks.
    const script = new URL(import.meta.url.includes('/chunks/') ? '../judging-thread.js' : './judging-thread.js', import.meta.url);
    this.#thread = new Worker(script, { workerData: settings, stdout: true, stderr: true });
    this.#gone = new Promise((resolve) => {
      const gone = () => {
        resolve(undefined);
      };
      this.#thread.once('error', gone).once('exit', gone);
      signal?.addEventListener('abort', gone, { once: true });
    });
  }

  /** Undefined when it cannot. */
  judge(range: RunRange, path: string): Promise<JudgedThere | undefined> {
    const answer = new Promise<JudgedThere>((resolve) => this.#thread.once('message', resolve));
    this.#thread.postMessage({ range, path } satisfies JudgeRange);
    return Promise.race([answer, this.#gone]);
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }
}
