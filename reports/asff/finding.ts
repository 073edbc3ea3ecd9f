import { parseArn } from '#model/arn.js';
import type { Finding, ReportHeader, RuleRow } from '#model/report.js';
import type { Severity } from '#model/severity.js';
import { missingLine } from '../missing-text.js';
import { typeNames } from '../resource-types.js';
import { requirementsOf, rulesOf } from '../rules.js';
import { Fitter, limits } from './limits.js';

/** A finding in the AWS Security Finding Format, as far as we fill it. */
export interface AsffFinding {
  readonly SchemaVersion: '2018-10-08';
  readonly Id: string;
  readonly ProductArn: string;
  readonly ProductName: string;
  readonly CompanyName: string;
  readonly GeneratorId: string;
  readonly AwsAccountId: string;
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
  readonly FirstObservedAt: string;
  readonly LastObservedAt: string;
  readonly Title: string;
  readonly Description: string;
  readonly Remediation?: { Recommendation: { Text: string; Url?: string } };
  readonly ProductFields: Record<string, string>;
  readonly Resources: {
    Type: string;
    Id: string;
    Partition?: 'aws' | 'aws-cn' | 'aws-us-gov';
    Region?: string;
  }[];
  readonly Compliance: {
    Status: 'PASSED' | 'FAILED' | 'WARNING' | 'NOT_AVAILABLE';
    RelatedRequirements?: string[];
    AssociatedStandards?: { StandardsId: string }[];
    StatusReasons?: { ReasonCode: string; Description: string }[];
  };
  readonly FindingProviderFields: {
    Severity: { Label: (typeof labels)[Severity]; Original: string };
    Types: string[];
  };
  readonly RecordState: 'ACTIVE' | 'ARCHIVED';
}

/** Marks what is ours, whatever else is sent with the same product ARN: every custom integration of an account has that one. */
export const ownerField = { key: 'atrest/format', value: '1' } as const;

/** Product fields that only a push writes: the end of the run that wrote last, and a digest of what it wrote. */
export const pushFields = { asOfKey: 'atrest/as-of', digestKey: 'atrest/digest' } as const;

const labels = {
  critical: 'CRITICAL',
  high: 'HIGH',
  medium: 'MEDIUM',
  low: 'LOW',
  info: 'INFORMATIONAL',
} as const satisfies Record<Severity, string>;

/** `WARNING` is what Security Hub calls a check that lacked information. */
const statuses = { pass: 'PASSED', fail: 'FAILED', unknown: 'WARNING', 'not-applicable': 'NOT_AVAILABLE' } as const;

export function asffId(finding: Pick<Finding, 'id'>): string {
  return `atrest/${finding.id}`;
}

/** The default product of an account and region: what needs no registration with AWS. */
export function productArn(partition: string, region: string, account: string): string {
  return `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`;
}

/** The region whose Security Hub a finding belongs into: its own, or where what has none was asked for. */
export function hubRegion({ region }: Pick<Finding, 'region'>, { run, scope }: ReportHeader): string {
  return region === 'global' ? (run.homeRegion ?? scope.regions[0] ?? 'us-east-1') : region;
}

/**
 * Makes ASFF of the findings of one run. Its times are the run's: findings carry none.
 *
 * A valid waiver leaves the status and lowers the severity to INFORMATIONAL, which comes back when it expires. The
 * workflow is the customer's: set once, nothing of ours could ever take it back.
 */
export function asffOf(header: ReportHeader): (finding: Finding) => AsffFinding {
  const ruleOf = rulesOf(header);
  const { finishedAt } = header.run;
  const names = new Map(header.scope.accounts.map(({ id, name }) => [id, name]));
  return (finding) => {
    const rule = ruleOf(finding);
    const fitter = new Fitter();
    const fit = fitter.text.bind(fitter);
    const partition = partitionOf(finding, header);
    const region = hubRegion(finding, header);
    const title = fit('Title', rule.title.replace(/\s+/g, ' '), limits.title);
    const text = fit('Remediation', finding.remediation?.text, limits.recommendation);
    return {
      SchemaVersion: '2018-10-08',
      Id: asffId(finding),
      ProductArn: productArn(partition, region, finding.account),
      ProductName: 'atrest',
      CompanyName: 'atrest',
      GeneratorId: fit('GeneratorId', `atrest/${finding.rule}`, limits.generatorId) ?? 'atrest',
      AwsAccountId: finding.account,
      CreatedAt: finishedAt,
      UpdatedAt: finishedAt,
      FirstObservedAt: finding.firstSeen ?? finishedAt,
      LastObservedAt: finishedAt,
      Title: title ?? asffId(finding),
      Description: fit('Description', finding.message, limits.description) ?? title ?? asffId(finding),
      ...(text === null
        ? {}
        : { Remediation: { Recommendation: { Text: text, ...(isUrl(rule.source) ? { Url: rule.source } : {}) } } }),
      Resources: [resourceOf(finding, fitter, { partition, region })],
      Compliance: complianceOf(finding, rule, fitter),
      FindingProviderFields: {
        Severity: severityOf(finding),
        Types: ['Software and Configuration Checks/AWS Security Best Practices'],
      },
      RecordState: 'ACTIVE',
      // Last: it names what the fields above had no room for.
      ProductFields: productFields(finding, { rule, header, accountName: names.get(finding.account) }, fitter),
    };
  };
}

