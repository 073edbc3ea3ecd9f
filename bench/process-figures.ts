import { readFileSync } from 'node:fs';

/** Clock ticks a second, which Linux has fixed for what it shows in /proc. */
const ticks = 100;

/** What /proc says of another process while it runs, as it was looked at last. Linux only. */
export class ProcessFigures {
  readonly #pid: number;
  #begin = 0;
  #cpu = 0;
  peakMebibytes = 0;

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** CPU seconds count from here. */
  begin(): void {
    this.look();
    this.#begin = this.#cpu;
  }

  get cpuSeconds(): number {
    return this.#cpu - this.#begin;
  }

  look(): void {
    try {
      // The name, in brackets, may hold spaces; user and system time are the 14th and 15th field.
      const [, fields = ''] = readFileSync(`/proc/${String(this.#pid)}/stat`, 'utf8').split(') ');
      const [user, system] = fields.split(' ').slice(11, 13).map(Number);
      this.#cpu = ((user ?? 0) + (system ?? 0)) / ticks;
      const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(this.#pid)}/status`, 'utf8'));
      if (peak !== null) this.peakMebibytes = Number(peak[1]) / 1024;
    } catch {
      // It is gone.
    }
  }
}
