import { parseArn } from '#model/arn.js';
import type { Change, Finding, ReportHeader } from '#model/report.js';
import type { Severity } from '#model/severity.js';
import { missingLine } from '../missing-text.js';
import { typeNames } from '../resource-types.js';
import { requirementsOf, rulesOf } from '../rules.js';

export type OcsfVersion = '1.6.0' | '1.8.0';

const severities = {
  critical: [5, 'Critical'],
  high: [4, 'High'],
  medium: [3, 'Medium'],
  low: [2, 'Low'],
  info: [1, 'Informational'],
} as const satisfies Record<Severity, readonly [number, string]>;

const activities = { 1: 'Create', 2: 'Update', 3: 'Close' } as const;

/** `Warning` is what the class calls a check that lacked information. */
const verdicts = {
  pass: [1, 'Pass'],
  unknown: [2, 'Warning'],
  fail: [3, 'Fail'],
  'not-applicable': [99, 'Not applicable'],
} as const satisfies Record<Finding['verdict'], readonly [number, string]>;

/** How a finding stands to an earlier run; `here`: this run has it. */
export interface Standing {
  readonly change: Change | null;
  readonly here: boolean;
}

/** What is over is closed with the state it was last seen in. */
function isOver(change: Change | null): change is 'fixed' | 'gone' {
  return change === 'fixed' || change === 'gone';
}

function activityOf(change: Change | null): 1 | 2 | 3 {
  if (change === null || change === 'new') return 1;
  return isOver(change) ? 3 : 2;
}

/** Where the finding stands in the life of a finding: waived is suppressed, attested and passed is resolved. */
function statusOf({ verdict, waiver, attestation }: Finding, change: Change | null): readonly [number, string] {
  if (isOver(change) || verdict === 'pass') return [4, 'Resolved'];
  if (verdict === 'not-applicable') return [99, 'Not applicable'];
  if (verdict === 'unknown' && attestation?.state === 'valid' && attestation.result === 'pass') return [4, 'Resolved'];
  if (waiver?.state === 'valid') return [3, 'Suppressed'];
  return [1, 'New'];
}

function complianceStatus({ verdict }: Finding, { change, here }: Standing): readonly [number, string, string] {
  if (here) return [...verdicts[verdict], verdict];
  if (change === 'fixed') return [1, 'Pass', 'fixed'];
  if (change === 'gone') return [99, 'Not applicable', 'gone'];
  return [0, 'Unknown', 'not-evaluated'];
}

function detailsOf({ message, missing, waiver, attestation }: Finding, { change, here }: Standing): readonly string[] {
  const details = [message, ...(missing ?? []).map(missingLine)];
  const lead: Partial<Record<Change, string>> = {
    fixed: 'It was so in the earlier run and is not any more.',
    gone: 'The resource was there in the earlier run and is not any more.',
    'not-evaluated': 'It was so in the earlier run; this one did not evaluate it.',
  };
  const said = here || change === null ? undefined : lead[change];
  if (said !== undefined) details.unshift(said);
  if (waiver !== null) {
    const until = waiver.expires === null ? 'without end' : `until ${waiver.expires}`;
    details.push(
      waiver.state === 'valid' ? `Waived ${until}: ${waiver.reason}` : `Its waiver expired on ${waiver.expires ?? ''}.`,
    );
  }
  if (attestation !== null) {
    const { state, result, attestedBy, attestedOn, expires } = attestation;
    const said = `attested as ${result} by ${attestedBy} on ${attestedOn}`;
    details.push(state === 'valid' ? `It is ${said}.` : `It was ${said}; that expired on ${expires ?? ''}.`);
  }
  return details;
}

