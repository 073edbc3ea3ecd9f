import type { AccountRow, Finding, ReportHeader, RuleRow, SeenFacet } from '#model/report.js';

/**
 * How findings stand in the page: by columns, each with the list of its distinct values. Of a message or a command, what
 * the finding's other columns say (its ARN, its name) is folded into one character, so that findings share their texts.
 */

/** Columns whose values stand as they are. */
export const plainColumns = [
  'id',
  'rule',
  'verdict',
  'severity',
  'baseline',
  'account',
  'region',
  'kind',
  'resource',
  'key',
  'level',
  'waiver',
  'attestation',
  'change',
  'firstSeen',
  'lastChanged',
] as const;
/** Columns whose values are folded. */
export const foldedColumns = ['name', 'message', 'expected', 'actual', 'evidence', 'missing', 'fix', 'cli', 'terraform'] as const;
export const columns = [...plainColumns, ...foldedColumns] as const;

export type PlainColumn = (typeof plainColumns)[number];
export type FoldedColumn = (typeof foldedColumns)[number];
export type Column = PlainColumn | FoldedColumn;
export type Cells = Readonly<Record<Column, string | null>>;

/** The first line of the data; a line for each column follows. */
export interface IslandHead {
  readonly rows: number;
  /** Findings of the run. */
  readonly total: number;
  readonly run: Pick<ReportHeader['run'], 'id' | 'startedAt'>;
  readonly tool: ReportHeader['tool'];
  /** SHA-256 of the manifest of the run; null: not known. */
  readonly manifestSha256: string | null;
  /** The key that signs the evidence pack that the page is part of; null: none. */
  readonly signedBy: NonNullable<ReportHeader['signedBy']> | null;
  /** The earlier run that it is compared with; null: none. */
  readonly against: string | null;
  /** When the first run began whose findings are remembered; null: none is. */
  readonly rememberedFrom: string | null;
  /** What was read of the resources of the worst findings, by ARN. */
  readonly seen: Readonly<Record<string, readonly SeenFacet[]>>;
  readonly rules: readonly Pick<RuleRow, 'id' | 'title' | 'why' | 'source' | 'controls'>[];
  readonly accounts: readonly Pick<AccountRow, 'id' | 'name' | 'path'>[];
}

/** A column's line. A row is 0 for the next value that none had before, n for the nth from the end of those seen. No rows: all have the one value. */
export interface ColumnLine {
  readonly values: readonly (string | null)[];
  readonly rows: readonly number[];
}

/** What may be folded into the texts of a finding. */
export interface Owned {
  readonly resource: string;
  readonly account: string;
  readonly region: string;
  readonly key?: string | null;
  readonly name?: string | null;
}

const foldable = /[\u0001-\u0006]/g;
const reserved = /[\u0001-\u0007]/;
const verbatim = '\u0007';

/** The part of an ARN by which people call the resource. */
export function tailOf(resource: string): string {
  return resource.slice(Math.max(resource.lastIndexOf('/'), resource.lastIndexOf(':')) + 1);
}

function valuesOf({ resource, account, region, key, name }: Owned): readonly (string | null | undefined)[] {
  return [resource, key, tailOf(resource), name, account, region];
}

/** Makes texts fold: with the finding's own values as one character each. */
export function folding(owned: Owned): (text: string) => string {
  // A value with such a character in it would be taken apart by a later one; a short one saves nothing.
  const foldables = valuesOf(owned).flatMap((value, index) =>
    !value || value.length < 4 || reserved.test(value) ? [] : [{ value, character: String.fromCharCode(index + 1) }],
  );
  return (text) => {
    if (reserved.test(text)) return verbatim + text;
    let folded = text;
    for (const { value, character } of foldables) if (folded.includes(value)) folded = folded.replaceAll(value, character);
    return folded;
  };
}

/** What was folded. */
export function unfold(folded: string, owned: Owned): string {
  if (folded.startsWith(verbatim)) return folded.slice(1);
  const values = valuesOf(owned);
  return folded.replace(foldable, (character) => values[character.charCodeAt(0) - 1] ?? '');
}

/** The stretches of a folded text that are the same in every finding that has it; of a text that is not folded, itself. */
export function literalsOf(folded: string): readonly string[] {
  return folded.startsWith(verbatim) ? [folded] : folded.split(foldable);
}

/** A finding as the values of its columns; `change` is how it stands to an earlier run. */
export function cellsOf(finding: Finding, change: string | null = null): Cells {
  const { id, rule, verdict, severity, baseline, account, region, kind, resource, name, key, remediation } = finding;
  const place = { resource, account, region };
  const fold = folding({ ...place, name, key: key?.arn ?? null });
  const text = (value: string | null | undefined) => (value === null || value === undefined ? null : fold(value));
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value));
  return {
    ...{ id, rule, verdict, severity, baseline, account, region, kind, resource },
    key: key?.arn ?? null,
    level: key?.level ?? null,
    waiver: json(finding.waiver),
    attestation: json(finding.attestation),
    change,
    firstSeen: finding.firstSeen ?? null,
    lastChanged: finding.lastChanged ?? null,
    name: folding(place)(name),
    message: text(finding.message),
    expected: text(finding.expected),
    actual: text(finding.actual),
    evidence: text(JSON.stringify(finding.evidence)),
    missing: text(json(finding.missing)),
    fix: text(remediation?.text),
    cli: text(remediation?.cli),
    terraform: text(remediation?.terraform),
  };
}

/** The finding that `cellsOf` was given. */
export function findingOf(cells: Cells): Finding {
  const plain = (column: PlainColumn) => cells[column] ?? '';
  const place = { resource: plain('resource'), account: plain('account'), region: plain('region') };
  const owned = { ...place, key: cells.key, name: unfold(cells.name ?? '', place) };
  const text = (column: FoldedColumn) => {
    const folded = cells[column];
    return folded === null ? null : unfold(folded, owned);
  };
  const json = (value: string | null) => (value === null ? null : (JSON.parse(value) as unknown));
  const fix = text('fix');
  // What went in was a finding, checked as such when the run was read.
  return {
    id: plain('id'),
    rule: plain('rule'),
    verdict: plain('verdict'),
    severity: plain('severity'),
    baseline: plain('baseline'),
    ...place,
    kind: plain('kind'),
    name: owned.name,
    message: text('message') ?? '',
    expected: text('expected'),
    actual: text('actual'),
    evidence: json(text('evidence')),
    key: cells.key === null ? null : { arn: cells.key, level: cells.level },
    waiver: json(cells.waiver),
    attestation: json(cells.attestation),
    missing: json(text('missing')),
    remediation: fix === null ? null : { text: fix, cli: text('cli'), terraform: text('terraform') },
    ...(cells.firstSeen !== null && { firstSeen: cells.firstSeen }),
    ...(cells.lastChanged !== null && { lastChanged: cells.lastChanged }),
  } as Finding;
}
