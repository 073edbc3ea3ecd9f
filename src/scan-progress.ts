import type { Connection } from '#aws/connection.js';
import type { CellCoverage } from '#model/coverage.js';

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
  /** The run's id; null: it is not known yet what the run is to do. */
  readonly run: string | null;
  /** What is missing of that cell; null: nothing. */
  readonly gap: CellGap | null;
}

/** Why a cell is not complete, and the operations that ended without an answer. */
export interface CellGap {
  readonly reason: string | null;
  readonly operations: readonly { readonly operation: string; readonly code: string | null; readonly errors: number }[];
}

/** Counts cells and tells on every change. */
export class Progress {
  readonly #tell: (progress: ScanProgress) => void;
  readonly #connection: Connection;
  #phase: ScanProgress['phase'] = 'scope';
  #done = 0;
  #total = 0;
  #run: string | null = null;

  constructor(tell: (progress: ScanProgress) => void, connection: Connection) {
    this.#tell = tell;
    this.#connection = connection;
  }

  /** It is known what the run is to do. */
  begun(run: string): void {
    this.#run = run;
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

  cell(cell: string, { state, reason, operations }: Pick<CellCoverage, 'state' | 'reason' | 'operations'>): void {
    this.#done += 1;
    const failed = operations.filter(({ errors }) => errors > 0);
    const unanswered = failed.map(({ operation, code, errors }) => ({ operation, code, errors }));
    this.#emit(cell, state, state === 'complete' || state === 'skipped' ? null : { reason, operations: unanswered });
  }

  #emit(cell: string | null, state: string | null, gap: CellGap | null = null): void {
    const { calls, throttles } = this.#connection.stats;
    const counts = { cellsDone: this.#done, cellsTotal: this.#total, calls, throttles };
    this.#tell({ phase: this.#phase, ...counts, cell, state, run: this.#run, gap });
  }
}
