import type { CallLine } from '#inventory/cell-file.js';
import type { Place } from '#model/place.js';
import { recordOf, type FacetState, type Kind, type ResourceRecord } from '#model/resources/index.js';
import type { Random } from './random.js';

/** Where resources are made up, and what they may refer to. */
export interface Ground {
  readonly place: Place;
  readonly random: Random;
  /** Customer managed keys of the place. */
  readonly keys: readonly string[];
  /** The account's other regions, with what a copied snapshot there is a copy of. */
  readonly sources: readonly { readonly region: string; readonly snapshotId: string }[];
}

/** Numbers the calls of a cell as the crawler does, so that files hold as many call lines as real ones. */
export class Calls {
  readonly #line: (line: CallLine) => void;
  readonly #random: Random;
  #count = 0;

  constructor(random: Random, line: (line: CallLine) => void) {
    this.#random = random;
    this.#line = line;
  }

  made(operation: string): number {
    this.#count += 1;
    this.#line({
      call: this.#count,
      operation,
      requestId: this.#random.uuid(),
      date: 'Mon, 23 Nov 2026 04:50:46 GMT',
      attempts: 1,
      code: null,
    });
    return this.#count;
  }
}

export function read(value: unknown, call?: number): FacetState {
  return { state: 'read', value, ...(call === undefined ? {} : { call }) };
}

export function record(
  kind: Kind,
  { region }: Place,
  arn: string,
  name: string,
  facets: Record<string, FacetState>,
): ResourceRecord {
  return recordOf(kind, { arn, name, region }, facets);
}

/** Three tags; on one resource in ten the data class that asks for a customer managed key. */
export function tags(random: Random, name: string, sensitive: boolean): Record<string, string> {
  const team = `team-${String(random.below(40))}`;
  return { Name: name, team, ...(sensitive ? { DataClass: 'confidential' } : { env: random.pick(['prod', 'stage', 'test']) }) };
}
