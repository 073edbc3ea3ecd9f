import type { Change, ComparedFinding, Finding, ReportSource } from '#model/report.js';

export type BaselineState = 'new' | 'unchanged' | 'updated' | 'absent';

/** What a result is about. */
export interface Subject {
  readonly finding: Finding;
  /** How it stands to the earlier run; undefined: none was named. */
  readonly baselineState: BaselineState | undefined;
  /** It is the earlier run's: this one could not judge the resource again. */
  readonly notEvaluated: boolean;
}

const states: Readonly<Record<Change, BaselineState>> = {
  new: 'new',
  worse: 'updated',
  'changed-key': 'updated',
  unchanged: 'unchanged',
  better: 'updated',
  fixed: 'absent',
  gone: 'absent',
  'not-evaluated': 'updated',
};

/** Fails and unknowns in report order, those of the earlier run that are no more among them. */
export async function* subjectsOf(source: ReportSource): AsyncGenerator<Subject> {
  if (source.against === undefined) {
    for await (const finding of source.findings())
      if (isShown(finding)) yield { finding, baselineState: undefined, notEvaluated: false };
    return;
  }
  for await (const compared of source.against.findings()) {
    const { change, before, after } = compared;
    const baselineState = stateOf(compared);
    const finding = baselineState === 'absent' ? before : (after ?? before);
    if (finding === null || !isShown(finding)) continue;
    yield { finding, baselineState, notEvaluated: change === 'not-evaluated' && after === null };
  }
}

/** What is not judged any more is no less there: a viewer takes `absent` for fixed. */
function stateOf({ change, before, after }: ComparedFinding): BaselineState {
  if (change === 'better' && after === null) return 'absent';
  if (change === 'not-evaluated' && before === null) return 'new';
  return states[change];
}

/** GitHub shows whatever is in the file as an alert, passes too. */
function isShown({ verdict }: Finding): boolean {
  return verdict === 'fail' || verdict === 'unknown';
}
