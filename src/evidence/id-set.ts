const idBytes = 16;
const wordsEach = idBytes / 4;

/**
 * Ids of findings, each 32 digits in hex: a table of words, as a set of a million strings would cost more than all else
 * that is read of them. Anything else is kept as the text it is.
 */
export class IdSet {
  readonly #id = Buffer.alloc(idBytes);
  readonly #others = new Set<string>();
  #mask = 1023;
  #words = new Uint32Array((this.#mask + 1) * wordsEach);
  #size = 0;

  /** Adds an id; false: it was there. */
  add(id: string): boolean {
    const isHex = id.length === idBytes * 2 && this.#id.write(id, 0, 'hex') === idBytes;
    const first = this.#id.readUInt32LE(0);
    // Zero stands for an empty place.
    if (!isHex || first === 0) {
      if (this.#others.has(id)) return false;
      // A text of its own: a piece of a line would keep the whole line.
      this.#others.add(Buffer.from(id).toString('utf8'));
      return true;
    }
    if (this.#size * 2 > this.#mask) this.#grow();
    return this.#put(first, this.#id.readUInt32LE(4), this.#id.readUInt32LE(8), this.#id.readUInt32LE(12));
  }

  #put(a: number, b: number, c: number, d: number): boolean {
    const words = this.#words;
    for (let slot = a & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * wordsEach;
      if (words[at] === 0) {
        words[at] = a;
        words[at + 1] = b;
        words[at + 2] = c;
        words[at + 3] = d;
        this.#size += 1;
        return true;
      }
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return false;
    }
  }

  #grow(): void {
    const before = this.#words;
    this.#mask = this.#mask * 2 + 1;
    this.#words = new Uint32Array((this.#mask + 1) * wordsEach);
    this.#size = 0;
    for (let at = 0; at < before.length; at += wordsEach) {
      const [a = 0, b = 0, c = 0, d = 0] = [before[at], before[at + 1], before[at + 2], before[at + 3]];
      if (a !== 0) this.#put(a, b, c, d);
    }
  }
}
