import type { ScanProgress } from '#index.js';
import type { Io } from './io.js';

/** In a pipe, a line at most this often; a terminal is redrawn as it happens. */
const plainEveryMs = 10_000;
const redrawEveryMs = 100;

/** Live progress on a terminal, plain lines in a pipe; always stderr. */
export class ProgressDisplay {
  readonly #io: Io;
  readonly #startedAt = Date.now();
  #shownAt = 0;
  #live = false;
  #phase: ScanProgress['phase'] | undefined;

  constructor(io: Io) {
    this.#io = io;
  }

  show(progress: ScanProgress): void {
    const { phase, cell, state } = progress;
    if (phase !== this.#phase) {
      this.#phase = phase;
      this.#print(progress, true);
      return;
    }
    // A gap is said when it is found; it also stands in the report.
    if (cell !== null && state !== 'complete') this.#line(`${cell}: ${String(state)}`);
    this.#print(progress, false);
  }

  /** Leaves the terminal with a clean line. */
  end(): void {
    if (this.#live) this.#io.err('\r\x1b[K');
    this.#live = false;
  }

  #print(progress: ScanProgress, now: boolean): void {
    const every = this.#io.errIsTty ? redrawEveryMs : plainEveryMs;
    if (!now && Date.now() - this.#shownAt < every) return;
    this.#shownAt = Date.now();
    const text = this.#text(progress);
    if (!this.#io.errIsTty) {
      this.#io.err(`${text}\n`);
      return;
    }
    this.#io.err(`\r\x1b[K${text.slice(0, Math.max(20, this.#io.columns - 1))}`);
    this.#live = true;
  }

  #line(text: string): void {
    this.#io.err(this.#io.errIsTty ? `\r\x1b[K${text}\n` : `${text}\n`);
  }

  #text({ phase, cellsDone, cellsTotal, calls, throttles }: ScanProgress): string {
    switch (phase) {
      case 'scope':
        return 'Finding accounts and regions';
      case 'follow-ups':
        return 'Asking for keys in other accounts and regions';
      case 'evaluate':
        return 'Evaluating';
      case 'crawl': {
        const left = this.#timeLeft(cellsDone, cellsTotal);
        const throttled = throttles === 0 ? '' : `, ${String(throttles)} throttled`;
        return `Reading: ${String(cellsDone)} of ${String(cellsTotal)} cells, ${String(calls)} calls${throttled}${left}`;
      }
    }
  }

  #timeLeft(done: number, total: number): string {
    const elapsed = (Date.now() - this.#startedAt) / 1000;
    if (done === 0 || done === total || elapsed < 5) return '';
    const seconds = Math.round((elapsed / done) * (total - done));
    return seconds < 90 ? `, about ${String(seconds)} s left` : `, about ${String(Math.round(seconds / 60))} min left`;
  }
}
