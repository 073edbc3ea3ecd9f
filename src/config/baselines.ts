import { isChosen, type AccountChoice, type ChoosableAccount } from '#model/account-selector.js';
import type { Baseline, RuleSetting, Selector } from '#model/baseline.js';
import { AtrestError } from '#model/errors.js';
import type { Catalogue, Framework } from '#model/framework.js';
import { matchesGlob } from '#model/glob.js';
import { nearest } from '#model/nearest.js';
import type { Rule } from '#model/rule.js';
import { isAtLeast } from '#model/severity.js';
import type { Locate } from './checked-yaml.js';
import { changedBy, longForm, plain, reasonsOf, type Origin, type Setting } from './rule-setting.js';
import type { Config, RuleLine } from './schema.js';

/** Values of a data class tag under which `recommended` asks for a customer managed key. */
const sensitive = ['confidential', 'restricted', 'secret', 'pii', 'phi'];
const sensitiveTags: readonly Selector[] = [{ tags: { DataClassification: sensitive } }, { tags: { DataClass: sensitive } }];

/** What a config says of baselines. */
export type BaselineConfig = Pick<Config, 'baselines' | 'cmkRequired' | 'assign' | 'frameworks' | 'requireReason'>;

/** A baseline with who said what of it. Of a rule that no line and no base speaks of, there is nothing. */
interface Resolved {
  readonly rules: ReadonlyMap<string, Setting>;
  /** Undefined: nothing of its own, so that the config's general requirement counts. */
  readonly cmkRequired: readonly Selector[] | undefined;
  readonly builtInCmkRequired: readonly Selector[];
}

/**
 * Every baseline by name: the built-in ones, a baseline for each framework, and those of the config. `strict` turns
 * every rule on and requires a customer managed key everywhere; `recommended` leaves out the rules marked so and
 * requires one where tags say that the data is sensitive. Rejects what does not fit the catalogue.
 */
export function resolveBaselines(
  catalogue: Catalogue,
  config: BaselineConfig = {},
  locate: Locate = namePath,
): ReadonlyMap<string, Baseline> {
  const resolver = new Resolver(catalogue, config, locate);
  const names = [...resolver.builtIn.keys(), ...Object.keys(config.baselines ?? {})];
  const found = new Map(names.map((name) => [name, resolver.baseline(name)]));
  resolver.refuseWithoutReasons();
  for (const [index, { baseline }] of (config.assign ?? []).entries())
    if (!found.has(baseline)) throw unknownName('baseline', baseline, names, locate(['assign', index, 'baseline']));
  const frameworks = catalogue.frameworks.map(({ id }) => id);
  for (const [index, id] of (config.frameworks ?? []).entries())
    if (!frameworks.includes(id)) throw unknownName('framework', id, frameworks, locate(['frameworks', index]));
  return found;
}

/** What each rule of the catalogue is set to in a baseline, and by whom; undefined: nothing speaks of the rule. */
export function settingsOf(
  catalogue: Catalogue,
  config: BaselineConfig,
  locate: Locate,
  name: string,
): ReadonlyMap<string, Setting | undefined> {
  const { rules } = new Resolver(catalogue, config, locate).resolved(name);
  return new Map(catalogue.rules.map(({ id }) => [id, rules.get(id)]));
}

class Resolver {
  readonly #catalogue: Catalogue;
  readonly #config: BaselineConfig;
  readonly #locate: Locate;
  readonly builtIn: ReadonlyMap<string, Resolved>;
  /** Lines that lack a reason; a set, since a baseline is resolved once for each that extends it. */
  readonly #withoutReason = new Set<string>();

  constructor(catalogue: Catalogue, config: BaselineConfig, locate: Locate) {
    this.#catalogue = catalogue;
    this.#config = config;
    this.#locate = locate;
    this.builtIn = builtInBaselines(catalogue);
  }

