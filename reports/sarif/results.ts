import type { Finding } from '#model/report.js';
import { attestationText, waiverText } from '../notes.js';
import type { RepositoryPlace } from '../repository-place.js';
import { visible } from '../html/text.js';
import { message } from './message.js';
import { levels } from './rules.js';
import type { Subject } from './subjects.js';

/** A SARIF result, without its place among the rules of its run. */
export type Result = { readonly ruleId: string } & Readonly<Record<string, unknown>>;

/** The result of one finding. */
export function resultOf({ finding, baselineState, notEvaluated }: Subject, place: RepositoryPlace): Result {
  const { id, rule, resource, name, severity } = finding;
  const text = [sentence(finding, notEvaluated), ...notes(finding), `Resource: ${resource}`].join('\n');
  return {
    ruleId: rule,
    ...judgement(finding, notEvaluated),
    message: message(text),
    locations: [location(place, [{ name: visible(name), fullyQualifiedName: visible(resource), kind: 'resource' }])],
    partialFingerprints: { primaryLocationLineHash: id },
    ...(baselineState === undefined ? {} : { baselineState }),
    suppressions: suppressionsOf(finding),
    properties: {
      ...{ severity, account: finding.account, region: finding.region, kind: finding.kind, baseline: finding.baseline },
      ...{ expected: finding.expected, actual: finding.actual, key: finding.key?.arn ?? null },
      remediation: finding.remediation?.text ?? null,
    },
  };
}

/** What decides how a result is shown. Only a fail may have a level; a viewer shows `open` as a warning, GitHub as its rule. */
export function judgement({ verdict, severity }: Pick<Finding, 'verdict' | 'severity'>, notEvaluated = false): object {
  return verdict === 'fail' && !notEvaluated ? { kind: 'fail', level: levels[severity] } : { kind: 'open' };
}

export function location({ uri, line }: RepositoryPlace, logicalLocations: readonly object[]): object {
  return { physicalLocation: { artifactLocation: { uri }, region: { startLine: line } }, logicalLocations };
}

function sentence({ verdict, message: said }: Finding, notEvaluated: boolean): string {
  if (notEvaluated) return `Not judged in this run, because something could not be read. Before: ${said}`;
  return verdict === 'unknown' ? `Could not be judged: ${said}` : said;
}

function* notes({ waiver, attestation }: Finding): Generator<string> {
  if (waiver !== null) yield waiverText(waiver);
  if (attestation !== null) yield attestationText(attestation);
}

/** Why a result is not to be acted on. An expired waiver or attestation covers nothing; the message speaks of it. */
export function suppressionsOf({ waiver, attestation }: Finding): readonly object[] {
  const accepted = { kind: 'external', status: 'accepted' };
  const found: object[] = [];
  if (waiver?.state === 'valid') {
    const { owner, ticket, approvedBy, expires, source } = waiver;
    const properties = { by: 'waiver', owner, ticket, approvedBy, expires, source };
    found.push({ ...accepted, justification: visible(waiverText(waiver)), properties });
  }
  if (attestation?.state === 'valid' && attestation.result === 'pass') {
    const { attestedBy, attestedOn, evidence, expires, source } = attestation;
    const properties = { by: 'attestation', attestedBy, attestedOn, evidence, expires, source };
    found.push({ ...accepted, justification: visible(attestationText(attestation)), properties });
  }
  return found;
}
