import type { Credentials, ConnectionOptions } from '#aws/connection.js';
import type { Failure } from '#aws/failure.js';
import type { CellJob } from '#collect/crawl-cell.js';
import { AtrestError, type ErrorCode } from '#model/errors.js';
import type { CellCoverage } from '#model/coverage.js';
import type { PluginSource } from '#model/framework.js';

/** What a crawling process is told first. */
export interface WorkerSettings {
  readonly run: string;
  readonly connection: Omit<ConnectionOptions, 'signal'>;
  readonly plugins: readonly PluginSource[];
}

/** A cell without what cannot be sent: its credentials are asked for when they are needed. */
export type SentJob = Omit<CellJob, 'credentials'>;

export type ToWorker =
  | { readonly is: 'settings'; readonly settings: WorkerSettings }
  | { readonly is: 'cell'; readonly id: number; readonly job: SentJob }
  | { readonly is: 'credentials'; readonly id: number; readonly credentials: Credentials }
  | { readonly is: 'no-credentials'; readonly id: number; readonly message: string; readonly failure: Failure }
  | { readonly is: 'stop' };

export type FromWorker =
  | { readonly is: 'calls'; readonly calls: number; readonly throttles: number }
  /** What has stopped answering: another process need not wait as long to find that out. */
  | { readonly is: 'silent'; readonly services: readonly string[] }
  | { readonly is: 'crawled'; readonly id: number; readonly coverage: CellCoverage }
  | { readonly is: 'failed'; readonly id: number; readonly error: SentError }
  | { readonly is: 'credentials'; readonly id: number; readonly account: string };

/** An error as it travels: what decides the exit code and what a person reads. */
interface SentError {
  readonly message: string;
  readonly stack: string | undefined;
  /** The system's code: ENOSPC. */
  readonly code: string | undefined;
  readonly atrest: { readonly code: ErrorCode; readonly hint: string | undefined } | undefined;
}

export function sentError(error: unknown): SentError {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined, code: undefined, atrest: undefined };
  const { message, stack } = error;
  if (error instanceof AtrestError) return { message, stack, code: undefined, atrest: { code: error.code, hint: error.hint } };
  return { message, stack, code: (error as NodeJS.ErrnoException).code, atrest: undefined };
}

export function receivedError({ message, stack, code, atrest }: SentError): Error {
  if (atrest !== undefined) return new AtrestError(atrest.code, message, { hint: atrest.hint });
  const error = Object.assign(new Error(message), code === undefined ? {} : { code });
  if (stack !== undefined) error.stack = stack;
  return error;
}
