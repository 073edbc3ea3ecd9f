import { readFileSync } from 'node:fs';

/** Clock ticks a second, which Linux has fixed for what it shows in /proc. */
const ticks = 100;

interface Process {
  readonly pid: number;
  /** Those that its first thread started, as Node does. */
  readonly children: readonly number[];
  readonly cpuSeconds: number;
  readonly mebibytes: number;
}

/** What /proc says of another process and those it starts, each time it is looked at. Linux only. */
export class ProcessFigures {
  readonly #pid: number;
  readonly #except: number;
  readonly #cpu = new Map<number, number>();
  #before = 0;
  /** Of all together: the most there was at once. */
  peakMebibytes = 0;
  largestMebibytes = 0;

  /** `except`: one that it started, which is none of it. */
  constructor(pid: number, except = 0) {
    this.#pid = pid;
    this.#except = except;
  }

  /** Looks again and again while the work lasts. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const watched = setInterval(() => {
      this.look();
    }, 100);
    try {
      return await work();
    } finally {
      clearInterval(watched);
    }
  }

  /** CPU seconds count from here. */
  begin(): void {
    this.look();
    this.#before = this.#total();
  }

  get cpuSeconds(): number {
    return this.#total() - this.#before;
  }

  #total(): number {
    return [...this.#cpu.values()].reduce((sum, seconds) => sum + seconds, 0);
  }

  look(): void {
    const family = familyOf(this.#pid, this.#except);
    for (const { pid, cpuSeconds } of family) this.#cpu.set(pid, cpuSeconds);
    const sizes = family.map(({ mebibytes }) => mebibytes);
    this.peakMebibytes = Math.max(
      this.peakMebibytes,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    this.largestMebibytes = Math.max(this.largestMebibytes, ...sizes);
  }
}

/** Only what belongs to it is read: all of /proc, ten times a second, would be a good part of what is measured. */
function familyOf(pid: number, except: number): readonly Process[] {
  const own = pid === except ? undefined : processOf(pid);
  return own === undefined ? [] : [own, ...own.children.flatMap((child) => familyOf(child, except))];
}

function processOf(pid: number): Process | undefined {
  const read = (file: string) => readFileSync(`/proc/${String(pid)}/${file}`, 'utf8');
  try {
    // The name, in brackets, may hold spaces. Then comes the state; user and system time are the 14th and 15th field.
    const [, rest = ''] = read('stat').split(') ');
    const [user = 0, system = 0] = rest.split(' ').slice(11, 13).map(Number);
    const size = /VmRSS:\s+(\d+) kB/.exec(read('status'))?.[1] ?? 0;
    const children = read(`task/${String(pid)}/children`)
      .split(' ')
      .filter(Boolean)
      .map(Number);
    return { pid, children, cpuSeconds: (user + system) / ticks, mebibytes: Number(size) / 1024 };
  } catch {
    // It is gone.
    return undefined;
  }
}
