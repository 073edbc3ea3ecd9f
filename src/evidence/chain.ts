import { compareText } from '#model/place.js';
import type { EarlierRun } from '#model/report.js';

/** What a run says of the one before it. */
export interface PreviousRun {
  readonly run: string;
  readonly manifestSha256: string;
}

/** What a history knows of a scope before another run of it. */
export interface Before {
  /** The last run that ended; null: none. */
  readonly previous: PreviousRun | null;
  /** The figures of the last ones, oldest first. */
  readonly earlier: readonly EarlierRun[];
  /** What the last one wrote of since when its findings are known; null: nothing. */
  readonly since: string | null;
}

export type BeforeOf = (scope: string, run: string) => Promise<Before>;

/** A run as the chain sees it. */
export interface ChainRun {
  readonly run: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly complete: boolean;
  /** Digest of what it was asked to scan; null: an older version did not write it down. */
  readonly scope: string | null;
  /** Of its manifest as it is now; null: only the history's line is left of the run. */
  readonly manifestSha256: string | null;
  /** Of its manifest as the history wrote it down; null: it did not. */
  readonly recordedSha256: string | null;
  /** Undefined where the manifest that says it is gone. */
  readonly previous: PreviousRun | null | undefined;
}

/** A run that was begun and has no manifest. */
export interface UnfinishedRun {
  readonly run: string;
  readonly startedAt: string;
  readonly scope: string | null;
}

/** First and last day, as YYYY-MM-DD; null: those of the runs. */
export interface Period {
  readonly from: string | null;
  readonly to: string | null;
}

/** The runs of one scope over a period. */
export interface Chain {
  readonly scope: string | null;
  readonly from: string;
  readonly to: string;
  readonly nights: number;
  /** Nights of which a finished run is there, complete or not. */
  readonly scanned: number;
  readonly missing: readonly string[];
  /** Nights without a complete run, and the runs that they have. */
  readonly incomplete: readonly { readonly night: string; readonly runs: readonly string[]; readonly finished: boolean }[];
  /** Links that do not hold. */
  readonly broken: readonly { readonly run: string; readonly problem: string }[];
  readonly runs: readonly string[];
  /** The run that the first one here follows, which is not here; null: none. */
  readonly follows: string | null;
  readonly whole: boolean;
}

/** Verifies the runs of each scope, all links of the period and no others. Days are those of UTC on which runs began. */
export function verifyChains(runs: readonly ChainRun[], unfinished: readonly UnfinishedRun[], period: Period): readonly Chain[] {
  const scopes = [...new Set([...runs, ...unfinished].map(({ scope }) => scope))];
  return scopes
    .sort((a, b) => compareText(a ?? '', b ?? ''))
    .map((scope) => {
      const here = runs.filter((run) => run.scope === scope).sort(byEnd);
      return verifyChain(
        scope,
        here,
        unfinished.filter((run) => run.scope === scope),
        period,
      );
    });
}

function byEnd(a: ChainRun, b: ChainRun): number {
  return compareText(a.finishedAt, b.finishedAt) || compareText(a.run, b.run);
}

function nightOf({ startedAt }: { readonly startedAt: string }): string {
  return startedAt.slice(0, 10);
}

function verifyChain(
  scope: string | null,
  runs: readonly ChainRun[],
  unfinished: readonly UnfinishedRun[],
  period: Period,
): Chain {
  const known = [...runs, ...unfinished].map(nightOf).sort();
  const from = period.from ?? known[0] ?? '';
  const to = period.to ?? known.at(-1) ?? '';
  const within = (run: { readonly startedAt: string }): boolean => nightOf(run) >= from && nightOf(run) <= to;
  const nights = daysBetween(from, to);
  const [missing, incomplete]: [string[], Chain['incomplete'][number][]] = [[], []];
  for (const night of nights) {
    const finished = runs.filter((run) => nightOf(run) === night);
    if (finished.some(({ complete }) => complete)) continue;
    const begun = unfinished.filter((run) => nightOf(run) === night);
    if (finished.length === 0) missing.push(night);
    const ids = [...finished, ...begun].map(({ run }) => run);
    if (ids.length > 0) incomplete.push({ night, runs: ids, finished: finished.length > 0 });
  }
  const broken = runs.flatMap((run, index) =>
    within(run) ? problemsOf(run, runs.slice(0, index), runs).map((problem) => ({ run: run.run, problem })) : [],
  );
  return {
    ...{ scope, from, to, nights: nights.length, scanned: nights.length - missing.length, missing, incomplete, broken },
    runs: runs.filter(within).map(({ run }) => run),
    follows: runs[0]?.previous?.run ?? null,
    whole: missing.length + incomplete.length + broken.length === 0,
  };
}

/** What is wrong with a run and with how it names the one before it; `earlier` are those that ended before it did. */
function problemsOf(run: ChainRun, earlier: readonly ChainRun[], all: readonly ChainRun[]): readonly string[] {
  const problems: string[] = [];
  const { manifestSha256: now, recordedSha256: then, previous } = run;
  if (now !== null && then !== null && now !== then)
    problems.push(`its manifest has the digest ${now}, and the history wrote down ${then}: one of them was changed`);
  if (run.scope === null)
    return [...problems, 'it does not say what it was asked to scan, nor which run was before it: an older version made it'];
  // What the manifest said is gone with it. The run after this one still names it by its digest.
  if (previous === undefined) return problems;
  const last = earlier.at(-1);
  if (previous === null) {
    if (last !== undefined) problems.push(`it names no run before it, and ${last.run} was`);
    return problems;
  }
  const named = all.find((each) => each.run === previous.run);
  // What was before the first run that is here may be elsewhere; the nights say whether the period is.
  if (named === undefined && last === undefined) return problems;
  if (named === undefined) return [...problems, `it names ${previous.run} as the run before it, which is not there`];
  const digest = named.manifestSha256 ?? named.recordedSha256;
  if (digest !== previous.manifestSha256)
    problems.push(`it names ${previous.run} by the manifest ${previous.manifestSha256}, and that has ${digest ?? 'no digest'}`);
  if (last !== undefined && last.run !== previous.run)
    problems.push(`it names ${previous.run} as the run before it, and ${last.run} was`);
  return problems;
}

const dayMs = 86_400_000;

/** Every day from one to another, both included. */
function daysBetween(from: string, to: string): readonly string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += dayMs) days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