  baseline(name: string): Baseline {
    const { rules, cmkRequired, builtInCmkRequired } = this.resolved(name);
    const on = [...rules].filter(([, setting]) => setting.on);
    return {
      name,
      rules: new Map(on.map(([id, setting]) => [id, this.#settingOf(name, id, setting)])),
      cmkRequired: cmkRequired ?? this.#config.cmkRequired ?? builtInCmkRequired,
      reasons: [...rules].flatMap(([rule, setting]) => reasonsOf(rule, setting)),
    };
  }

  resolved(name: string): Resolved {
    return this.#resolve(name, [], ['baselines', name]);
  }

  refuseWithoutReasons(): void {
    if (this.#withoutReason.size > 0) throw new AtrestError('config', [...this.#withoutReason].join('\n'));
  }

  #resolve(name: string, trail: readonly string[], at: readonly PropertyKey[]): Resolved {
    const builtIn = this.builtIn.get(name);
    const own = this.#config.baselines?.[name];
    if (builtIn !== undefined) {
      if (own === undefined) return builtIn;
      throw new AtrestError(
        'config',
        `${this.#locate(['baselines'], name)}: ${name} is a baseline that comes with atrest; name yours otherwise`,
      );
    }
    if (own === undefined) {
      const known = [...this.builtIn.keys(), ...Object.keys(this.#config.baselines ?? {})];
      throw unknownName('baseline', name, known, this.#locate(at));
    }
    if (trail.includes(name))
      throw new AtrestError(
        'config',
        `${this.#locate(at)}: baselines extend one another in a circle: ${[...trail, name].join(' → ')}`,
      );
    const bases = typeof own.extends === 'string' ? [own.extends] : (own.extends ?? []);
    const extended = bases.map((base, index) =>
      this.#resolve(base, [...trail, name], ['baselines', name, 'extends', ...(typeof own.extends === 'string' ? [] : [index])]),
    );
    const rules = new Map<string, Setting>();
    // Of several bases the last that has a rule on decides; one that leaves it out takes nothing from the others.
    for (const [id, setting] of extended.flatMap((base) => [...base.rules]))
      if (setting.on || rules.get(id)?.on !== true) rules.set(id, setting);
    for (const [glob, value] of Object.entries(own.rules ?? {})) this.#apply(rules, name, glob, value);
    return {
      rules,
      cmkRequired: own.cmkRequired ?? extended.findLast((base) => base.cmkRequired !== undefined)?.cmkRequired,
      builtInCmkRequired: extended.at(-1)?.builtInCmkRequired ?? sensitiveTags,
    };
  }

  /** Later lines win over earlier ones; what a line does not say stays as it was. */
  #apply(rules: Map<string, Setting>, name: string, glob: string, value: RuleLine): void {
    const ids = this.#catalogue.rules.map(({ id }) => id).filter((id) => matchesGlob(glob, id));
    if (ids.length === 0) {
      const known = this.#catalogue.rules.map(({ id }) => id);
      throw unknownName('rule', glob, known, this.#locate(['baselines', name, 'rules'], glob));
    }
    const from = { baseline: name, at: this.#locate(['baselines', name, 'rules'], glob), reason: longForm(value).reason ?? null };
    if (this.#config.requireReason === true) this.#askReason(rules, ids, value, from, glob);
    for (const id of ids) rules.set(id, changedBy(value, rules.get(id), from));
  }

  #askReason(rules: ReadonlyMap<string, Setting>, ids: readonly string[], value: RuleLine, from: Origin, glob: string): void {
    const { state } = longForm(value);
    if (from.reason !== null || state === 'on') return;
    const lowered = ids.find((id) => {
      const before = rules.get(id);
      if (state === 'off' || before?.on !== true) return false;
      const own = this.#catalogue.rules.find((rule) => rule.id === id)?.severity;
      const was = before.severity ?? own;
      return was !== undefined && !isAtLeast(state, was);
    });
    if (state !== 'off' && lowered === undefined) return;
    const done = state === 'off' ? `${glob} is turned off` : `the severity of ${lowered ?? glob} is lowered to ${state}`;
    this.#withoutReason.add(
      `${from.at ?? ''}: ${done} without a reason, which requireReason asks for; write { state: ${state}, reason: … }`,
    );
  }

  /** Options as the rule's schema puts them out. */
  #settingOf(name: string, id: string, { severity, options }: Setting): RuleSetting {
    const rule = this.#catalogue.rules.find((each) => each.id === id);
    if (rule === undefined || Object.keys(options).length === 0) return { severity };
    const line = Object.keys(this.#config.baselines?.[name]?.rules ?? {}).findLast((glob) => matchesGlob(glob, id)) ?? id;
    const isLong = !Array.isArray(this.#config.baselines?.[name]?.rules?.[line]);
    const path = ['baselines', name, 'rules', line, isLong ? 'options' : 1];
    if (rule.options === null) throw new AtrestError('config', `${this.#locate(path)}: ${id} has no options`);
    const parsed = rule.options.safeParse(options);
    if (parsed.success) return { severity, options: parsed.data };
    const messages = parsed.error.issues.map((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : undefined;
      const [key] = keys ?? [];
      const close = key === undefined ? undefined : nearest(key, Object.keys(rule.options?.parse({}) ?? {}));
      const said = key === undefined ? `${issue.path.join('.')}: ${issue.message}` : `unknown option "${key}"`;
      return `${this.#locate([...path, ...issue.path], key)}: ${id}: ${said.replace(/^: /, '')}${close === undefined ? '' : `; did you mean "${close}"?`}`;
    });
    throw new AtrestError('config', messages.join('\n'));
  }
}

function builtInBaselines({ rules, frameworks }: Catalogue): ReadonlyMap<string, Resolved> {
  const on = (baseline: string, which: readonly Rule[]) =>
    new Map(which.map(({ id }) => [id, plain(true, { baseline, at: null, reason: null })]));
  const sensitiveOnly = { cmkRequired: undefined, builtInCmkRequired: sensitiveTags };
  return new Map([
    [
      'recommended',
      {
        rules: on(
          'recommended',
          rules.filter(({ recommended }) => recommended),
        ),
        ...sensitiveOnly,
      },
    ],
    ['strict', { rules: on('strict', rules), cmkRequired: undefined, builtInCmkRequired: [{}] }],
    ...frameworks.map(
      (framework) => [framework.id, { rules: on(framework.id, mappedRules(framework, rules)), ...sensitiveOnly }] as const,
    ),
  ]);
}

function mappedRules({ controls }: Framework, rules: readonly Rule[]): readonly Rule[] {
  const mapped = new Set(controls.flatMap((control) => control.rules));
  return rules.filter(({ id }) => mapped.has(id));
}

/** The baseline of an account: the first assignment that fits it; none: `recommended`. */
export function assignedBaseline(assign: BaselineConfig['assign'], account: ChoosableAccount): string {
  return assignmentOf(assign, account)?.baseline ?? 'recommended';
}

/** The first assignment that fits an account. */
export function assignmentOf(assign: BaselineConfig['assign'], account: ChoosableAccount): Assignment | undefined {
  return assign?.find(({ accounts }) => isAssigned(accounts, account));
}

/** The baselines that some account may have: those assigned, and `recommended` unless the last assignment takes all the rest. */
export function assignableBaselines(assign: BaselineConfig['assign'] = []): readonly string[] {
  const everyOther = assign.findIndex(({ accounts }) => accounts === undefined);
  const names = (everyOther < 0 ? assign : assign.slice(0, everyOther + 1)).map(({ baseline }) => baseline);
  return [...new Set(everyOther < 0 ? [...names, 'recommended'] : names)];
}

type Assignment = NonNullable<BaselineConfig['assign']>[number];
type Assigned = Assignment['accounts'];

function isAssigned(accounts: Assigned, account: ChoosableAccount): boolean {
  return accounts === undefined || choicesOf(accounts).some((choice) => isChosen(choice, account));
}

/** What an assignment says of accounts, as choices. */
export function choicesOf(accounts: Assigned): readonly AccountChoice[] {
  if (accounts === undefined) return [];
  return Array.isArray(accounts) ? accounts : [accounts];
}

function unknownName(what: string, name: string, known: readonly string[], at: string): AtrestError {
  const close = nearest(name, known);
  return new AtrestError('config', `${at}: there is no ${what} ${name}${close === undefined ? '' : `; did you mean ${close}?`}`);
}

/** Where there is no text to point into: the path itself. */
function namePath(path: readonly PropertyKey[], key?: string): string {
  return [...path, ...(key === undefined ? [] : [key])].map(String).join('.');
}

/** Baselines whose rules come from a framework, itself or by what they extend. */
export function frameworksOf(name: string, config: BaselineConfig, frameworks: readonly Framework[]): readonly string[] {
  if (frameworks.some(({ id }) => id === name)) return [name];
  const { extends: bases = [] } = config.baselines?.[name] ?? {};
  return (typeof bases === 'string' ? [bases] : bases).flatMap((base) => frameworksOf(base, config, frameworks));
}
