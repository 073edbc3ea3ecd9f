/** A time in which runs were to be expected and none was. Days as YYYY-MM-DD, in UTC. */
export interface MissedRuns {
  readonly from: string;
  readonly to: string;
  /** How many runs there would have been. */
  readonly count: number;
}

/** How often runs come as a rule, and where they did not. */
export interface Rhythm {
  /** Days from one run to the next; undefined: too few runs to say. */
  readonly everyDays: number | undefined;
  /** What is missing before a run, by the index of the run; what is missing since the last one stands at the end. */
  readonly missed: ReadonlyMap<number, MissedRuns>;
}

const dayMs = 86_400_000;
/** So many days with a run, and the distance between most of them is a habit. */
const daysWanted = 3;

/**
 * Nobody tells the history how often runs are to come, so it goes by what is usual between days that have one. Runs are
 * missing where the time between two is more than half as long again: a nightly run that starts late is none.
 */
export function rhythmOf(starts: readonly string[], now: Date): Rhythm {
  const times = starts.map((start) => Date.parse(start));
  const days = [...new Set(times.map((time) => Math.floor(time / dayMs)))];
  if (days.length < daysWanted) return { everyDays: undefined, missed: new Map() };
  const distances = days.slice(1).map((day, index) => day - (days[index] ?? day));
  const everyDays = distances.toSorted((a, b) => a - b)[Math.floor((distances.length - 1) / 2)] ?? 1;
  const missed = new Map<number, MissedRuns>();
  for (const [index, time] of [...times, now.getTime()].entries()) {
    const before = times[index - 1];
    if (before === undefined || time - before <= 1.5 * everyDays * dayMs) continue;
    // Counted from the run before; the last of them may be just about to begin.
    const count = Math.max(1, Math.round((time - before) / dayMs / everyDays) - 1);
    missed.set(index, { from: dayOf(before + everyDays * dayMs), to: dayOf(before + count * everyDays * dayMs), count });
  }
  return { everyDays, missed };
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
