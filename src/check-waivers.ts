import { misfits } from '#gate/conditions.js';
import { Waiving } from '#gate/waiving.js';
import { readRun } from '#inventory/run-folder.js';
import type { Attempt } from '#model/attempt.js';
import { isOver } from '#model/days.js';
import { AtrestError } from '#model/errors.js';
import type { Catalogue } from '#model/framework.js';
import { matchesGlob } from '#model/glob.js';
import type { Finding, StatementRow } from '#model/report.js';
import type { Tags } from '#model/resources/index.js';
import { missingText } from '#model/verdict.js';
import { noWaivers, type Attestation, type Waiver, type Waivers } from '#model/waiver.js';
import { allFindings, type NotesFindings } from './evaluate.js';
import { storedFindings } from './finish-run.js';
import { judgementOf, type JudgingConfig } from './judgement.js';
import { openRun, type OpenRun } from './open-run.js';
import { coverageOf } from './run-coverage.js';
import { refuseWithoutPlugins } from './stored.js';
import { useIn } from './waiver-use.js';

export interface CheckWaiversOptions {
  readonly catalogue: Catalogue;
  /** Undefined: only their dates are looked at. */
  readonly run: string | undefined;
  /** Undefined: those of the run. */
  readonly waivers: Waivers | undefined;
  readonly now: Date;
}

/** How waivers and attestations stand to their ends at this moment, and to the findings of a run. */
export async function checkWaivers({ catalogue, run, waivers, now }: CheckWaiversOptions): Promise<readonly StatementRow[]> {
  if (run === undefined) return new Waiving(waivers ?? noWaivers, now).rows(() => 'not-evaluated');
  const open = await openWith(catalogue, run, waivers);
  const waiving = new Waiving(open.judgement.waivers, now);
  const found = allFindings(open, failing, waiving);
  while ((await found.next()).done !== true);
  return waiving.rows(useIn(open, coverageOf(open).coverage));
}

const failing = { pass: false, explain: false };

async function openWith(catalogue: Catalogue, path: string, waivers: Waivers | undefined): Promise<OpenRun> {
  const run = await readRun(path);
  refuseWithoutPlugins(catalogue, path, run);
  const { accounts, rules: ruleGlobs, frameworks, organization } = run;
  const config = run.config as JudgingConfig;
  const judged = { accounts, ruleGlobs, frameworks, config, organization, waivers: waivers ?? run.waivers };
  return openRun(path, run, judgementOf(catalogue, judged));
}

export interface ExplainWaiversOptions extends CheckWaiversOptions {
  readonly run: string;
  /** Id of a finding. */
  readonly finding: string;
}

/** A condition that does not hold: what was asked for, and what there is. */
export interface Misfit {
  readonly condition: string;
  readonly wanted: string;
  readonly found: string;
}

/** Why a finding is or is not covered. */
export interface WaiverExplanation {
  readonly finding: Pick<Finding, 'id' | 'rule' | 'verdict' | 'severity' | 'account' | 'region' | 'resource'>;
  /** Every waiver and attestation that names the rule; without misfits it means the finding. */
  readonly statements: readonly {
    readonly type: StatementRow['type'];
    readonly source: string;
    readonly rule: string;
    readonly reason: string | null;
    readonly expires: string | null;
    readonly expired: boolean;
    readonly misfits: readonly Misfit[];
  }[];
}

/** Rejects an id that no fail or unknown of the run has. */
export async function explainWaivers(options: ExplainWaiversOptions): Promise<WaiverExplanation> {
  const open = await openWith(options.catalogue, options.run, options.waivers);
  const { finding, paths, tags } = await findFinding(open, options.finding);
  const { waivers, attestations } = open.judgement.waivers;
  const explain = (type: StatementRow['type']) => (wanted: Waiver | Attestation) => {
    const { source, rule, reason, expires } = wanted;
    const names = misfits(wanted, { finding, paths, tags: () => tags });
    const verdict = { condition: 'verdict', wanted: 'unknown', found: finding.verdict };
    return {
      type,
      source,
      rule,
      reason,
      expires,
      expired: isOver(expires, options.now),
      misfits: [
        ...(type === 'attestation' && finding.verdict !== 'unknown' ? [verdict] : []),
        ...names.map((name) => ({ condition: name, wanted: wantedText(wanted[name]), found: foundText(name) })),
      ],
    };
  };
  const foundText = (name: string): string => {
    switch (name) {
      case 'accounts':
        return finding.account;
      case 'regions':
        return finding.region;
      case 'path':
        return paths.length === 0 ? 'no OU path is known' : paths.join(' or ');
      case 'allTags':
      case 'anyTags':
        return tags.known ? wantedText(tags.value) : `tags not read: ${missingText(tags.missing)}`;
      default:
        return finding.resource;
    }
  };
  const { id, rule, verdict, severity, account, region, resource } = finding;
  return {
    finding: { id, rule, verdict, severity, account, region, resource },
    statements: [...waivers.map(explain('waiver')), ...attestations.map(explain('attestation'))].filter((each) =>
      matchesGlob(each.rule, rule),
    ),
  };
}

interface Found {
  readonly finding: Finding;
  readonly paths: readonly string[];
  readonly tags: Attempt<Tags>;
}

async function findFinding(open: OpenRun, id: string): Promise<Found> {
  const account = await accountOf(open.path, id);
  let found: Found | undefined;
  const seeking: NotesFindings = {
    inAccount: (_, paths) => ({
      note: (finding, tags) => {
        if (finding.id === id) found = { finding, paths, tags: tags() };
      },
    }),
  };
  const cells = open.cells.filter(({ cell }) => cell.account === account);
  const findings = allFindings({ ...open, cells }, failing, seeking);
  while (found === undefined && (await findings.next()).done !== true);
  if (found !== undefined) return found;
  throw new AtrestError('run-folder', `${open.path} was judged by other rules than this version has`, {
    hint: 'Judge it again with `atrest evaluate`.',
  });
}

async function accountOf(run: string, id: string): Promise<string> {
  for await (const finding of storedFindings(run)) if (finding.id === id) return finding.account;
  throw new AtrestError('usage', `${run} has no fail or unknown of the id ${id}`, {
    hint: 'Every finding in report.json has its id. What passes needs no waiver.',
  });
}

function wantedText(wanted: unknown): string {
  if (typeof wanted === 'string') return wanted;
  if (Array.isArray(wanted)) return wanted.join(' or ');
  const tags = Object.entries((wanted ?? {}) as Record<string, string | readonly string[]>);
  const texts = tags.map(([key, values]) => `${key}=${typeof values === 'string' ? values : values.join('|')}`);
  return texts.length === 0 ? 'no tags' : texts.join(', ');
}
