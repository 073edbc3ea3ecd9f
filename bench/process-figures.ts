import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second, which Linux has fixed for what it shows in /proc. */
const ticks = 100;

interface Process {
  readonly pid: number;
  readonly parent: number;
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
    const others = processes().filter(({ pid }) => pid !== this.#except);
    const family = familyOf(this.#pid, others);
    for (const { pid, cpuSeconds } of family) this.#cpu.set(pid, cpuSeconds);
    const sizes = family.map(({ mebibytes }) => mebibytes);
    this.peakMebibytes = Math.max(
      this.peakMebibytes,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    this.largestMebibytes = Math.max(this.largestMebibytes, ...sizes);
  }
}

function processes(): readonly Process[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (processOf(Number(name)) ?? []) : []));
}

function processOf(pid: number): Process | undefined {
  try {
    // The name, in brackets, may hold spaces. Then come state and parent; user and system time are the 14th and 15th field.
    const [, rest = ''] = readFileSync(`/proc/${String(pid)}/stat`, 'utf8').split(') ');
    const fields = rest.split(' ');
    const [user = 0, system = 0] = fields.slice(11, 13).map(Number);
    const size = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0;
    return { pid, parent: Number(fields[1]), cpuSeconds: (user + system) / ticks, mebibytes: Number(size) / 1024 };
  } catch {
    // It is gone.
    return undefined;
  }
}

function familyOf(pid: number, all: readonly Process[]): readonly Process[] {
  const own = all.filter((each) => each.pid === pid);
  return [...own, ...all.filter(({ parent }) => parent === pid).flatMap((child) => familyOf(child.pid, all))];
}
