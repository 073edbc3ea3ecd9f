import type { Place } from '#model/place.js';
import type { Kind, ResourceRecord } from '#model/resources/index.js';

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

/**
 * Gathers what passes into lines. Nearly everything passes nearly every rule, so a line for each resource would be most
 * of what an evaluation writes.
 */
export class PassWriter {
  readonly #write: (line: string) => void;
  readonly #none = new PassList([]);
  readonly #open = new Set<PassList>();
  #passed = this.#none;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /** The resource at hand passes one rule more. */
  add(rule: string): void {
    this.#passed = this.#passed.and(rule);
  }

  /** There are no more rules on the resource at hand. */
  end({ arn, kind, region }: ResourceRecord, { account }: Place): void {
    const list = this.#passed;
    if (list === this.#none) return;
    this.#passed = this.#none;
    const { group } = list;
    if (group?.kind === kind && group.region === region && group.account === account) {
      group.resources.push(arn);
      if (group.resources.length === resourcesMax) this.#close(list);
      return;
    }
    this.#close(list);
    list.group = { kind, account, region, resources: [arn] };
    this.#open.add(list);
  }

  /** Writes what is open: at the end of a cell, so that its passes stand with its fails. */
  flush(): void {
    for (const list of this.#open) this.#close(list);
  }

  #close(list: PassList): void {
    const { group } = list;
    if (group === undefined) return;
    this.#write(JSON.stringify({ pass: list.rules, ...group } satisfies PassLine));
    list.group = undefined;
    this.#open.delete(list);
  }
}

/** Rules that a resource passes. A run has few different lists, so each is made once, as the list before it and one more. */
class PassList {
  readonly rules: readonly string[];
  group: { kind: Kind; account: string; region: string; resources: string[] } | undefined;
  readonly #longer = new Map<string, PassList>();

  constructor(rules: readonly string[]) {
    this.rules = rules;
  }

  and(rule: string): PassList {
    let longer = this.#longer.get(rule);
    if (longer === undefined) this.#longer.set(rule, (longer = new PassList([...this.rules, rule])));
    return longer;
  }
}
