import { isBelow, levels, levelTexts, type Level } from '#model/level.js';
import type { Change, Finding } from '#model/report.js';
import { severityRank, type Severity } from '#model/severity.js';

/** How a rule stands to a resource in a run. A pass is not stored as a finding, nor is what was not judged. */
export type Standing =
  | { readonly is: 'finding'; readonly finding: Finding }
  | { readonly is: 'pass' }
  /** It was judged, and the rule had nothing to say. */
  | { readonly is: 'not-applicable' }
  /** The resource is not there, and what is there was listed to the end. */
  | { readonly is: 'gone' }
  /** Of what stands for a whole listing: it was read to its end. */
  | { readonly is: 'listed' }
  | { readonly is: 'not-evaluated'; readonly reason: string };

export interface Changed {
  readonly change: Change;
  /** In words; null where the two findings say it. */
  readonly reason: string | null;
}

/** How bad a finding is: what may get worse while it stays a fail. */
export interface Grade {
  readonly severity: Severity;
  /** The level of encryption; null: the finding says nothing of one. */
  readonly level: Level | null;
}

/**
 * The level of encryption that a fail found. Rules on levels say it as what is actual; of others it is the key's. What
 * is not encrypted has no key, and must still be worse than what is.
 */
export function levelOfFinding({ kind, actual, key }: Pick<Finding, 'kind' | 'actual' | 'key'>): Level | null {
  // Of a key, `none` is a missing alias.
  if (kind.startsWith('kms.')) return null;
  return levels.find((level) => actual === level || actual === levelTexts[level]) ?? key?.level ?? null;
}

export function gradeOf(finding: Finding): Grade {
  return { severity: finding.severity, level: levelOfFinding(finding) };
}

/** Whether a fail is worse than one it is compared with: by severity or by level, whatever the other of the two says. */
export function isWorse(grade: Grade, than: Grade): boolean {
  if (severityRank(grade.severity) < severityRank(than.severity)) return true;
  return grade.level !== null && than.level !== null && isBelow(grade.level, than.level);
}

/** What became of a finding from one run to the next. At least one of the two is a finding. */
export function changeOf(before: Standing, after: Standing): Changed {
  if (after.is === 'finding' && after.finding.verdict === 'fail') return toFail(before, after.finding);
  if (after.is === 'finding') {
    if (before.is === 'finding' && before.finding.verdict === 'unknown') return { change: 'unchanged', reason: null };
    return { change: 'not-evaluated', reason: after.finding.message };
  }
  const wasUnknown = before.is === 'finding' && before.finding.verdict === 'unknown';
  switch (after.is) {
    case 'pass':
      return wasUnknown ? { change: 'better', reason: 'it could be read now, and passes' } : { change: 'fixed', reason: null };
    case 'listed':
      return { change: 'better', reason: 'the list could be read to its end' };
    case 'gone':
      return { change: 'gone', reason: 'the resource is not there any more' };
    case 'not-applicable':
      return { change: 'not-evaluated', reason: 'the rule does not apply to it any more' };
    case 'not-evaluated':
      return { change: 'not-evaluated', reason: after.reason };
  }
}

function toFail(before: Standing, fail: Finding): Changed {
  switch (before.is) {
    case 'finding':
      return before.finding.verdict === 'fail'
        ? { change: betweenFails(before.finding, fail), reason: null }
        : { change: 'worse', reason: 'it was unknown before' };
    case 'pass':
      return { change: 'new', reason: 'it passed before' };
    case 'not-applicable':
      return { change: 'new', reason: 'the rule did not apply to it before' };
    case 'gone':
    case 'listed':
      return { change: 'new', reason: 'the resource was not there before' };
    case 'not-evaluated':
      return { change: 'new', reason: `not evaluated before: ${before.reason}` };
  }
}

function betweenFails(before: Finding, after: Finding): Change {
  const [was, is] = [gradeOf(before), gradeOf(after)];
  if (isWorse(is, was)) return 'worse';
  if (isWorse(was, is)) return 'better';
  return before.key?.arn === after.key?.arn ? 'unchanged' : 'changed-key';
}
