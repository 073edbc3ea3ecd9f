import { z } from 'zod';
import { cellStates } from './coverage.js';
import type { Language } from './language.js';
import { levels } from './level.js';
import { KeyRow, Missing, SnapshotLineage } from './report-parts.js';
import { redactions } from './redaction.js';
import { severities } from './severity.js';

export * from './report-parts.js';

/** The report document: what `report.json` holds and what every format renders. */
export const reportSchemaVersion = '1.0';

const severity = z.enum(severities);
const count = z.int().nonnegative();
const endDate = z.string().nullable().meta({ description: 'Last valid day, as YYYY-MM-DD; null: it has no end' });
const statement = z.string().meta({ description: 'Where it is written, as file:line:column' });

/** What a waiver says of a finding. One that has expired covers nothing, and is shown so that nobody wonders. */
export const WaiverNote = z.object({
  state: z.enum(['valid', 'expired']),
  reason: z.string(),
  owner: z.string().nullable(),
  ticket: z.string().nullable(),
  approvedBy: z.string().nullable(),
  expires: endDate,
  source: statement,
});
export type WaiverNote = z.infer<typeof WaiverNote>;

/** What somebody attests of what could not be read. It decides an unknown for the gate; the verdict stays unknown. */
export const AttestationNote = z.object({
  state: z.enum(['valid', 'expired']),
  result: z.enum(['pass', 'fail']),
  reason: z.string().nullable(),
  attestedBy: z.string(),
  attestedOn: z.string().meta({ description: 'YYYY-MM-DD' }),
  evidence: z.string().nullable().meta({ description: 'Link to what proves it' }),
  expires: endDate,
  source: statement,
});
export type AttestationNote = z.infer<typeof AttestationNote>;

/** A waiver or an attestation as a whole: how it stands to its end, and whether it means anything of the run. */
export const StatementRow = z.object({
  type: z.enum(['waiver', 'attestation']),
  rule: z.string().meta({ description: "A rule's id, or a glob over ids" }),
  by: z.string().nullable().meta({ description: 'Who owns a waiver; who attests' }),
  reason: z.string().nullable(),
  expires: endDate,
  state: z.enum(['valid', 'expiring', 'expired']).meta({ description: 'expiring: in 14 days or less' }),
  matches: count.meta({ description: 'Findings that it means: fails and unknowns of a waiver, unknowns of an attestation' }),
  use: z
    .enum(['used', 'unused', 'not-evaluated'])
    .meta({ description: 'not-evaluated: it means nothing of the run, but not all that it could mean was judged' }),
  source: statement,
});
export type StatementRow = z.infer<typeof StatementRow>;

export const Finding = z.object({
  id: z.string().meta({ description: 'Digest of rule, resource, account and region; stable between runs' }),
  rule: z.string(),
  verdict: z.enum(['pass', 'fail', 'unknown', 'not-applicable']),
  severity,
  baseline: z.string().meta({ description: 'The baseline that asked for it' }),
  account: z.string(),
  region: z.string(),
  kind: z.string(),
  resource: z.string().meta({ description: 'Full ARN' }),
  name: z.string(),
  message: z.string(),
  expected: z.string().nullable(),
  actual: z.string().nullable(),
  evidence: z.record(z.string(), z.unknown()).meta({ description: 'Observed values that decided the verdict' }),
  key: z
    .object({ arn: z.string(), level: z.enum(levels).nullable() })
    .nullable()
    .meta({ description: 'The key that the resource is encrypted under' }),
  waiver: WaiverNote.nullable().meta({ description: 'On a fail or unknown: the waiver that speaks of it' }),
  attestation: AttestationNote.nullable().meta({ description: 'On an unknown: the attestation that speaks of it' }),
  missing: z.array(Missing).nullable().meta({ description: 'On an unknown: what could not be read' }),
  remediation: z.object({ text: z.string(), cli: z.string().nullable(), terraform: z.string().nullable() }).nullable(),
  firstSeen: z.string().optional().meta({
    description: 'Start of the first run of the history that had the finding, fail or unknown; left out: not known',
  }),
  lastChanged: z
    .string()
    .optional()
    .meta({ description: 'Start of the run since which verdict and severity are what they are; left out: not known' }),
});
export type Finding = z.infer<typeof Finding>;

const waived = count.optional().meta({ description: 'Fails that a valid waiver covers, not among fail; left out: none' });
const attested = count
  .optional()
  .meta({ description: 'Of the unknowns, those that a valid attestation decides; left out: none' });

const RuleCounts = z.object({ pass: count, fail: count, unknown: count, notApplicable: count, error: count, waived, attested });
export type RuleCounts = z.infer<typeof RuleCounts>;
const SeverityCounts = z.object({ fail: count, waived: count, unknown: count });

