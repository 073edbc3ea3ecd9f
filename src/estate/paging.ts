import { fault } from './errors.js';
import type { ServiceName } from './errors.js';
import { hashText } from './world/hash.js';

/** Something that can be walked by position; a position may be empty (filtered out, deleted). */
export interface Pageable<T> {
  readonly size: number;
  at(position: number): T | undefined;
}

export interface Page<T> {
  items: T[];
  next?: string;
}

export function fromArray<T>(items: readonly T[]): Pageable<T> {
  return { size: items.length, at: (position) => items[position] };
}

/** Keeps what passes; the others stay as empty positions, so that tokens remain plain offsets. */
export function where<T>(source: Pageable<T>, passes: (item: T) => boolean): Pageable<T> {
  return {
    size: source.size,
    at: (position) => {
      const item = source.at(position);
      return item !== undefined && passes(item) ? item : undefined;
    },
  };
}

export function concat<T>(sources: readonly Pageable<T>[]): Pageable<T> {
  const size = sources.reduce((sum, source) => sum + source.size, 0);
  const at = (position: number): T | undefined => {
    let rest = position;
    for (const source of sources) {
      if (rest < source.size) return source.at(rest);
      rest -= source.size;
    }
    return undefined;
  };
  return { size, at };
}

interface Cursor {
  page: number;
  position: number;
}

/** The pages of one call: reads its token, and writes the next one. Tokens are valid for their own operation only. */
export class Pager {
  readonly page: number;
  readonly #cursor: Cursor;
  readonly #service: ServiceName;
  readonly #stamp: number;
  readonly #token: string | undefined;
  /** Set by a fault: the same token for ever. */
  repeat = false;
  /** Set by a fault: nothing on this page, and the list goes on. */
  empty = false;

  constructor(service: ServiceName, scope: string, token: string | undefined) {
    this.#service = service;
    this.#stamp = hashText(scope);
    this.#token = token;
    this.#cursor = token === undefined ? { page: 1, position: 0 } : this.#read(token);
    this.page = this.#cursor.page;
  }

  take<T>(source: Pageable<T>, limit: number): Page<T> {
    if (this.empty) return { items: [], next: this.#write({ page: this.page + 1, position: this.#cursor.position }) };
    const items: T[] = [];
    let { position } = this.#cursor;
    for (; position < source.size && items.length < limit; position++) {
      const item = source.at(position);
      if (item !== undefined) items.push(item);
    }
    while (position < source.size && source.at(position) === undefined) position++;
    const natural = position < source.size ? this.#write({ page: this.page + 1, position }) : undefined;
    const next = this.repeat ? (this.#token ?? natural ?? this.#write({ page: 2, position: 0 })) : natural;
    return next === undefined ? { items } : { items, next };
  }

  #write(cursor: Cursor): string {
    return Buffer.from(`${this.#stamp}.${cursor.page}.${cursor.position}`).toString('base64url');
  }

  #read(token: string): Cursor {
    const [stamp, page, position] = Buffer.from(token, 'base64url').toString().split('.').map(Number);
    if (stamp !== this.#stamp || !Number.isInteger(page) || !Number.isInteger(position)) {
      throw fault(this.#service, 'badToken');
    }
    return { page: page as number, position: position as number };
  }
}
