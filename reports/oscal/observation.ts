import type { AttestationNote, Finding, ReportHeader, RuleRow } from '#model/report.js';
import { missingLine } from '../missing-text.js';
import { attestationText, waiverText } from '../notes.js';
import { typeNames } from '../resource-types.js';
import type { Ids } from './ids.js';
import { endOfDay, line, listed, props, time } from './text.js';

/** Whether a finding stands for all resources of a kind, which could not be listed: that is no resource. */
function isListing({ kind, resource }: Finding): boolean {
  return resource.endsWith(`:${kind}/*`);
}

/** The resource of a finding; undefined where it has none. */
export function inventoryItem(finding: Finding, ids: Ids): object | undefined {
  if (isListing(finding)) return undefined;
  const { resource, name, kind, account, region } = finding;
  const component = ids.account(account);
  return {
    uuid: ids.resource(finding),
    description: line(`${kind} ${name === '' ? resource : name}`),
    ...props({ 'resource-arn': resource, 'resource-type': typeNames(kind).cloudFormation, 'account-id': account, region }),
    ...(component !== undefined && { 'implemented-components': [{ 'component-uuid': component }] }),
  };
}

/** What was seen of a resource by a rule. */
export function observation(finding: Finding, title: string, uuid: string, ids: Ids, { run }: ReportHeader): object {
  const { id, rule, verdict, severity, message, missing, waiver, attestation } = finding;
  const remarks = [
    ...(missing ?? []).map(missingLine),
    ...(waiver === null ? [] : [waiverText(waiver)]),
    ...(attestation === null ? [] : ['An attestation speaks of it: what was read stays unknown.']),
  ];
  return {
    uuid,
    title: line(title),
    description: line(message),
    ...props({ verdict, rule, severity, 'finding-id': id }),
    methods: ['TEST'],
    types: ['finding'],
    ...listed('subjects', subjectsOf(finding, ids)),
    'relevant-evidence': [{ href: ids.evidence, description: evidenceOf(finding) }],
    collected: time(run.finishedAt),
    ...(remarks.length > 0 && { remarks: remarks.map(line).join('\n\n') }),
  };
}

function subjectsOf(finding: Finding, ids: Ids): readonly object[] {
  if (!isListing(finding)) return [{ 'subject-uuid': ids.resource(finding), type: 'inventory-item' }];
  const component = ids.account(finding.account);
  return component === undefined ? [] : [{ 'subject-uuid': component, type: 'component', title: line(finding.resource) }];
}

function evidenceOf({ id, expected, actual, key, evidence }: Finding): string {
  const said = [
    ...(expected === null ? [] : [`Expected: ${expected}.`]),
    ...(actual === null ? [] : [`Actual: ${actual}.`]),
    ...(key === null ? [] : [`Key: ${key.arn}.`]),
    ...(Object.keys(evidence).length === 0 ? [] : [`Observed: ${JSON.stringify(evidence)}`]),
  ];
  return line(said.length === 0 ? `Finding ${id} of the run.` : said.join(' '));
}

/** What somebody states of what could not be read: an observation of its own, made by a person and not by a test. */
export function attestationObservation(
  finding: Finding,
  attestation: AttestationNote,
  uuid: string,
  ids: Ids,
  { run }: ReportHeader,
): object {
  const { state, result, attestedBy, attestedOn, expires, evidence } = attestation;
  const until = endOfDay(expires);
  return {
    uuid,
    title: 'Attestation',
    description: line(attestationText(attestation)),
    ...props({
      attestation: result,
      'attestation-state': state,
      'attested-by': attestedBy,
      rule: finding.rule,
      'finding-id': finding.id,
    }),
    methods: ['INTERVIEW'],
    ...listed('subjects', subjectsOf(finding, ids)),
    'relevant-evidence': [{ description: line(evidence ?? 'The statement of who attests; no proof is linked.') }],
    collected: time(`${attestedOn}T00:00:00Z`) ?? time(run.finishedAt),
    ...(until !== undefined && { expires: until }),
  };
}

/** What a rule said of all that it judged: also where all of it passed, and no finding says so. */
export function ruleObservation(
  { id, title }: Pick<RuleRow, 'id' | 'title'>,
  uuid: string,
  ids: Ids,
  { run, summary }: ReportHeader,
): object {
  const counts = Object.hasOwn(summary.byRule, id) ? summary.byRule[id] : undefined;
  const { pass = 0, fail = 0, unknown = 0, notApplicable = 0, error = 0, waived = 0 } = counts ?? {};
  const tally = { pass, fail, unknown, waived, 'not-applicable': notApplicable, error };
  const words = Object.entries(tally).map(([word, count]) => `${word} ${String(count)}`);
  return {
    uuid,
    title: line(title),
    description: line(`Rule ${id} over all resources of the run: ${words.join(', ')}.`),
    ...props({ rule: id, ...Object.fromEntries(Object.entries(tally).map(([word, count]) => [word, String(count)])) }),
    methods: ['TEST'],
    types: ['control-objective'],
    origins: [{ actors: [{ type: 'tool', 'actor-uuid': ids.tool }] }],
    'relevant-evidence': [{ href: ids.evidence, description: 'The findings of the run.' }],
    collected: time(run.finishedAt),
  };
}
