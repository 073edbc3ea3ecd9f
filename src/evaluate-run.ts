import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Tally } from '#engine/tally.js';
import type { GateSettings } from '#gate/settings.js';
import { Gate } from '#gate/verdict.js';
import { Waiving } from '#gate/waiving.js';
import { joinFiles } from '#inventory/lines.js';
import { findingsFile, findingsPart } from '#inventory/run-folder.js';
import { compareText } from '#model/place.js';
import type { Kind } from '#model/resources/index.js';
import type { KeyRow, ReportHeader, SnapshotLineage } from '#model/report.js';
import { judgeRange, type Judged } from './evaluate.js';
import type { JudgingThread } from './judging-threads.js';
import type { OpenRun } from './open-run.js';
import { coverageOf, type RunCoverage } from './run-coverage.js';
import { rangesOf } from './run-ranges.js';
import { lineageOf, type LineageNode } from './snapshot-lineage.js';

/** Parts that each thread judges, so that none waits long for the slowest. */
const partsAThread = 3;

/** Everything that evaluation says of a run but the findings themselves, which go to their file. */
export interface Evaluation extends RunCoverage {
  readonly tally: Tally;
  readonly keys: readonly KeyRow[];
  /** Undefined: no copy of a snapshot left its region or account. */
  readonly lineage: SnapshotLineage | undefined;
  readonly errors: ReportHeader['errors'];
  readonly waiving: Waiving;
  readonly gate: Gate;
}

export interface EvaluateRunOptions {
  /** By what findings gate. */
  readonly settings: GateSettings;
  /** Gives up what is not judged yet. */
  readonly signal?: AbortSignal | undefined;
  readonly threads: readonly Pick<JudgingThread, 'judge'>[];
}

/**
 * Judges a whole run and writes `findings.ndjson.gz` into `out`: the same text, however many threads help.
 */
export async function evaluateRun(
  open: OpenRun,
  out: string,
  { settings, signal, threads }: EvaluateRunOptions,
): Promise<Evaluation> {
  const ranges = rangesOf(open.cells, threads.length === 0 ? 1 : (threads.length + 1) * partsAThread);
  const parts = ranges.map((range, index) => ({ range, index, path: join(out, findingsPart(index)) }));
  const judged: Judged[] = [];
  const waiting = [...parts];
  const judgeHere = async () => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift())
      judged[part.index] = await judgeRange(open, part.range, part.path, { settings, signal });
  };
  const judgeThere = async (thread: Pick<JudgingThread, 'judge'>) => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const answer = await thread.judge(part.range, part.path);
      if (answer === undefined) return void waiting.unshift(part);
      judged[part.index] = answer;
    }
  };
  try {
    await Promise.all([judgeHere(), ...threads.map(judgeThere)]);
    await judgeHere();
    await joinFiles(
      parts.map(({ path }) => path),
      join(out, findingsFile),
    );
  } finally {
    await Promise.all(parts.map(({ path }) => rm(path, { force: true })));
  }
  const tally = new Tally(open.judgement.rules);
  const now = new Date(open.run.now);
  const waiving = new Waiving(open.judgement.waivers, now);
  const gate = new Gate(settings, { now });
  for (const part of judged) {
    tally.add(part.summary);
    waiving.addMatches(part.matches);
    gate.addCounts(part.gate);
  }
  return {
    tally,
    waiving,
    gate,
    keys: judged.flatMap(({ keys }) => keys).sort((a, b) => compareText(a.arn, b.arn)),
    lineage: lineageOf(
      judged.flatMap(({ snapshots }) => snapshots),
      (copy) => whyNotFound(copy, open),
      open.graph.copied.unseen,
    ),
    errors: judged.flatMap(({ errors }) => errors),
    ...coverageOf(open),
  };
}

/** Why a run says nothing of what a snapshot was copied from. */
function whyNotFound({ hop, source }: LineageNode, { graph }: OpenRun): string {
  const found = graph.find(hop.kind as Kind, source?.name ?? '', source?.region ?? undefined);
  if (!found.known) return found.missing[0]?.code ?? 'not read';
  return found.value === 'outside' ? 'outside the scope of the run' : 'not there any more';
}
