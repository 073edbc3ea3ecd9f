import type { RunDocument } from '#inventory/run-folder.js';
import { countControls } from '#model/framework.js';
import { reportSchemaVersion, type EarlierRun, type ReportHeader, type RuleRow } from '#model/report.js';
import type { Rule } from '#model/rule.js';
import type { Evaluation } from './evaluate-run.js';
import type { Judgement } from './judgement.js';
import type { OpenRun } from './open-run.js';
import { useIn } from './waiver-use.js';

/** Everything of a report but its findings. */
export function headerOf(
  open: OpenRun,
  { tally, coverage, keys, lineage, errors, complete, waiving }: Evaluation,
  { finishedAt, earlier }: { readonly finishedAt: string; readonly earlier: readonly EarlierRun[] },
): ReportHeader {
  const { run, judgement } = open;
  const waivers = waiving.rows(useIn(open, coverage));
  const summary = tally.summary();
  const rules = judgement.rules.map((rule) => ruleRow(rule, run, judgement));
  return {
    schemaVersion: reportSchemaVersion,
    tool: run.tool,
    run: {
      id: run.id,
      startedAt: run.startedAt,
      finishedAt,
      complete,
      baseline: Object.fromEntries(run.accounts.map(({ id, baseline }) => [id, baseline])),
      ...reasonsOf(judgement),
      callers: Object.fromEntries(run.accounts.map(({ id, caller }) => [id, caller])),
      homeRegion: run.homeRegion,
    },
    scope: {
      accounts: run.accounts.map(({ id, name, path, state, reason, governedBy = null }) => ({
        ...{ id, name, path, state, reason },
        governedBy,
      })),
      regions: [...new Set(run.accounts.flatMap(({ regions }) => regions))].sort(),
    },
    coverage: [...coverage],
    summary,
    ...(earlier.length > 0 && { earlier: [...earlier] }),
    ...(waivers.length > 0 && { waivers: [...waivers] }),
    errors: [...errors],
    rules,
    keys: [...keys],
    ...(lineage !== undefined && { lineage }),
    frameworks: judgement.frameworks.map((framework) => countControls(framework, { run: { complete }, summary, rules })),
  };
}

/** Left out where nobody gave any. */
function reasonsOf({ baselines }: Judgement): Pick<ReportHeader['run'], 'reasons'> {
  const byName = new Map([...baselines.values()].map((each) => [each.name, each.reasons ?? []]));
  const reasons = [...byName].flatMap(([baseline, said]) => said.map((each) => ({ baseline, ...each })));
  return reasons.length === 0 ? {} : { reasons };
}

function ruleRow(
  { id, title, severity, kinds, docs }: Rule,
  { accounts }: RunDocument,
  { controls, baselines }: Judgement,
): RuleRow {
  const judged = accounts.filter(({ state }) => state !== 'skipped');
  return {
    id,
    title,
    severity,
    kinds: [...kinds],
    why: docs.why,
    source: docs.source,
    controls: copyOf(controls.get(id) ?? {}),
    offIn: judged.flatMap((account) => (baselines.get(account.id)?.rules.has(id) === true ? [] : [account.id])),
  };
}

function copyOf(controls: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(controls).map(([framework, ids]) => [framework, [...ids]]));
}
