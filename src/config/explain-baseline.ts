import { openQuestions, type PartlyKnownAccount } from '#model/account-selector.js';
import type { Selector } from '#model/baseline.js';
import type { Catalogue } from '#model/framework.js';
import { compareText } from '#model/place.js';
import type { Rule } from '#model/rule.js';
import type { Severity } from '#model/severity.js';
import { choicesOf, resolveBaselines, settingsOf, type BaselineConfig } from './baselines.js';
import type { Locate } from './checked-yaml.js';
import type { Origin, Setting } from './rule-setting.js';

/** Why an account has, or may have, a baseline. */
export interface Assignment {
  readonly baseline: string;
  /** Where the assignment is written; null: none fits, and every other account has `recommended`. */
  readonly at: string | null;
  /** What has to be known of the account to say that it fits; empty: it does. */
  readonly unknown: readonly string[];
}

/** A rule in a baseline, each fact with who said it. */
export interface ExplainedRule {
  readonly id: string;
  readonly title: string;
  readonly on: boolean;
  /** Null: no baseline that this one stands on has ever turned the rule on or off. */
  readonly from: Origin | null;
  readonly severity: Severity;
  /** Null: the rule's own. */
  readonly severityFrom: Origin | null;
  /** Options in force; those without an origin are the rule's defaults. */
  readonly options: Readonly<Record<string, { readonly value: unknown; readonly from: Origin | null }>>;
}

export interface ExplainedBaseline {
  readonly name: string;
  /** The baselines that it stands on, itself first, with where they are written; null: it comes with atrest. */
  readonly chain: readonly { readonly name: string; readonly at: string | null; readonly extends: readonly string[] }[];
  readonly cmkRequired: readonly Selector[];
  readonly rules: readonly ExplainedRule[];
}

/**
 * The baselines that an account may have, in the order in which they are tried: one, unless what AWS alone knows of the
 * account decides. The last is the one that it has if none before it fits.
 */
export function assignmentsOf(
  assign: BaselineConfig['assign'],
  account: PartlyKnownAccount,
  locate: Locate,
): readonly Assignment[] {
  const possible: Assignment[] = [];
  for (const [index, { baseline, accounts }] of (assign ?? []).entries()) {
    const questions = accounts === undefined ? [[]] : choicesOf(accounts).map((choice) => openQuestions(choice, account));
    const open = questions.filter((each) => each !== undefined);
    if (open.length === 0) continue;
    const unknown = open.some((each) => each.length === 0) ? [] : [...new Set(open.flat())];
    possible.push({ baseline, at: locate(['assign', index]), unknown });
    if (unknown.length === 0) return possible;
  }
  return [...possible, { baseline: 'recommended', at: null, unknown: [] }];
}

/** A baseline with who said what of it. Rejects what does not fit the catalogue, as a scan does. */
export function explainBaseline(catalogue: Catalogue, config: BaselineConfig, locate: Locate, name: string): ExplainedBaseline {
  const baseline = resolveBaselines(catalogue, config, locate).get(name);
  const settings = settingsOf(catalogue, config, locate, name);
  return {
    name,
    chain: chainOf(name, config, locate),
    cmkRequired: baseline?.cmkRequired ?? [],
    rules: catalogue.rules
      .map((rule) => explainRule(rule, settings.get(rule.id), baseline?.rules.get(rule.id)?.options))
      .sort((a, b) => compareText(a.id, b.id)),
  };
}

/** `set`: the options as the rule's schema put them out, where the baseline sets any. */
function explainRule({ id, title, severity, options }: Rule, setting: Setting | undefined, set: unknown): ExplainedRule {
  const values = setting?.on === true ? ((set ?? options?.parse({}) ?? {}) as Readonly<Record<string, unknown>>) : {};
  return {
    ...{ id, title },
    on: setting?.on === true,
    from: setting?.from ?? null,
    severity: setting?.severity ?? severity,
    severityFrom: setting?.severityFrom ?? null,
    options: Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, { value, from: setting?.optionsFrom[key] ?? null }]),
    ),
  };
}

function chainOf(name: string, config: BaselineConfig, locate: Locate): ExplainedBaseline['chain'] {
  const chain = new Map<string, ExplainedBaseline['chain'][number]>();
  const follow = (each: string): void => {
    if (chain.has(each)) return;
    const own = config.baselines?.[each];
    const bases = typeof own?.extends === 'string' ? [own.extends] : (own?.extends ?? []);
    chain.set(each, { name: each, at: own === undefined ? null : locate(['baselines'], each), extends: bases });
    bases.forEach(follow);
  };
  follow(name);
  return [...chain.values()];
}
