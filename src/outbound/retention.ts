import type { TrendLine } from '#model/trend.js';

/** What is kept of a history. A run goes when no limit keeps it; without any limit all stay. */
export interface Keep {
  /** The newest so many. */
  readonly runs?: number | undefined;
  /** Those that began in the last so many days. */
  readonly days?: number | undefined;
}

const dayMs = 86_400_000;
/** An upload that was cut can be gone on with for so long. */
const unfinishedDays = 7;

/**
 * Which of the stored runs go. The newest never does, nor the newest complete one: a history never consists of
 * incomplete runs alone because a complete one was removed.
 */
export function runsToRemove(stored: readonly string[], trend: readonly TrendLine[], keep: Keep, now: Date): readonly string[] {
  const { runs, days } = keep;
  if (runs === undefined && days === undefined) return [];
  const lines = new Map(trend.map((line) => [line.run, line]));
  const known = stored
    .map((run) => lines.get(run))
    .filter((line) => line !== undefined)
    .sort((a, b) => (a.startedAt > b.startedAt ? -1 : 1));
  const newestComplete = known.find(({ complete }) => complete);
  const gone = known.filter((line, index) => {
    if (index === 0 || line === newestComplete) return false;
    return !(runs !== undefined && index < runs) && !(days !== undefined && ageDays(line.startedAt, now) < days);
  });
  const unfinished = stored.filter((run) => !lines.has(run) && ageDays(startOf(run), now) > unfinishedDays);
  return [...gone.map(({ run }) => run), ...unfinished];
}

function ageDays(time: string, now: Date): number {
  return (now.getTime() - Date.parse(time)) / dayMs;
}

/** A run's id begins with its start: 20261123T020000Z-1a2b3c4d. What has another name is not ours, and never old. */
function startOf(run: string): string {
  return run.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-.*$/, '$1-$2-$3T$4:$5:$6Z');
}
