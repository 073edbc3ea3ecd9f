import type { Place } from '#model/place.js';
import type { Kind, ResourceRecord } from '#model/resources/index.js';
import type { Outcome } from '#model/verdict.js';

/** Resources named in one line: few enough to read it, enough that its other words weigh nothing. */
const resourcesMax = 100;

/** A line of the findings file: resources of a kind in one place that pass the same rules. */
export interface PassLine {
  readonly pass: readonly string[];
  readonly kind: Kind;
  readonly account: string;
  readonly region: string;
  readonly resources: readonly string[];
}

/** Takes how often a rule passed, or did not apply. */
export type Count = (rule: string, verdict: 'pass' | 'not-applicable', times: number) => void;

/**
 * Gathers what passes into lines, and counts it. Nearly everything passes nearly every rule, so a line for each
 * resource would be most of what an evaluation writes, and counting rule by rule much of what it does.
 */
export class OutcomePatterns {
  readonly #write: (line: string) => void;
  readonly #open = new Set<Pattern>();
  #roots = new Map<Kind, Pattern>();
  #at: Pattern = new Pattern(undefined, '', 'error');

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /** The outcomes of a resource begin. Resources of one kind are judged by the same rules in the same order, up to `count`. */
  begin(kind: Kind): void {
    let root = this.#roots.get(kind);
    if (root === undefined) this.#roots.set(kind, (root = new Pattern(undefined, '', 'error')));
    this.#at = root;
  }

  /** What the next rule says of the resource at hand. */
  add(rule: string, verdict: Outcome['verdict']): void {
    this.#at = this.#at.then(rule, verdict);
  }

  /** There are no more rules on the resource at hand. */
  end({ arn, kind, region }: ResourceRecord, { account }: Place): void {
    const pattern = this.#at;
    pattern.times += 1;
    if (pattern.passes.length === 0) return;
    const { group } = pattern;
    if (group?.kind === kind && group.region === region && group.account === account) {
      group.resources.push(arn);
      if (group.resources.length === resourcesMax) this.#close(pattern);
      return;
    }
    this.#close(pattern);
    pattern.group = { kind, account, region, resources: [arn] };
    this.#open.add(pattern);
  }

  /** Writes what is open: at the end of a cell, so that its passes stand with its fails. */
  flush(): void {
    for (const pattern of this.#open) this.#close(pattern);
  }

  /** Hands over what was counted since the last time; from here on the rules may be others. */
  count(count: Count): void {
    for (const root of this.#roots.values()) root.count(count);
    this.#roots = new Map();
  }

  #close(pattern: Pattern): void {
    const { group } = pattern;
    if (group === undefined) return;
    this.#write(JSON.stringify({ pass: pattern.passes, ...group } satisfies PassLine));
    pattern.group = undefined;
    this.#open.delete(pattern);
  }
}

/**
 * What the rules up to one of them say of a resource. A run has few different ones, so each is made once, as the one
 * before it and one rule more.
 */
class Pattern {
  readonly passes: readonly string[];
  group: { kind: Kind; account: string; region: string; resources: string[] } | undefined;
  /** How many resources it is all that is said of. */
  times = 0;
  readonly #rule: string;
  readonly #verdict: Outcome['verdict'];
  #passes: Pattern | undefined;
  #doesNotApply: Pattern | undefined;
  #else: Pattern | undefined;

  constructor(before: Pattern | undefined, rule: string, verdict: Outcome['verdict']) {
    this.#rule = rule;
    this.#verdict = verdict;
    const passes = before?.passes ?? [];
    this.passes = verdict === 'pass' ? [...passes, rule] : passes;
  }

  then(rule: string, verdict: Outcome['verdict']): Pattern {
    if (verdict === 'pass') return (this.#passes ??= new Pattern(this, rule, verdict));
    if (verdict === 'not-applicable') return (this.#doesNotApply ??= new Pattern(this, rule, verdict));
    return (this.#else ??= new Pattern(this, rule, verdict));
  }

  /** Answers of how many resources this and all that follows it is said. */
  count(count: Count): number {
    let { times } = this;
    for (const next of [this.#passes, this.#doesNotApply, this.#else]) times += next?.count(count) ?? 0;
    if (this.#verdict === 'pass' || this.#verdict === 'not-applicable') count(this.#rule, this.#verdict, times);
    return times;
  }
}
