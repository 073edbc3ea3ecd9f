import { gzipSync } from 'node:zlib';
import { severityRank, type Severity } from '#model/severity.js';
import type { PlaceOf } from '../repository-place.js';
import { Aggregate } from './aggregate.js';
import { limits } from './limits.js';
import { resultOf, type Result } from './results.js';
import type { Subject } from './subjects.js';

/**
 * The results of one run. They are held until the run is over, because the run says first what it is about; never more of
 * them than GitHub keeps, since beyond that they are only counted.
 */
export class RunResults {
  readonly #placeOf: PlaceOf;
  /** Of the rules of the run. */
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #worst = new Map<string, Severity>();
  readonly #aggregate = new Aggregate();
  #single: string[] = [];
  #count = 0;
  #isTooLarge = false;

  constructor(placeOf: PlaceOf, indexes: ReadonlyMap<string, number>) {
    this.#placeOf = placeOf;
    this.#indexes = indexes;
  }

  add(subject: Subject): void {
    const { finding } = subject;
    this.#count += 1;
    const worst = this.#worst.get(finding.rule);
    if (worst === undefined || severityRank(finding.severity) < severityRank(worst))
      this.#worst.set(finding.rule, finding.severity);
    this.#aggregate.add(subject);
    if (this.isAggregated) this.#single = [];
    else this.#single.push(this.#written(resultOf(subject, this.#placeOf(finding))));
  }

  /** Counts the findings only, when they take more bytes than this gzipped. Answers with what they take at most. */
  fitInto(bytesMax: number): number {
    const taken = gzippedAtMost(this.#single, bytesMax);
    this.#isTooLarge = taken > bytesMax;
    return this.#isTooLarge ? gzippedAtMost([...this.results()], bytesMax) : taken;
  }

  /** Findings, of which there may be more than results. */
  get count(): number {
    return this.#count;
  }

  get isAggregated(): boolean {
    return this.#isTooLarge || this.#count > limits.results;
  }

  /** What a result stands for when it stands for several findings. */
  get per(): string {
    return this.#aggregate.per;
  }

  /** The worst severity among the findings of a rule; undefined: it has none. */
  worst(rule: string): Severity | undefined {
    return this.#worst.get(rule);
  }

  /** As JSON. */
  *results(): Generator<string> {
    if (!this.isAggregated) yield* this.#single;
    else for (const result of this.#aggregate.results(this.#placeOf)) yield this.#written(result);
  }

  #written(result: Result): string {
    return JSON.stringify({ ruleIndex: this.#indexes.get(result.ruleId), ...result });
  }
}

/** What is small as it is need not be compressed to see that it fits. */
function gzippedAtMost(texts: readonly string[], enough: number): number {
  const length = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return length <= enough ? length : gzipSync(texts.join('\n')).length;
}
