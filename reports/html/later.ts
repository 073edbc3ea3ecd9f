import { limits } from './limits.js';

/** A table or list that has a share of the page. */
export type Share = keyof typeof limits.written;

/**
 * What stands in the page as it is written, for readers without scripts, and what is kept for the script to put in its
 * place: of each long table the rows beyond its share. So a page is small whatever its shape, and a small report is whole.
 */
export class Later {
  readonly #scale: number;
  #written = 0;
  readonly #kept = new Map<string, string[]>();
  readonly #ids = new Set<string>();
  readonly #targets = new Set<string>();

  constructor(findings: number) {
    this.#scale = findings > limits.fewFindings ? 1 : limits.besideFew;
  }

  /** The pieces until their share of the page is used; those after them are kept for `place`. */
  *first(share: Share, pieces: Iterable<string>, place: string = share): Generator<string> {
    const until = roomUntil(share) * this.#scale;
    for (const piece of pieces) {
      if (this.#written >= until) this.#keep(place, piece);
      else {
        this.#written += Buffer.byteLength(piece);
        yield piece;
      }
    }
  }

  #keep(place: string, piece: string): void {
    const pieces = this.#kept.get(place) ?? [];
    this.#kept.set(place, pieces);
    pieces.push(piece);
    for (const [, id = ''] of piece.matchAll(/\sid="([^"]*)"/g)) this.#ids.add(id);
  }

  /** How many pieces are kept for a place. */
  count(place: string): number {
    return this.#kept.get(place)?.length ?? 0;
  }

  /** Takes note of where the links of what is written lead. */
  see(written: string): void {
    for (const [, id = ''] of written.matchAll(/\shref="#([^"]*)"/g)) this.#targets.add(id);
  }

  /** What links lead to and is not written. */
  targets(): readonly string[] {
    return [...this.#targets].filter((id) => this.#ids.has(id));
  }

  get isEmpty(): boolean {
    return this.#kept.size === 0;
  }

  /** Lines of JSON: a place, and the markup that belongs there. */
  *lines(): Generator<string> {
    for (const [place, pieces] of this.#kept) yield `${JSON.stringify([place, pieces.join('')])}\n`;
  }
}

/** The shares of this part and of those before it. */
function roomUntil(share: Share): number {
  let room = 0;
  for (const [name, bytes] of Object.entries(limits.written)) {
    room += bytes;
    if (name === share) break;
  }
  return room;
}
