import { changeOf, type Standing } from '#gate/change.js';
import { inReportOrder, join, type Joined, type Placed } from '#gate/order.js';
import type { ComparedFinding, Comparison, Finding } from '#model/report.js';
import { readSummary, storedFindings } from './finish-run.js';
import { settle } from './standings.js';

/**
 * Compares a finished run with an earlier one. What only one of them has a finding of is looked up in the other once;
 * the findings themselves are read as often as somebody asks, and never held.
 */
export async function compareRuns(before: string, after: string): Promise<Comparison> {
  const { run } = await readSummary(before);
  await readSummary(after);
  const onlyBefore = new Map<string, Placed>();
  const onlyAfter = new Map<string, Placed>();
  for await (const pair of joined(before, after)) {
    if (pair.after === null && pair.before !== null) onlyBefore.set(pair.before.id, placeOf(pair.before));
    if (pair.before === null && pair.after !== null) onlyAfter.set(pair.after.id, placeOf(pair.after));
  }
  const wasInBefore = await settle(before, onlyAfter);
  const isInAfter = await settle(after, onlyBefore);
  return {
    run: run.id,
    async *findings() {
      for await (const pair of joined(before, after)) yield compared(pair, wasInBefore, isInAfter);
    },
  };
}

type Standings = ReadonlyMap<string, Standing>;

function compared({ before, after }: Joined, wasInBefore: Standings, isInAfter: Standings): ComparedFinding {
  const { id } = (before ?? after) as Finding;
  const { change, reason } = changeOf(standingOf(before, wasInBefore, id), standingOf(after, isInAfter, id));
  return reason === null ? { change, before, after } : { change, reason, before, after };
}

function standingOf(finding: Finding | null, others: Standings, id: string): Standing {
  if (finding !== null) return { is: 'finding', finding };
  const standing = others.get(id);
  if (standing === undefined) throw new Error(`The run changed while it was compared, at ${id}`);
  return standing;
}

function joined(before: string, after: string): AsyncGenerator<Joined> {
  return join(inReportOrder(storedFindings(before), before), inReportOrder(storedFindings(after), after));
}

function placeOf({ account, region, kind, resource, rule }: Placed): Placed {
  return { account, region, kind, resource, rule };
}
