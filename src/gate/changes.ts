import { changes, type Change, type ComparedFinding, type Finding } from '#model/report.js';
import { isWaived } from './covered.js';

/** A comparison in short. */
export interface Changes {
  readonly counts: Readonly<Record<Change, number>>;
  /** The first few of each change that is one, in report order. */
  readonly first: ReadonlyMap<Change, readonly ComparedFinding[]>;
  /** Findings whose waiver held in the earlier run and has expired. No change of the finding, and yet it comes back. */
  readonly lapsed: { readonly count: number; readonly first: readonly Finding[] };
  /** Whether anything is new or worse. */
  readonly regressed: boolean;
}

/** Counts a comparison and keeps the first few of each change. */
export async function shorten(comparison: AsyncIterable<ComparedFinding>, now: Date, keep: number): Promise<Changes> {
  const counts = Object.fromEntries(changes.map((change) => [change, 0])) as Record<Change, number>;
  const first = new Map<Change, ComparedFinding[]>();
  const lapsed: Finding[] = [];
  let lapsedCount = 0;
  for await (const compared of comparison) {
    const { change, before, after } = compared;
    counts[change] += 1;
    if (change !== 'unchanged' && counts[change] <= keep) first.set(change, [...(first.get(change) ?? []), compared]);
    if (after !== null && hasLapsed(before, after, now)) {
      lapsedCount += 1;
      if (lapsedCount <= keep) lapsed.push(after);
    }
  }
  return { counts, first, lapsed: { count: lapsedCount, first: lapsed }, regressed: counts.new + counts.worse > 0 };
}

/** Whether a waiver covered the finding when the earlier run was judged, and none does now. */
export function hasLapsed(before: Finding | null, after: Finding, now: Date): boolean {
  return before?.waiver?.state === 'valid' && !isWaived(after, now);
}
