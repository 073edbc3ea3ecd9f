import type { CoverageRow, Finding, ReportHeader } from '#model/report.js';
import { gapText, isGap } from '../gaps.js';
import { attestationText, waiverText } from '../notes.js';
import { attributes, escapedLines } from './xml.js';

/** What JUnit can say of a test case. */
export type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

export interface TestCase {
  readonly classname: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly type: string;
  readonly message: string;
  /** Lines below the message. */
  readonly detail: readonly string[];
}

/** A finding as a test case: the rule is the class, the resource the case. */
export function caseOf(finding: Finding): TestCase {
  const { rule, resource, severity, message } = finding;
  const outcome = outcomeOf(finding);
  const plain = { classname: rule, name: resource, outcome };
  switch (outcome) {
    case 'passed':
      return { ...plain, type: '', message: '', detail: [] };
    case 'skipped':
      return { ...plain, type: '', message: skippedText(finding), detail: [] };
    case 'failure':
      return { ...plain, type: severity, message, detail: detailOf(finding) };
    case 'error':
      return {
        ...plain,
        type: finding.missing?.[0]?.code ?? finding.missing?.[0]?.cause ?? 'unknown',
        message,
        detail: detailOf(finding),
      };
  }
}

/** Shared with the count that goes before the cases. */
export function outcomeOf({ verdict, waiver, attestation }: Finding): Outcome {
  if (verdict === 'pass') return 'passed';
  if (verdict === 'not-applicable' || waiver?.state === 'valid') return 'skipped';
  if (verdict === 'fail') return 'failure';
  if (attestation?.state !== 'valid') return 'error';
  return attestation.result === 'pass' ? 'skipped' : 'failure';
}

function skippedText({ message, waiver, attestation }: Finding): string {
  if (waiver?.state === 'valid') return `${waiverText(waiver)} ${message}`;
  return attestation === null ? message : `${attestationText(attestation)} ${message}`;
}

function detailOf({ name, account, region, waiver, attestation, expected, actual, remediation }: Finding): readonly string[] {
  return [
    ...(waiver === null ? [] : [waiverText(waiver)]),
    ...(attestation === null ? [] : [attestationText(attestation)]),
    `Name: ${name}, account ${account}, ${region}`,
    ...(expected === null ? [] : [`Expected: ${expected}`]),
    ...(actual === null ? [] : [`Actual: ${actual}`]),
    ...(remediation === null ? [] : [`Remediation: ${remediation.text}`]),
  ];
}

/** A service in a region as a test case: that it could be read. */
export function coverageCaseOf(row: CoverageRow): TestCase {
  const outcome = isGap(row) ? 'error' : row.state === 'skipped' ? 'skipped' : 'passed';
  const message = outcome === 'error' ? gapText(row) : (row.reason ?? '');
  return {
    classname: 'coverage',
    name: `${row.account}/${row.region}/${row.service}`,
    outcome,
    type: row.state,
    message,
    detail: [],
  };
}

/** A rule that threw. */
export function errorCaseOf({ rule, resource, message }: ReportHeader['errors'][number]): TestCase {
  return { classname: rule, name: resource, outcome: 'error', type: 'rule-error', message, detail: [] };
}

export function written({ classname, name, outcome, type, message, detail }: TestCase): string {
  const head = `    <testcase${attributes({ classname, name, time: '0' })}`;
  if (outcome === 'passed') return `${head}/>\n`;
  const body = detail.length === 0 ? '/>' : `>${escapedLines(detail.join('\n'))}</${outcome}>`;
  return `${head}><${outcome}${attributes(outcome === 'skipped' ? { message } : { type, message })}${body}</testcase>\n`;
}
