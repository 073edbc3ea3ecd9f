import type { Connection } from '#aws/connection.js';

/** What a scan tells whoever watches it. */
export interface ScanProgress {
  readonly phase: 'scope' | 'crawl' | 'follow-ups' | 'evaluate';
  readonly cellsDone: number;
  readonly cellsTotal: number;
  readonly calls: number;
  readonly throttles: number;
  /** The cell that was just finished, as ACCOUNT/REGION/SERVICE. */
  readonly cell: string | null;
  /** Its state. */
  readonly state: string | null;
}

/** Counts cells and tells on every change. */
export class Progress {
  readonly #tell: (progress: ScanProgress) => void;
  readonly #connection: Connection;
  #phase: ScanProgress['phase'] = 'scope';
  #done = 0;
  #total = 0;

  constructor(tell: (progress: ScanProgress) => void, connection: Connection) {
    this.#tell = tell;
    this.#connection = connection;
  }

  phase(phase: ScanProgress['phase']): void {
    this.#phase = phase;
    this.#emit(null, null);
  }

  /** `done`: cells that an earlier process has read. */
  start(total: number, done: number): void {
    this.#total = total;
    this.#done = done;
    this.phase('crawl');
  }

  cell(cell: string, state: string): void {
    this.#done += 1;
    this.#emit(cell, state);
  }

  #emit(cell: string | null, state: string | null): void {
    const { calls, throttles } = this.#connection.stats;
    this.#tell({ phase: this.#phase, cellsDone: this.#done, cellsTotal: this.#total, calls, throttles, cell, state });
  }
}
