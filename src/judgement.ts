import type { TagUse } from '#collect/asked.js';
import { lookedUp, registryOf, type Registry } from '#collect/registry.js';
import { frameworksOf, resolveBaselines, type BaselineConfig } from '#config/baselines.js';
import type { LookedUp } from '#inventory/edges-file.js';
import type { RunAccount, RunDocument, RunOrganization } from '#inventory/run-folder.js';
import { pathsOf } from '#model/account-selector.js';
import { known, type Missing } from '#model/attempt.js';
import { AtrestError } from '#model/errors.js';
import { looksAtTags, noWaivers, type Waivers } from '#model/waiver.js';
import { usesTags, type Baseline } from '#model/baseline.js';
import type { Language } from '#model/language.js';
import type { ReportFormat } from '#model/report.js';
import { controlsOf, type Catalogue, type Framework, type PluginSource } from '#model/framework.js';
import type { GateConfig } from '#model/gate.js';
import { matchesGlob } from '#model/glob.js';
import { compareText } from '#model/place.js';
import type { Rule } from '#model/rule.js';
import type { TrustBase } from '#model/trust.js';

/** What a run is judged by: the rules that are on for any account, and each account's baseline. */
export interface Judgement {
  readonly rules: readonly Rule[];
  /** What can be collected for them. */
  readonly registry: Registry;
  readonly baselines: ReadonlyMap<string, Baseline>;
  readonly trust: TrustBase;
  readonly waivers: Waivers;
  /** OU paths by account, where the scope knows them: by ids, by names. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  /** Frameworks to count: those asked for, and those that are a baseline. */
  readonly frameworks: readonly Framework[];
  /** Control ids by framework, of each rule. */
  readonly controls: ReadonlyMap<string, Readonly<Record<string, readonly string[]>>>;
  /** Where the rules that are not built in were loaded from, for a thread that has to load them again. */
  readonly plugins: readonly PluginSource[];
  /** Report formats of plugins. */
  readonly formats: readonly ReportFormat[];
}

/** Rules that any of the globs names; all of them when there is none. */
export function selectRules(rules: readonly Rule[], globs: readonly string[]): readonly Rule[] {
  return globs.length === 0 ? rules : rules.filter(({ id }) => globs.some((glob) => matchesGlob(glob, id)));
}

/** What a config says of judging. `run.json` keeps the config as it was. */
export interface JudgingConfig extends BaselineConfig {
  readonly trustedAccounts?: readonly string[] | undefined;
  readonly gate?: GateConfig | undefined;
  readonly lang?: Language | undefined;
}

/** The language that a run was asked for; undefined: none was. What was judged again has it from the config alone. */
export function languageOfRun({ options, config }: Pick<RunDocument, 'options' | 'config'>): Language | undefined {
  return options?.language ?? (config as JudgingConfig).lang;
}

/** The baselines of accounts by name; `--rules` selects among all rules and switches them on. */
export function judgementOf(
  catalogue: Catalogue,
  {
    accounts: all,
    ruleGlobs,
    frameworks,
    config,
    organization,
    waivers = noWaivers,
  }: {
    accounts: readonly (Pick<RunAccount, 'id' | 'path' | 'namePath' | 'baseline'> & { state?: RunAccount['state'] })[];
    ruleGlobs: readonly string[];
    frameworks: readonly string[];
    config: JudgingConfig;
    organization?: RunOrganization | null | undefined;
    waivers?: Waivers | undefined;
  },
): Judgement {
  const { rules } = catalogue;
  const baselines = resolveBaselines(catalogue, config);
  const selected = ruleGlobs.length === 0 ? undefined : selectRules(rules, ruleGlobs);
  // The baseline of an account that is closed asks for nothing.
  const accounts = all.filter(({ state }) => state !== 'skipped');
  const byAccount = new Map<string, Baseline>();
  for (const { id, baseline: name } of accounts) {
    const baseline = baselines.get(name);
    if (baseline === undefined)
      throw new AtrestError('run-folder', `Account ${id} was judged by the baseline ${name}, which is not known here`);
    const settings = selected?.map((rule) => [rule.id, baseline.rules.get(rule.id) ?? { severity: null }] as const);
    // What is switched on by name is on whatever the baseline gives as a reason.
    const reasons = baseline.reasons?.filter(({ state }) => state !== 'off') ?? [];
    byAccount.set(id, settings === undefined ? baseline : { ...baseline, rules: new Map(settings), reasons });
  }
  const on = new Set([...byAccount.values()].flatMap((baseline) => [...baseline.rules.keys()]));
  const judging = rules.filter(({ id }) => on.has(id)).sort((a, b) => compareText(a.id, b.id));
  const asked = new Set([
    ...frameworks,
    ...accounts.flatMap(({ baseline }) => frameworksOf(baseline, config, catalogue.frameworks)),
  ]);
  const counted = catalogue.frameworks.filter(({ id }) => asked.has(id));
  return {
    rules: judging,
    registry: registryOf(catalogue.facets),
    baselines: byAccount,
    waivers,
    frameworks: counted,
    controls: new Map(judging.map(({ id }) => [id, controlsOf(id, counted)])),
    trust: {
      accounts: new Set([...all.map(({ id }) => id), ...(organization?.accounts ?? []), ...(config.trustedAccounts ?? [])]),
      organisation: organization === undefined || organization === null ? null : ownOrganisation(organization),
    },
    paths: new Map(accounts.map((account) => [account.id, pathsOf(account)])),
    plugins: catalogue.plugins ?? [],
    formats: catalogue.formats ?? [],
  };
}

/** All its accounts were listed, or there would be no run. */
function ownOrganisation({ id }: RunOrganization): NonNullable<TrustBase['organisation']> {
  const facet = 'organization/id';
  const operation = 'organizations:ListAccounts';
  const missing: Missing = { facet, operation, action: operation, code: 'Arn', cause: 'absent-field' };
  return { id: id === null ? { known: false, missing: [missing] } : known(id), unlisted: null };
}

/** The options of a rule as a baseline sets them. */
export function optionsOf(rule: Rule, baseline: Baseline): unknown {
  return baseline.rules.get(rule.id)?.options ?? rule.options?.parse({}) ?? {};
}

/** Rules that have something to judge under the options of some account: nothing is read for the others. */
export function configuredRules({ rules, baselines: byAccount }: Judgement): readonly Rule[] {
  const settings = [...byAccount.values()];
  return rules.filter((rule) =>
    settings.some((baseline) => baseline.rules.has(rule.id) && rule.configured(optionsOf(rule, baseline) as never)),
  );
}

/** What looks at tags beside the facets that rules name. */
export function tagUseOf({ baselines: byAccount, waivers: { waivers, attestations }, rules }: Judgement): TagUse {
  const globs = [...waivers, ...attestations].filter(looksAtTags).map(({ rule }) => rule);
  const waived = rules.filter(({ id }) => globs.some((glob) => matchesGlob(glob, id)));
  return { tags: [...byAccount.values()].some(usesTags), waived: new Set(waived.map(({ id }) => id)) };
}

/** What the rules of a run look up, whatever account they judge. */
export function runLookups(judgement: Judgement): LookedUp {
  return lookedUp(configuredRules(judgement), tagUseOf(judgement));
}
