import { rm } from 'node:fs/promises';
import { compareText } from '#model/place.js';
import { LineWriter, readLines } from './lines.js';

/** Lines held before a sorted run goes to disk, and characters of them: a key with its policies is long. */
const runLength = 100_000;
const runChars = 1 << 24;

export interface Keyed {
  readonly key: string;
  readonly line: string;
}

/** Sorts any number of lines by key with bounded memory: sorted runs on disk, merged when read. */
export class SortedLines {
  readonly #prefix: string;
  readonly #runLength: number;
  #held: Keyed[] = [];
  #heldChars = 0;
  readonly #runs: string[] = [];
  #spilling: Promise<void> = Promise.resolve();

  /** `prefix` is the path that run files begin with; keys must hold no tab. */
  constructor(prefix: string, length = runLength) {
    this.#prefix = prefix;
    this.#runLength = length;
  }

  add(key: string, line: string): void {
    this.#held.push({ key, line });
    this.#heldChars += line.length;
    if (this.#held.length >= this.#runLength || this.#heldChars >= runChars) this.#spill();
  }

  /** Resolves when nothing waits for the disk: call it between pages so that memory stays bounded. */
  settled(): Promise<void> {
    return this.#spilling;
  }

  #spill(): void {
    const run = this.#held.sort(byKey);
    this.#held = [];
    this.#heldChars = 0;
    const path = `${this.#prefix}.run${String(this.#runs.length)}`;
    this.#runs.push(path);
    const previous = this.#spilling;
    this.#spilling = (async () => {
      await previous;
      const writer = new LineWriter(path);
      for (const { key, line } of run) {
        writer.write(`${key}\t${line}`);
        if (writer.full) await writer.drained();
      }
      await writer.close();
    })();
    this.#spilling.catch(() => undefined);
  }

  /** All lines in order of their keys; of lines with one key only the first. */
  async *inOrder(): AsyncGenerator<Keyed> {
    await this.#spilling;
    this.#held.sort(byKey);
    const sorted = this.#runs.length === 0 ? this.#held : merge([...this.#runs.map(readRun), fromMemory(this.#held)]);
    let last: string | undefined;
    for await (const keyed of sorted) {
      if (keyed.key !== last) yield keyed;
      last = keyed.key;
    }
  }

  async discard(): Promise<void> {
    this.#held = [];
    await this.#spilling.catch(() => undefined);
    await Promise.all(this.#runs.map((run) => rm(run, { force: true })));
  }
}

function byKey(a: Keyed, b: Keyed): number {
  return compareText(a.key, b.key);
}

async function* fromMemory(lines: readonly Keyed[]): AsyncGenerator<Keyed> {
  yield* lines;
}

async function* readRun(path: string): AsyncGenerator<Keyed> {
  for await (const batch of readLines(path)) {
    for (const text of batch) {
      const tab = text.indexOf('\t');
      yield { key: text.slice(0, tab), line: text.slice(tab + 1) };
    }
  }
}

async function* merge(runs: readonly AsyncGenerator<Keyed>[]): AsyncGenerator<Keyed> {
  const heads: { run: AsyncGenerator<Keyed>; head: Keyed }[] = [];
  for (const run of runs) {
    const first = await run.next();
    if (first.done !== true) heads.push({ run, head: first.value });
  }
  while (heads.length > 0) {
    let least = 0;
    for (let i = 1; i < heads.length; i += 1) {
      if (compareText(heads[i]!.head.key, heads[least]!.head.key) < 0) least = i;
    }
    const { run, head } = heads[least]!;
    yield head;
    const next = await run.next();
    if (next.done === true) heads.splice(least, 1);
    else heads[least]!.head = next.value;
  }
}
