import { hasLapsed } from '#gate/changes.js';
import { isWaived } from '#gate/covered.js';
import type { KnownFinding } from '#gate/known.js';
import { gateSettings, type GateAsked, type GateSettings } from '#gate/settings.js';
import { Gate, type GateVerdict } from '#gate/verdict.js';
import type { Locate } from '#config/checked-yaml.js';
import type { Config } from '#config/schema.js';
import { readRun } from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';
import type { Catalogue } from '#model/framework.js';
import { nearest } from '#model/nearest.js';
import type { ComparedFinding, Comparison, Finding, ReportHeader } from '#model/report.js';
import { compareRuns } from './compare-runs.js';
import { factsOf, readSummary, storedFindings } from './finish-run.js';
import { readKnown } from './known-file.js';
import { staleOf } from './known-run.js';
import type { JudgingConfig } from './judgement.js';

export interface GateOptions extends Omit<GateAsked, 'against' | 'max'> {
  readonly catalogue: Catalogue;
  readonly run: string;
  /** Folder of an earlier run. */
  readonly against: string | undefined;
  /** File of accepted findings. */
  readonly known: string | undefined;
  /** Thresholds by rule id or account id. */
  readonly max: Readonly<Record<string, number>>;
  readonly now: Date;
}

/** A finding that fails the gate, with what became of it since the earlier run. */
export interface GatingFinding {
  readonly finding: Finding;
  readonly isNew: boolean;
  /** In words; null: there is nothing to add. */
  readonly reason: string | null;
}

export interface GateResult extends GateVerdict {
  readonly header: ReportHeader;
  readonly settings: GateSettings;
  /** Id of the earlier run; null: none was named. */
  readonly against: string | null;
  /** Findings that count again, because their waiver has expired. */
  readonly lapsed: number;
  /** Accepted findings that do not occur any more. */
  readonly stale: readonly KnownFinding[];
  /** The findings that fail the gate, in report order. */
  readonly findings: () => AsyncIterable<GatingFinding>;
}

/** Judges a finished run at this moment. */
export async function gateRun(options: GateOptions): Promise<GateResult> {
  const { run, now } = options;
  const header = await readSummary(run);
  const { config } = await readRun(run);
  const comparison = options.against === undefined ? undefined : await compareRuns(options.against, run);
  const known = options.known === undefined ? new Map<string, KnownFinding>() : await readKnown(options.known);
  const max = thresholdsOf(options, header);
  const settings = gateSettings((config as JudgingConfig).gate, { ...options, max, against: comparison !== undefined });
  const gate = new Gate(settings, { known, now });
  // What counts although it is accepted is worse than that, hence new, whatever the earlier run had.
  const isNewAt = (compared: ComparedFinding) => isNew(compared, now) || known.has(compared.after?.id ?? '');
  const seen = new Set<string>();
  let lapsed = 0;
  for await (const compared of comparedOf(run, comparison)) {
    const { after } = compared;
    if (after === null) continue;
    if (known.has(after.id)) seen.add(after.id);
    if (after.waiver !== null && !isWaived(after, now)) lapsed += 1;
    gate.add(after, isNewAt(compared));
  }
  const verdict = gate.judge(factsOf(header));
  return {
    ...verdict,
    header,
    settings,
    against: comparison?.run ?? null,
    lapsed,
    stale: await staleOf(run, known, seen),
    async *findings() {
      for await (const compared of comparedOf(run, comparison)) {
        const { after: finding } = compared;
        if (finding === null || gate.weigh(finding) !== 'counts') continue;
        const fresh = isNewAt(compared);
        const reason = reasonOf(finding, compared, known.get(finding.id), now);
        if (verdict.isGating(finding, fresh)) yield { finding, isNew: fresh, reason };
      }
    },
  };
}

/** What GitHub Actions shows of it beside the files of a change: workflow commands, a line each. */
export async function* githubAnnotations({ header, gaps, lapsed, findings }: GateResult): AsyncGenerator<string> {
  const { annotations } = await import('#reports/github/annotations.js');
  yield* annotations({
    ...{ header, gaps: gaps.length, lapsed },
    async *findings() {
      for await (const { finding } of findings()) yield finding;
    },
  });
}

/** Without an earlier run, every finding is as if it were new. */
async function* comparedOf(run: string, comparison: Comparison | undefined): AsyncGenerator<ComparedFinding> {
  if (comparison !== undefined) yield* comparison.findings();
  else for await (const after of storedFindings(run)) yield { change: 'new', before: null, after };
}

/** New or worse, or an unknown that was none. One that a waiver covered in the earlier run is as new as any. */
function isNew({ change, before, after }: ComparedFinding, now: Date): boolean {
  if (change === 'new' || change === 'worse' || change === 'not-evaluated') return true;
  return after !== null && hasLapsed(before, after, now);
}

function reasonOf(
  finding: Finding,
  { change, reason, before }: ComparedFinding,
  known: KnownFinding | undefined,
  now: Date,
): string | null {
  const { waiver } = finding;
  if (waiver !== null && !isWaived(finding, now)) return `the waiver expired, its last day was ${waiver.expires ?? 'not named'}`;
  if (known !== undefined) return `worse than accepted: ${known.severity}${known.level === null ? '' : `, ${known.level}`}`;
  if (reason !== undefined) return reason;
  return change === 'worse' && before !== null ? `worse: it was ${before.severity}, ${before.actual ?? 'of no level'}` : null;
}

function thresholdsOf({ max, catalogue }: GateOptions, { scope, rules }: ReportHeader): GateSettings['max'] {
  const ids = [...new Set([...rules, ...catalogue.rules].map(({ id }) => id))];
  const accounts = scope.accounts.map(({ id }) => id);
  const isAccount = (name: string) => /^\d{12}$/.test(name);
  for (const name of Object.keys(max)) {
    if ((isAccount(name) ? accounts : ids).includes(name)) continue;
    const close = nearest(name, isAccount(name) ? accounts : ids);
    throw new AtrestError(
      'usage',
      `--max ${name}: ${isAccount(name) ? 'the account is not in the run' : 'there is no such rule'}`,
      {
        hint: close === undefined ? undefined : `Did you mean ${close}?`,
      },
    );
  }
  const pick = (wanted: boolean) => Object.fromEntries(Object.entries(max).filter(([name]) => isAccount(name) === wanted));
  return { rules: pick(false), accounts: pick(true) };
}

/** Refuses thresholds of rules that there are not. Throws a config error with its place. */
export function checkGate({ rules }: Catalogue, { gate }: Config, locate: Locate): void {
  const ids = rules.map(({ id }) => id);
  for (const rule of Object.keys(gate?.max?.rules ?? {})) {
    if (ids.includes(rule)) continue;
    const close = nearest(rule, ids);
    throw new AtrestError('config', `${locate(['gate', 'max', 'rules'], rule)}: there is no rule ${rule}`, {
      hint: close === undefined ? undefined : `Did you mean ${close}?`,
    });
  }
}
