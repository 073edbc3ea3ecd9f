import type { Finding, ReportFormat } from '#model/report.js';
import { inChunks } from '../chunks.js';
import { missingLine } from '../missing-text.js';
import { rulesOf, type KnownRules } from '../rules.js';
import { byteOrderMark, line } from './line.js';

/** `report.csv`: a row for each finding, for people and their spreadsheets. */
export const csv: ReportFormat = {
  name: 'csv',
  file: 'report.csv',
  render: csvOf,
};

/** What of a report the rows are made from. */
interface CsvSource {
  readonly header: KnownRules & {
    readonly run: { readonly id: string };
    readonly scope: { readonly accounts: readonly { readonly id: string; readonly name: string | null }[] };
  };
  findings(): AsyncIterable<Finding>;
}

/** The rows with their heading, in pieces. */
export function csvOf(source: CsvSource): AsyncIterable<string> {
  return inChunks(rows(source));
}

/** Columns keep their place; later ones go to the end. */
const columns = [
  'id',
  'rule',
  'title',
  'verdict',
  'severity',
  'waived',
  'account',
  'account_name',
  'region',
  'kind',
  'resource',
  'name',
  'message',
  'expected',
  'actual',
  'key',
  'key_level',
  'missing',
  'controls',
  'baseline',
  'waiver_state',
  'waiver_reason',
  'waiver_owner',
  'waiver_ticket',
  'waiver_expires',
  'attestation',
  'attested_by',
  'attestation_expires',
  'remediation',
  'remediation_cli',
  'run',
  'first_seen',
  'last_changed',
] as const;

type Row = Readonly<Record<(typeof columns)[number], string | null | undefined>>;

async function* rows({ header, findings }: CsvSource): AsyncGenerator<string> {
  yield byteOrderMark + line(columns);
  const ruleOf = rulesOf(header);
  const names = new Map(header.scope.accounts.map(({ id, name }) => [id, name]));
  for await (const finding of findings()) {
    const row = rowOf(finding, ruleOf(finding), { accountName: names.get(finding.account), run: header.run.id });
    yield line(columns.map((column) => row[column] ?? ''));
  }
}

function rowOf(
  finding: Finding,
  { title, controls }: { readonly title: string; readonly controls: Readonly<Record<string, readonly string[]>> },
  { accountName, run }: { readonly accountName: string | null | undefined; readonly run: string },
): Row {
  const { waiver, attestation, key, missing, remediation } = finding;
  return {
    id: finding.id,
    rule: finding.rule,
    title,
    verdict: finding.verdict,
    severity: finding.severity,
    waived: waiver?.state === 'valid' ? 'yes' : 'no',
    account: finding.account,
    account_name: accountName,
    region: finding.region,
    kind: finding.kind,
    resource: finding.resource,
    name: finding.name,
    message: finding.message,
    expected: finding.expected,
    actual: finding.actual,
    key: key?.arn,
    key_level: key?.level,
    missing: missing?.map(missingLine).join('; '),
    controls: Object.entries(controls)
      .map(([framework, ids]) => `${framework}: ${ids.join(', ')}`)
      .join('; '),
    baseline: finding.baseline,
    waiver_state: waiver?.state,
    waiver_reason: waiver?.reason,
    waiver_owner: waiver?.owner,
    waiver_ticket: waiver?.ticket,
    waiver_expires: waiver?.expires,
    attestation: attestation === null ? null : `${attestation.result} (${attestation.state})`,
    attested_by: attestation?.attestedBy,
    attestation_expires: attestation?.expires,
    remediation: remediation?.text,
    remediation_cli: remediation?.cli,
    run,
    first_seen: finding.firstSeen,
    last_changed: finding.lastChanged,
  };
}