const bySeverity = z.record(severity, count);
export const AccountCounts = z.object({
  pass: bySeverity,
  fail: bySeverity,
  unknown: bySeverity,
  waived: bySeverity.optional().meta({ description: 'Fails that a valid waiver covers, not among fail; left out: none' }),
});
export type AccountCounts = z.infer<typeof AccountCounts>;

export const CoverageRow = z.object({
  account: z.string(),
  region: z.string(),
  service: z.string(),
  state: z.enum(cellStates),
  reason: z.string().nullable(),
  operations: z.array(
    z.object({
      operation: z.string(),
      calls: count,
      errors: count,
      code: z.string().nullable(),
      throttles: count.optional().meta({ description: 'Answers that asked to come back later; left out: none' }),
    }),
  ),
});
export type CoverageRow = z.infer<typeof CoverageRow>;

/** The line of a config that governs an account: its path is relative to the repository, with forward slashes. */
export const ConfigLine = z.object({ file: z.string(), line: z.int().positive() });
export type ConfigLine = z.infer<typeof ConfigLine>;

export const AccountRow = z.object({
  id: z.string(),
  name: z.string().nullable(),
  path: z.string().nullable(),
  state: z.enum(['scanned', 'skipped', 'failed']),
  reason: z.string().nullable(),
  governedBy: ConfigLine.nullable().optional().meta({ description: 'Null or left out: no config in the repository does' }),
});
export type AccountRow = z.infer<typeof AccountRow>;

export const RuleRow = z.object({
  id: z.string(),
  title: z.string(),
  severity,
  kinds: z.array(z.string()),
  why: z.string().meta({ description: 'Why a reader should care' }),
  source: z.string(),
  controls: z.record(z.string(), z.array(z.string())),
  offIn: z.array(z.string()).meta({ description: 'Accounts of the run whose baseline leaves the rule out' }),
});
export type RuleRow = z.infer<typeof RuleRow>;

export const ControlRow = z.object({
  id: z.string(),
  title: z.string().nullable(),
  rules: z.array(z.string()).meta({ description: 'Rules that were on and speak to the control' }),
  off: z.array(z.string()).meta({ description: 'Rules that speak to it and were not on for any account' }),
  offIn: z
    .record(z.string(), z.array(z.string()))
    .meta({ description: 'Of the rules that were on, those that were off for some accounts, with these' }),
  notCovered: z.array(z.string()).meta({ description: 'What it asks for that no rule looks at' }),
  covered: z
    .enum(['full', 'part', 'none'])
    .meta({ description: 'full: every rule was on in every account, none threw, and nothing is not covered' }),
  pass: count,
  fail: count,
  unknown: count,
  error: count.meta({ description: 'Verdicts that are lacking because a rule threw' }),
  waived,
  attested,
});
export type ControlRow = z.infer<typeof ControlRow>;

export const FrameworkRow = z.object({
  id: z.string(),
  title: z.string(),
  version: z.string(),
  complete: z.boolean().meta({ description: 'Of the run; false: not all that the controls ask about could be read' }),
  controls: z.array(ControlRow),
});
export type FrameworkRow = z.infer<typeof FrameworkRow>;

/** Figures of a run of the same scope that ended before. */
export const EarlierRun = z.object({
  run: z.string(),
  startedAt: z.string(),
  complete: z.boolean(),
  score: z.number().min(0).max(1).nullable(),
  fail: count.meta({ description: 'Fails that no valid waiver covered' }),
  unknown: count,
  severities: z.partialRecord(severity, count).optional().meta({ description: 'Fails by severity; left out: by older versions' }),
});
export type EarlierRun = z.infer<typeof EarlierRun>;

