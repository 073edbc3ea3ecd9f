import type { ControlRow } from '#model/report.js';

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

/** What no rule looked at is not covered, whatever else there is to say: it is never a pass. */
export function outcomeOf({ covered, fail, unknown, error, waived = 0, pass }: ControlRow): Outcome {
  if (covered === 'none') return 'not-covered';
  if (fail > 0) return 'fail';
  if (unknown > 0 || error > 0) return 'unknown';
  if (waived > 0) return 'waived';
  if (pass === 0) return 'nothing';
  return covered === 'full' ? 'pass' : 'part';
}
