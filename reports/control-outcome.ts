import type { ControlRow, ReportHeader } from '#model/report.js';

/** How a control stands: by its worst finding, unless no rule looked at it. */
export type Outcome = 'fail' | 'unknown' | 'waived' | 'part' | 'pass' | 'nothing' | 'not-covered';

/** What each is called, in every format. */
export const outcomeWords: Readonly<Record<Outcome, string>> = {
  fail: 'fail',
  unknown: 'unknown',
  waived: 'waived',
  part: 'pass in part',
  pass: 'pass',
  nothing: 'nothing to judge',
  'not-covered': 'not covered',
};

/** Accounts of the scope that could not be entered. No unknown speaks of them, for nothing of them was judged. */
export function accountsNotEntered({ scope }: Pick<ReportHeader, 'scope'>): readonly string[] {
  return scope.accounts.filter(({ state }) => state === 'failed').map(({ id }) => id);
}

/**
 * What no rule looked at is not covered, whatever else there is to say: it is never a pass. Nor is what passes in all
 * accounts but `notEntered`.
 */
export function outcomeOf(
  { covered, fail, unknown, error, waived = 0, pass }: ControlRow,
  notEntered: readonly string[],
): Outcome {
  if (covered === 'none') return 'not-covered';
  if (fail > 0) return 'fail';
  if (unknown > 0 || error > 0) return 'unknown';
  if (waived > 0) return 'waived';
  if (pass === 0) return notEntered.length === 0 ? 'nothing' : 'unknown';
  return covered === 'full' && notEntered.length === 0 ? 'pass' : 'part';
}