/** Everything of the report but its findings, which are streamed. */
export const ReportHeader = z.object({
  schemaVersion: z.literal(reportSchemaVersion),
  redacted: z
    .array(z.enum(redactions))
    .optional()
    .meta({ description: 'What pseudonyms stand for, which hold in this report alone; left out: nothing' }),
  tool: z.object({ name: z.literal('atrest'), version: z.string() }),
  run: z.object({
    id: z.string(),
    startedAt: z.string(),
    finishedAt: z.string(),
    complete: z.boolean(),
    baseline: z.record(z.string(), z.string()),
    reasons: z
      .array(z.object({ baseline: z.string(), rule: z.string(), state: z.string(), reason: z.string() }))
      .optional()
      .meta({ description: 'Why baselines of the run have rules off or at another severity, as the config says' }),
    callers: z.record(z.string(), z.string().nullable()).meta({ description: 'Caller ARN by account' }),
    homeRegion: z
      .string()
      .optional()
      .meta({ description: 'Where what belongs to no region was asked for; left out: by older runs' }),
  }),
  scope: z.object({ accounts: z.array(AccountRow), regions: z.array(z.string()) }),
  coverage: z.array(CoverageRow),
  summary: z.object({
    resources: count,
    byRule: z.record(z.string(), RuleCounts),
    bySeverity: z.record(severity, SeverityCounts),
    byAccount: z.record(z.string(), AccountCounts).optional().meta({ description: 'Of accounts of which anything was judged' }),
    score: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .meta({ description: 'pass / (pass + fail + waived); null when nothing was evaluated' }),
    waived: count.meta({ description: 'Fails that a valid waiver covers' }),
    attested: z
      .object({ pass: count, fail: count })
      .optional()
      .meta({ description: 'Unknowns that a valid attestation decides; left out: none' }),
  }),
  earlier: z
    .array(EarlierRun)
    .optional()
    .meta({ description: 'The last runs of the same scope, oldest first; left out: none, or no history that knows them' }),
  rememberedFrom: z.string().optional().meta({
    description: 'Start of the first run whose findings are remembered: what was first seen then may be older; left out: none',
  }),
  waivers: z.array(StatementRow).optional().meta({ description: 'Waivers and attestations of the run; left out: it has none' }),
  errors: z.array(z.object({ rule: z.string(), resource: z.string(), message: z.string() })),
  rules: z.array(RuleRow),
  keys: z.array(KeyRow),
  lineage: SnapshotLineage.optional().meta({
    description: 'Chains of snapshot copies that leave a region or an account; left out: none, or by older runs',
  }),
  frameworks: z.array(FrameworkRow).meta({ description: 'Those asked for, with findings counted by control' }),
  signedBy: z
    .object({ algorithm: z.string(), fingerprint: z.string() })
    .optional()
    .meta({ description: 'The key that signs the evidence pack that the report is part of; left out: unsigned' }),
});
export type ReportHeader = z.infer<typeof ReportHeader>;

export const Report = ReportHeader.extend({ findings: z.array(Finding) }).meta({
  title: 'atrest report',
  description: 'What atrest read of encryption at rest, and what its rules say of it',
});
export type Report = z.infer<typeof Report>;

/** How a finding stands to an earlier run. What became unread is `not-evaluated`, never `fixed`. */
export const changes = ['new', 'worse', 'changed-key', 'unchanged', 'better', 'fixed', 'gone', 'not-evaluated'] as const;
export type Change = (typeof changes)[number];

/**
 * A finding of two runs. Of `fixed` and `gone` only `before` is there, of `new` only `after`; of `better` and
 * `not-evaluated` either may be lacking: what passes or was not judged is no finding.
 */
export interface ComparedFinding {
  readonly change: Change;
  /** In words, where the two findings do not say it: why it is not evaluated, what was before it was new. */
  readonly reason?: string | undefined;
  readonly before: Finding | null;
  readonly after: Finding | null;
}

/** An earlier run that a report is compared with. */
export interface Comparison {
  /** Id of the earlier run. */
  readonly run: string;
  /** Every finding of either run once, in report order. */
  findings(): AsyncIterable<ComparedFinding>;
}

/** What a call answered of a resource. */
export interface SeenFacet {
  readonly facet: string;
  /** As JSON, the beginning of it where it is long; `absent` and `unread` stand for themselves. */
  readonly value: string;
  readonly operation: string;
  readonly requestId: string | null;
  /** When AWS answered, by its own clock. */
  readonly date: string | null;
}

/** What a renderer gets: the header, and the findings as often as it wants to read them, in report order. */
export interface ReportSource {
  readonly header: ReportHeader;
  /** Left out: no earlier run was named. */
  readonly against?: Comparison;
  /** SHA-256 of the manifest of the run, which has those of all its files; left out: the run is not finished. */
  readonly manifestSha256?: string;
  /** Address of the page that links this one with those of other accounts; left out: there is none. */
  readonly index?: string;
  /** That of formats that people read; left out: English. */
  readonly language?: Language;
  findings(): AsyncIterable<Finding>;
  /** What was read of the resources of some findings, by ARN; left out: nobody knows. */
  seen?(findings: readonly Finding[]): Promise<ReadonlyMap<string, readonly SeenFacet[]>>;
  /** The same as the lines of JSON that they are stored as, in batches; left out: they are not stored as they are shown. */
  lines?(): AsyncIterable<readonly string[]>;
}

/** A report format: bytes out, in pieces, so that no report is ever one string. */
export interface ReportFormat {
  readonly name: string;
  /** Null: it has no file and goes to stdout. */
  readonly file: string | null;
  render(source: ReportSource): AsyncIterable<string>;
}
