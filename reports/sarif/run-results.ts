import { severityRank, type Severity } from '#model/severity.js';
import type { PlaceOf } from '../repository-place.js';
import { Aggregate } from './aggregate.js';
import { limits } from './limits.js';
import { resultOf } from './results.js';
import type { Subject } from './subjects.js';

/**
 * The results of one run. They are held until the run is over, because the run says first what it is about; never more of
 * them than GitHub keeps, since beyond that they are only counted.
 */
export class RunResults {
  readonly #placeOf: PlaceOf;
  readonly #worst = new Map<string, Severity>();
  readonly #aggregate = new Aggregate();
  #single: { readonly rule: string; readonly result: object }[] = [];
  #count = 0;

  constructor(placeOf: PlaceOf) {
    this.#placeOf = placeOf;
  }

  add(subject: Subject): void {
    const { finding } = subject;
    this.#count += 1;
    const worst = this.#worst.get(finding.rule);
    if (worst === undefined || severityRank(finding.severity) < severityRank(worst))
      this.#worst.set(finding.rule, finding.severity);
    this.#aggregate.add(subject);
    if (this.isAggregated) this.#single = [];
    else this.#single.push({ rule: finding.rule, result: resultOf(subject, this.#placeOf(finding)) });
  }

  /** Findings, of which there may be more than results. */
  get count(): number {
    return this.#count;
  }

  get isAggregated(): boolean {
    return this.#count > limits.results;
  }

  /** What a result stands for when it stands for several findings. */
  get per(): string {
    return this.#aggregate.per;
  }

  /** The worst severity among the findings of a rule; undefined: it has none. */
  worst(rule: string): Severity | undefined {
    return this.#worst.get(rule);
  }

  *results(): Generator<{ readonly rule: string; readonly result: object }> {
    if (this.isAggregated) yield* this.#aggregate.results(this.#placeOf);
    else yield* this.#single;
  }
}
