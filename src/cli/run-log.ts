import { closeSync, openSync, writeSync } from 'node:fs';
import { AtrestError, type RunResult, type ScanProgress } from '#index.js';
import { exitCodes } from './exit-code.js';
import type { Io } from './io.js';

/** A line about throttles at most this often. */
const throttlesEveryMs = 60_000;

/**
 * The log of a run for programs: a JSON line for each event, with time and run id, written at once so that a killed run
 * leaves all that happened. It holds counts, names of cells and error codes, nothing of what was read and no credentials.
 */
export class RunLog {
  readonly #write: (line: string) => void;
  readonly #close: () => void;
  #run: string | null = null;
  /** What happened before the run had an id. */
  #early: ((run: string | null) => string)[] = [];
  #known = false;
  #phase: ScanProgress['phase'] | undefined;
  #calls = 0;
  #throttles = 0;
  #toldThrottles = 0;
  #toldAt = Date.now();

  private constructor(write: (line: string) => void, close: () => void) {
    this.#write = write;
    this.#close = close;
  }

  /** `-` is stderr. Throws when the file cannot be written to. */
  static open(file: string | undefined, io: Io): RunLog | undefined {
    if (file === undefined) return undefined;
    if (file === '-') return new RunLog(io.err, () => undefined);
    let descriptor: number;
    try {
      descriptor = openSync(file, 'a');
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw new AtrestError('output', `Cannot write the log to ${file}: ${code ?? String(cause)}`, { cause });
    }
    let full = false;
    const write = (line: string): void => {
      if (full) return;
      try {
        writeSync(descriptor, line);
      } catch (error) {
        // The run is worth more than its log.
        full = true;
        io.err(`atrest: The log ends here, as ${file} cannot be written to: ${(error as NodeJS.ErrnoException).code ?? ''}\n`);
      }
    };
    return new RunLog(write, () => closeSync(descriptor));
  }

  progress({ phase, cell, state, gap, run, calls, throttles, cellsDone, cellsTotal }: ScanProgress): void {
    if (run !== null) this.#begin(run);
    [this.#calls, this.#throttles] = [calls, throttles];
    if (phase !== this.#phase) {
      this.#phase = phase;
      this.#tellThrottles(0);
      this.#event('phase', { phase, ...(phase === 'crawl' && { cells: cellsTotal }) });
    }
    if (cell === null) return;
    this.#event('cell', { cell, state, done: cellsDone, cells: cellsTotal });
    if (gap !== null) this.#event('gap', { cell, state, ...gap });
    this.#tellThrottles(throttlesEveryMs);
  }

  /** The run has ended, well or with findings or gaps. */
  end({ header, exitCode, history }: RunResult): void {
    const { run, summary, errors } = header;
    this.#begin(run.id);
    this.#tellThrottles(0);
    this.#event('end', {
      exitCode,
      complete: run.complete,
      resources: summary.resources,
      bySeverity: summary.bySeverity,
      score: summary.score,
      ruleErrors: errors.length,
      calls: this.#calls,
      throttles: this.#throttles,
      ...(history !== undefined && { history }),
    });
  }

  /** The run came to no report. */
  failed(error: unknown): void {
    this.#tellThrottles(0);
    const known = error instanceof AtrestError;
    const exitCode = known ? exitCodes[error.code] : exitCodes.internal;
    // The text of an internal error was made for nobody: it stands on stderr alone.
    const message = known ? error.message : 'internal error';
    this.#event('end', {
      exitCode,
      complete: false,
      error: message,
      ...(known && error.hint !== undefined && { hint: error.hint }),
    });
    this.#begin(this.#run);
  }

  close(): void {
    this.#close();
  }

  #tellThrottles(everyMs: number): void {
    const since = this.#throttles - this.#toldThrottles;
    if (since === 0 || Date.now() - this.#toldAt < everyMs) return;
    [this.#toldThrottles, this.#toldAt] = [this.#throttles, Date.now()];
    this.#event('throttles', { calls: this.#calls, throttles: this.#throttles, since });
  }

  #event(event: string, fields: object): void {
    const time = new Date().toISOString();
    const line = (run: string | null) => `${JSON.stringify({ time, run, event, ...fields })}\n`;
    if (this.#known) this.#write(line(this.#run));
    else this.#early.push(line);
  }

  #begin(run: string | null): void {
    if (this.#known) return;
    [this.#run, this.#known] = [run, true];
    for (const line of this.#early) this.#write(line(run));
    this.#early = [];
  }
}
