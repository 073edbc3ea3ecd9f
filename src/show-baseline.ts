import { assignmentsOf, explainBaseline, type Assignment, type ExplainedBaseline } from '#config/explain-baseline.js';
import type { LoadedConfig } from '#config/load.js';
import type { Config } from '#config/schema.js';
import { readRun, type RunAccount } from '#inventory/run-folder.js';
import type { PartlyKnownAccount } from '#model/account-selector.js';
import { AtrestError } from '#model/errors.js';
import type { Catalogue } from '#model/framework.js';

export interface ShowBaselineRequest {
  readonly catalogue: Catalogue;
  readonly configured: Pick<LoadedConfig, 'config' | 'locate'>;
  readonly account: string;
  /** A finished or unfinished run that saw the account. */
  readonly run: string | undefined;
  /** What the caller says of the account. */
  readonly said: {
    readonly name: string | undefined;
    readonly paths: readonly string[];
    readonly tags: Readonly<Record<string, string>>;
  };
}

/** The baseline of an account, as far as it follows from what is known without asking AWS. */
export interface ShownBaseline {
  readonly account: string;
  /** Null: what AWS alone knows decides which of `candidates` it is. */
  readonly baseline: ExplainedBaseline | null;
  /** The assignments in the order in which they are tried; the first whose `unknown` is empty, or fits, counts. */
  readonly candidates: readonly Assignment[];
  /** The run that said which of them it is; null: none was needed. */
  readonly asInRun: string | null;
}

/** Which baseline an account has and why, and where each of its rules, severities and options comes from. */
export async function showBaseline(request: ShowBaselineRequest): Promise<ShownBaseline> {
  const { catalogue, account, configured, run } = request;
  const { config, locate } = configured;
  const explained = (name: string): ExplainedBaseline => explainBaseline(catalogue, config, locate, name);
  const seen = run === undefined ? undefined : await seenIn(run, account);
  const candidates = assignmentsOf(config.assign, knownOf(request, seen?.account), locate);
  const [first] = candidates;
  if (first?.unknown.length === 0) return { account, baseline: explained(first.baseline), candidates: [first], asInRun: null };
  // A run does not keep tags, but it does keep what they led to, as long as the assignments are still the same.
  const judgedBy = seen?.sameAssign(config) === true ? seen.account.baseline : undefined;
  const chosen = candidates.find(({ baseline }) => baseline === judgedBy);
  if (chosen === undefined) return { account, baseline: null, candidates, asInRun: null };
  return { account, baseline: explained(chosen.baseline), candidates: [chosen], asInRun: run ?? null };
}

async function seenIn(run: string, id: string) {
  const document = await readRun(run);
  const account = document.accounts.find((each) => each.id === id);
  if (account === undefined) throw new AtrestError('usage', `The run ${run} has not seen account ${id}`);
  const { assign } = document.config as Config;
  return { account, sameAssign: (config: Config) => JSON.stringify(assign) === JSON.stringify(config.assign) };
}

/** What the caller says stands over the run, and that over the config. Outside an organisation, there is no more to know. */
function knownOf({ configured, account: id, said }: ShowBaselineRequest, seen: RunAccount | undefined): PartlyKnownAccount {
  const { organization, accounts = [] } = configured.config.scope ?? {};
  const unsaid = organization === undefined ? null : undefined;
  const named = accounts.find((each) => typeof each !== 'string' && each.id === id);
  const own = typeof named === 'object' ? named : undefined;
  return {
    id,
    name: said.name ?? seen?.name ?? own?.name ?? unsaid,
    path: said.paths.find(isByIds) ?? seen?.path ?? own?.path ?? unsaid,
    namePath: said.paths.find((path) => !isByIds(path)) ?? seen?.namePath ?? unsaid,
    tags: { ...own?.tags, ...said.tags },
    hasAllTags: organization === undefined,
  };
}

/** `o-…/r-…/ou-…` rather than `Root/Prod`. */
function isByIds(path: string): boolean {
  return /^(o|r|ou)-/.test(path);
}