function partitionOf({ resource, account }: Finding, { run }: ReportHeader): string {
  return parseArn(resource)?.partition ?? parseArn(run.callers[account] ?? '')?.partition ?? 'aws';
}

function isUrl(text: string): boolean {
  return text.startsWith('https://') && text.length <= limits.productFieldValue && URL.canParse(text);
}

function resourceOf(
  finding: Finding,
  fitter: Fitter,
  { partition, region }: { readonly partition: string; readonly region: string },
): AsffFinding['Resources'][number] {
  const known = (['aws', 'aws-cn', 'aws-us-gov'] as const).find((each) => each === partition);
  return {
    Type: typeNames(finding.kind).asff,
    Id: fitter.text('Resources', finding.resource, limits.resourceId) ?? asffId(finding),
    ...(known === undefined ? {} : { Partition: known }),
    ...(region.length <= limits.region ? { Region: region } : {}),
  };
}

function severityOf({ verdict, severity, waiver }: Finding): AsffFinding['FindingProviderFields']['Severity'] {
  const waived = waiver?.state === 'valid';
  const harmless = waived || verdict === 'pass' || verdict === 'not-applicable';
  return { Label: harmless ? labels.info : labels[severity], Original: waived ? `${severity} (waived)` : severity };
}

function complianceOf({ verdict, missing }: Finding, rule: Pick<RuleRow, 'controls'>, fitter: Fitter): AsffFinding['Compliance'] {
  const requirements = requirementsOf(rule);
  const related = fitter.items('RelatedRequirements', requirements, limits.relatedRequirements, limits.relatedRequirement);
  const standards = fitter.items(
    'AssociatedStandards',
    Object.keys(rule.controls),
    limits.associatedStandards,
    limits.associatedStandard,
  );
  const reasons = (missing ?? []).slice(0, limits.statusReasons).map((each) => ({
    ReasonCode: fitter.text('StatusReasons', each.code ?? each.cause, limits.reasonCode) ?? each.cause,
    Description: fitter.text('StatusReasons', missingLine(each), limits.statusReason) ?? each.cause,
  }));
  if ((missing ?? []).length > reasons.length) fitter.cut.push('StatusReasons');
  return {
    Status: statuses[verdict],
    ...(related.length > 0 ? { RelatedRequirements: [...related] } : {}),
    ...(standards.length > 0 ? { AssociatedStandards: standards.map((StandardsId) => ({ StandardsId })) } : {}),
    ...(reasons.length > 0 ? { StatusReasons: reasons } : {}),
  };
}

/** What the format has no field for. */
function productFields(
  finding: Finding,
  about: {
    readonly rule: Pick<RuleRow, 'controls'>;
    readonly header: ReportHeader;
    readonly accountName: string | null | undefined;
  },
  fitter: Fitter,
): Record<string, string> {
  const { waiver, attestation, key, missing, remediation } = finding;
  const { run, tool } = about.header;
  const values: Record<string, string | null | undefined> = {
    [ownerField.key]: ownerField.value,
    'atrest/finding': finding.id,
    'atrest/rule': finding.rule,
    'atrest/verdict': finding.verdict,
    'atrest/severity': finding.severity,
    'atrest/kind': finding.kind,
    'atrest/resource': finding.resource,
    'atrest/resource-name': finding.name,
    'atrest/account-name': about.accountName,
    'atrest/baseline': finding.baseline,
    'atrest/expected': finding.expected,
    'atrest/actual': finding.actual,
    'atrest/key': key?.arn,
    'atrest/key-level': key?.level,
    'atrest/missing': missing?.map(missingLine).join('; '),
    'atrest/controls': requirementsOf(about.rule).join('; '),
    'atrest/waiver': waiver?.state,
    'atrest/waiver-reason': waiver?.reason,
    'atrest/waiver-owner': waiver?.owner,
    'atrest/waiver-ticket': waiver?.ticket,
    'atrest/waiver-expires': waiver?.expires,
    'atrest/attestation': attestation === null ? null : `${attestation.result} (${attestation.state})`,
    'atrest/attested-by': attestation?.attestedBy,
    'atrest/attestation-expires': attestation?.expires,
    'atrest/attestation-evidence': attestation?.evidence,
    'atrest/remediation': remediation?.text,
    'atrest/remediation-cli': remediation?.cli,
    'atrest/remediation-terraform': remediation?.terraform,
    'atrest/run': run.id,
    'atrest/version': tool.version,
  };
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    const fitted = fitter.text(name, value, limits.productFieldValue);
    if (fitted !== null) fields[name] = fitted;
  }
  if (fitter.cut.length > 0) {
    const named = [...new Set(fitter.cut)].join(', ');
    const where = `cut: ${named}. In full: finding ${finding.id} in report.json of run ${run.id}`;
    fields['atrest/cut'] = new Fitter().text('', where, limits.productFieldValue) ?? where;
  }
  return fields;
}
