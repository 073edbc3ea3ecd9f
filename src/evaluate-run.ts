import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Tally } from '#engine/tally.js';
import { joinFiles } from '#inventory/lines.js';
import { findingsFile, findingsPart } from '#inventory/run-folder.js';
import { compareText } from '#model/place.js';
import type { KeyRow, ReportHeader } from '#model/report.js';
import { judgeRange, type Judged } from './evaluate.js';
import { JudgingThread } from './judging-threads.js';
import type { OpenRun } from './open-run.js';
import { coverageOf, type RunCoverage } from './run-coverage.js';
import { rangesOf, resourcesOf } from './run-ranges.js';

/** A thread of its own pays from here on: it takes a second to load the rules and the joins. */
const resourcesAThread = 100_000;
/** Each thread holds the joins of the whole run: with a third one a large run would not fit into the memory of a small task. */
const threadsMax = 2;
/** Parts that each thread judges, so that none waits long for the slowest. */
const partsAThread = 2;

/** Everything that evaluation says of a run but the findings themselves, which go to their file. */
export interface Evaluation extends RunCoverage {
  readonly tally: Tally;
  readonly keys: readonly KeyRow[];
  readonly errors: ReportHeader['errors'];
}

export interface EvaluationOptions {
  /** Gives up what is not judged yet. */
  readonly signal?: AbortSignal | undefined;
  /** Threads that judge; undefined: as the cores and the size of the run suggest. */
  readonly threads?: number | undefined;
}

/** Judges a whole run and writes `findings.ndjson.gz` into `out`: the same text, however many threads judge. */
export async function evaluateRun(open: OpenRun, out: string, options: EvaluationOptions = {}): Promise<Evaluation> {
  const threads = options.threads ?? threadsFor(resourcesOf(open.cells));
  const ranges = rangesOf(open.cells, threads === 1 ? 1 : threads * partsAThread);
  const parts = ranges.map((range, index) => ({ range, index, path: join(out, findingsPart(index)) }));
  const judged: Judged[] = [];
  const others = Array.from({ length: threads - 1 }, () => new JudgingThread(open, options.signal));
  const waiting = [...parts];
  const judgeHere = async () => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift())
      judged[part.index] = await judgeRange(open, part.range, part.path, options.signal);
  };
  const judgeThere = async (thread: JudgingThread) => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const answer = await thread.judge(part.range, part.path);
      // What a thread cannot do is done here, where what is wrong shows.
      if (answer === undefined) return void waiting.unshift(part);
      const { summary, ...rest } = answer;
      const tally = new Tally(open.judgement.rules);
      tally.add(summary);
      judged[part.index] = { tally, ...rest };
    }
  };
  try {
    await Promise.all([judgeHere(), ...others.map(judgeThere)]);
    await judgeHere();
    await joinFiles(
      parts.map(({ path }) => path),
      join(out, findingsFile),
    );
  } finally {
    await Promise.all(others.map((thread) => thread.close()));
    await Promise.all(parts.map(({ path }) => rm(path, { force: true })));
  }
  const tally = new Tally(open.judgement.rules);
  for (const part of judged) tally.add(part.tally.summary());
  return {
    tally,
    keys: judged.flatMap(({ keys }) => keys).sort((a, b) => compareText(a.arn, b.arn)),
    errors: judged.flatMap(({ errors }) => errors),
    ...coverageOf(open),
  };
}

function threadsFor(resources: number): number {
  return Math.max(1, Math.min(availableParallelism(), threadsMax, Math.floor(resources / resourcesAThread)));
}
