import { hashText } from './hash.js';

/** A collection that exists only as a function: items are made when asked for. */
export interface Generated<T> {
  readonly count: number;
  at(index: number): T;
  /** The index that an id encodes; undefined if this collection did not make it. */
  indexOf(id: string): number | undefined;
  /** Who an item is shared with, without building the item: a million snapshots are searched for the public ones. */
  sharedWith?(index: number): readonly string[];
}

/** All records of one kind in one account and region: those put by hand, then the generated ones. */
export class Shelf<T> {
  readonly #byId = new Map<string, T>();
  readonly #removed = new Set<string>();
  readonly #idOf: (record: T) => string;
  #explicit: T[] | undefined;
  #generated: Generated<T> | undefined;

  constructor(idOf: (record: T) => string) {
    this.#idOf = idOf;
  }

  put(record: T): void {
    this.#byId.set(this.#idOf(record), record);
    this.#explicit = undefined;
  }

  generate(source: Generated<T>): void {
    this.#generated = source;
  }

  /** Puts the records that were put by hand in another order: AWS promises none for what it lists. */
  shuffle(seed: number): void {
    const rank = (id: string) => hashText(id, seed);
    const records = [...this.#byId].sort(([a], [b]) => rank(a) - rank(b));
    this.#byId.clear();
    for (const [id, record] of records) this.#byId.set(id, record);
    this.#explicit = undefined;
  }

  /** A removed generated record keeps its position: its page has a gap, as after a deletion during a walk. */
  remove(id: string): boolean {
    this.#explicit = undefined;
    if (this.#byId.delete(id)) return true;
    if (this.find(id) === undefined) return false;
    this.#removed.add(id);
    return true;
  }

  /** Positions, including those of removed generated records. */
  get size(): number {
    return this.#byId.size + (this.#generated?.count ?? 0);
  }

  get count(): number {
    return this.size - this.#removed.size;
  }

  at(position: number): T | undefined {
    const explicit = this.#records();
    if (position < explicit.length) return explicit[position];
    const index = position - explicit.length;
    if (this.#generated === undefined || index >= this.#generated.count) return undefined;
    const record = this.#generated.at(index);
    return this.#removed.size > 0 && this.#removed.has(this.#idOf(record)) ? undefined : record;
  }

  find(id: string): T | undefined {
    const explicit = this.#byId.get(id);
    if (explicit !== undefined || this.#generated === undefined || this.#removed.has(id)) return explicit;
    const index = this.#generated.indexOf(id);
    return index === undefined || index >= this.#generated.count ? undefined : this.#generated.at(index);
  }

  /** Cheap where the generator knows; otherwise read from the record. */
  sharedWith(position: number): readonly string[] {
    const explicit = this.#records();
    const generated = this.#generated;
    if (position >= explicit.length && generated?.sharedWith !== undefined) {
      return generated.sharedWith(position - explicit.length);
    }
    return (this.at(position) as { sharedWith?: readonly string[] } | undefined)?.sharedWith ?? [];
  }

  *[Symbol.iterator](): Generator<T> {
    for (let position = 0; position < this.size; position++) {
      const record = this.at(position);
      if (record !== undefined) yield record;
    }
  }

  #records(): T[] {
    this.#explicit ??= [...this.#byId.values()];
    return this.#explicit;
  }
}
