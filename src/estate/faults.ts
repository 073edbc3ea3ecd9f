import { matches } from './match.js';
import type { DenyReason, Match, Target } from './match.js';
import { hashText } from './world/hash.js';

export type FaultKind =
  /** Refused by a policy; `reason` says which. */
  | 'deny'
  | 'throttle'
  | 'http500'
  | 'http503'
  /** The request is taken and never answered. */
  | 'hang'
  /** The connection is cut without an answer. */
  | 'reset'
  /** Answered after `delayMs` more. */
  | 'slow'
  /** A list that hands out the same token for ever. */
  | 'repeatedToken'
  /** A page without items, though the list goes on. */
  | 'emptyPage'
  /** `{}`, or the bare root element. */
  | 'emptyAnswer'
  /** An HTML page with status 500, as a proxy in between would send. */
  | 'htmlError'
  /** As if the account had not enabled the region. */
  | 'notEnabled'
  | 'expiredToken'
  /** `field`, by its SDK name, is left out wherever it stands in the answer. */
  | 'dropField'
  /** `field` is answered as `value` wherever it stands. */
  | 'setField';

export interface FaultRule extends Match {
  kind: FaultKind;
  /** Share of calls that are hit, by a hash of the call and its number: the order of arrival does not matter. */
  probability?: number;
  seed?: number;
  /** Hits at most this often, then never again. */
  times?: number;
  reason?: DenyReason;
  delayMs?: number;
  field?: string;
  value?: string;
}

export interface FaultHandle {
  readonly rule: FaultRule;
  /** How often it has hit. */
  readonly hits: number;
  remove(): void;
}

class Entry implements FaultHandle {
  readonly rule: FaultRule;
  readonly #remove: (entry: Entry) => void;
  readonly #seen = new Map<string, number>();
  hits = 0;

  constructor(rule: FaultRule, remove: (entry: Entry) => void) {
    this.rule = rule;
    this.#remove = remove;
  }

  remove(): void {
    this.#remove(this);
  }

  strikes(target: Target): boolean {
    const { probability = 1, times = Infinity } = this.rule;
    if (this.hits >= times || !matches(this.rule, target) || !this.#falls(target, probability)) return false;
    this.hits++;
    return true;
  }

  #falls(target: Target, probability: number): boolean {
    if (probability >= 1) return true;
    const call = [target.account, target.region, target.operation, target.resource ?? '', target.page].join('|');
    const number = this.#seen.get(call) ?? 0;
    this.#seen.set(call, number + 1);
    return hashText(`${call}|${number}`, this.rule.seed ?? 1) / 2 ** 32 < probability;
  }
}

/** What goes wrong today. Rules are tried in the order they were added; several may hit one call. */
export class Faults {
  #entries: readonly Entry[] = [];

  add(rule: FaultRule): FaultHandle {
    const entry = new Entry(rule, (gone) => {
      this.#entries = this.#entries.filter((other) => other !== gone);
    });
    this.#entries = [...this.#entries, entry];
    return entry;
  }

  clear(): void {
    this.#entries = [];
  }

  /** The rules that hit this call. */
  strike(target: Target): FaultRule[] {
    return this.#entries.filter((entry) => entry.strikes(target)).map((entry) => entry.rule);
  }
}
