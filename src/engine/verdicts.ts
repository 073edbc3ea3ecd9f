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

const known: ReadonlySet<unknown> = new Set<Verdict['verdict']>(['pass', 'fail', 'unknown', 'not-applicable']);

/**
 * Rules come from others too: an answer that is no verdict would be counted as nothing at all, and one that does not say
 * why would break the report of all others.
 */
export function checkedVerdict(answer: Verdict): Verdict {
  if (!known.has((answer as Verdict | undefined)?.verdict))
    throw new Error('evaluate answered with something that is no verdict');
  if (!saysWhy(answer)) throw new Error(`evaluate answered ${answer.verdict} and does not say why`);
  return answer;
}

function saysWhy(verdict: Verdict): boolean {
  switch (verdict.verdict) {
    case 'pass':
    case 'fail':
      return typeof verdict.messageId === 'string';
    case 'unknown':
      return Array.isArray(verdict.missing);
    case 'not-applicable':
      return typeof verdict.reason === 'string';
  }
}

/** True, or the reason why the rule does not apply. */
export function checkedPremise(answer: true | string): true | string {
  if (answer === true || (typeof answer === 'string' && answer !== '')) return answer;
  throw new Error('appliesTo answers true, or the reason why the rule does not apply');
}
