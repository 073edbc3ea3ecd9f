import type { Rule } from '#model/rule.js';
import { severities, type Severity } from '#model/severity.js';
import type { Evidence, MessageData, Verdict } from '#model/verdict.js';

export const nothing = {};

/** What a rule says of a verdict, its message's types forgotten. */
interface Facts {
  readonly data?: MessageData;
  readonly expected?: string;
  readonly actual?: string;
  readonly evidence?: Evidence;
  readonly severity?: Severity;
}

export function pass(messageId: string, { data, expected, actual, evidence }: Facts = nothing): Verdict {
  return {
    verdict: 'pass',
    messageId,
    data: data ?? nothing,
    expected: expected ?? null,
    actual: actual ?? null,
    evidence: evidence ?? nothing,
  };
}

export function fail(messageId: string, facts: Facts & { readonly expected: string; readonly actual: string }): Verdict {
  const { data, expected, actual, evidence, severity } = facts;
  return {
    verdict: 'fail',
    messageId,
    data: data ?? nothing,
    expected,
    actual,
    evidence: evidence ?? nothing,
    severity: severity ?? null,
  };
}

/** The lower, the worse: fails by severity, then unknown, pass, not-applicable. */
export function badness(verdict: Verdict, { severity }: Rule): number {
  switch (verdict.verdict) {
    case 'fail':
      return severities.indexOf(verdict.severity ?? severity);
    case 'unknown':
      return severities.length;
    case 'pass':
      return severities.length + 1;
    case 'not-applicable':
      return severities.length + 2;
  }
}

/**
 * Rules come from others too: an answer that is no verdict would be counted as nothing at all, and one that does not say
 * why would break the report of all others.
 */
export function checkedVerdict(answer: Verdict): Verdict {
  const given = answer as Verdict | undefined;
  switch (given?.verdict) {
    case 'pass':
    case 'fail':
      if (typeof given.messageId === 'string') return answer;
      break;
    case 'unknown':
      if (Array.isArray(given.missing)) return answer;
      break;
    case 'not-applicable':
      if (typeof given.reason === 'string') return answer;
      break;
    default:
      throw new Error('evaluate answered with something that is no verdict');
  }
  throw new Error(`evaluate answered ${given.verdict} and does not say why`);
}

/** True, or the reason why the rule does not apply. */
export function checkedPremise(answer: true | string): true | string {
  if (answer === true || (typeof answer === 'string' && answer !== '')) return answer;
  throw new Error('appliesTo answers true, or the reason why the rule does not apply');
}