/** Makes events of the findings of one run. Its times are the run's: findings carry none. */
export function eventsOf(header: ReportHeader, version: OcsfVersion): (finding: Finding, standing: Standing) => object {
  const { run, tool, scope } = header;
  const ruleOf = rulesOf(header);
  const names = new Map(scope.accounts.map(({ id, name }) => [id, name]));
  const product = { name: tool.name, vendor_name: tool.name, version: tool.version };
  const accountOf = (id: string): Account => {
    const name = names.get(id);
    return { uid: id, ...(name ? { name } : {}), type: 'AWS Account', type_id: 10 };
  };
  return (finding, standing) => {
    const rule = ruleOf(finding);
    const account = accountOf(finding.account);
    const details = detailsOf(finding, standing);
    return {
      ...classOf(finding, standing),
      time: Date.parse(run.finishedAt),
      message: details[0],
      metadata: {
        version,
        profiles: ['cloud'],
        product,
        uid: `${run.id}/${finding.id}`,
        correlation_uid: finding.id,
        event_code: rule.id,
      },
      cloud: { provider: 'AWS', region: finding.region, account },
      finding_info: {
        uid: finding.id,
        title: rule.title,
        desc: finding.message,
        types: ['Encryption at rest'],
        analytic: { uid: rule.id, name: rule.title, type_id: 1, type: 'Rule' },
        ...(finding.firstSeen === undefined ? {} : { first_seen_time: Date.parse(finding.firstSeen) }),
        ...(standing.here ? { last_seen_time: Date.parse(run.finishedAt) } : {}),
      },
      compliance: complianceOf(finding, rule, details, standing),
      resources: [resourceOf(finding, account)],
      evidences: evidencesOf(finding),
      ...remediationOf(finding, rule),
      unmapped: { atrest: { run: run.id, change: standing.change, ...unmappedOf(finding) } },
    };
  };
}

interface Account {
  readonly uid: string;
  readonly name?: string;
  readonly type: string;
  readonly type_id: number;
}

type RuleFacts = ReturnType<ReturnType<typeof rulesOf>>;

function classOf(finding: Finding, { change }: Standing): object {
  const activity = activityOf(change);
  const [severityId, severity] = severities[finding.severity];
  const [statusId, status] = statusOf(finding, change);
  return {
    activity_id: activity,
    activity_name: activities[activity],
    category_uid: 2,
    category_name: 'Findings',
    class_uid: 2003,
    class_name: 'Compliance Finding',
    type_uid: 200300 + activity,
    type_name: `Compliance Finding: ${activities[activity]}`,
    severity_id: severityId,
    severity,
    status_id: statusId,
    status,
  };
}

function complianceOf(finding: Finding, rule: RuleFacts, details: readonly string[], standing: Standing): object {
  const [severityId, severity] = severities[finding.severity];
  const [statusId, status, code] = complianceStatus(finding, standing);
  const standards = Object.keys(rule.controls);
  const check = { standards, severity_id: severityId, severity, status_id: statusId, status };
  return {
    control: rule.id,
    standards,
    requirements: requirementsOf(rule),
    status_id: statusId,
    status,
    status_code: code,
    status_details: details,
    checks: [{ uid: rule.id, name: rule.title, ...(rule.why === '' ? {} : { desc: rule.why }), ...check }],
  };
}

function resourceOf({ resource, name, kind, region }: Finding, account: Account): object {
  return {
    uid: resource,
    name,
    type: typeNames(kind).cloudFormation,
    region,
    cloud_partition: parseArn(resource)?.partition,
    owner: { uid: account.uid, account },
  };
}

function remediationOf({ remediation }: Finding, { source }: RuleFacts): object {
  if (remediation === null) return {};
  return { remediation: { desc: remediation.text, ...(source === '' ? {} : { references: [source] }) } };
}

/** What the class has no field for. */
function unmappedOf({ kind, baseline, waiver, attestation, missing, remediation }: Finding): object {
  return { kind, baseline, waiver, attestation, missing, remediation };
}

function evidencesOf(finding: Finding): readonly object[] {
  const { expected, actual, key, evidence } = finding;
  return [{ data: { expected, actual, key, observed: evidence } }, ...callsOf(finding)];
}

/** The calls that an unknown lacks the answers of. */
function callsOf({ missing }: Finding): readonly object[] {
  return (missing ?? []).flatMap(({ operation, code }) => {
    const [service, name] = operation?.split(':') ?? [];
    if (service === undefined || name === undefined) return [];
    return [{ api: { operation: name, service: { name: service }, ...(code === null ? {} : { response: { error: code } }) } }];
  });
}
