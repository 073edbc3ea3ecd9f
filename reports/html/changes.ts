import { changes, type Change, type ComparedFinding, type Comparison, type Finding } from '#model/report.js';
import { rankOf, Worst } from './digest.js';
import { limits } from './limits.js';

/** A finding of the earlier run that is none any more. */
export interface Ended extends Pick<ComparedFinding, 'change' | 'reason'> {
  readonly before: Finding;
}

/** A comparison with an earlier run as a page needs it. */
export interface ChangesDigest {
  readonly run: string;
  readonly counts: Readonly<Record<Change, number>>;
  /** The worst of those that ended, in report order, and how many there are. */
  readonly ended: readonly Ended[];
  readonly endedTotal: number;
  /** `new`, or `new: it passed before`; null: it is nothing that is compared. */
  readonly of: (finding: Pick<Finding, 'id' | 'verdict'>) => string | null;
}

/** Reads a comparison once. What did not change is not held. */
export async function changesOf(comparison: Comparison): Promise<ChangesDigest> {
  const counts = Object.fromEntries(changes.map((change) => [change, 0])) as Record<Change, number>;
  const changed = new Map<string, string>();
  const texts = new Map<string, string>();
  const worst = new Worst<Ended>(limits.ended);
  let endedTotal = 0;
  for await (const { change, reason, before, after } of comparison.findings()) {
    counts[change] += 1;
    if (after === null && before !== null) {
      worst.add({ change, reason, before }, endedTotal, rankOf(before));
      endedTotal += 1;
    }
    if (after === null || change === 'unchanged') continue;
    const text = reason === undefined ? change : `${change}: ${reason}`;
    // Many have one reason, and it is held once.
    changed.set(after.id, texts.get(text) ?? text);
    texts.set(text, text);
  }
  return {
    run: comparison.run,
    counts,
    ended: worst.inOrder(),
    endedTotal,
    of: ({ id, verdict }) => changed.get(id) ?? (verdict === 'fail' || verdict === 'unknown' ? 'unchanged' : null),
  };
}
