import { join } from 'node:path';
import { Connection } from '#aws/connection.js';
import { exists, reasonOf, resumeCommand, runFile, type RunDocument } from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';
import { crawl, type Accounts, type CrawlOptions } from './crawl.js';
import { finishRun, type FinishOptions, type RunResult } from './finish-run.js';
import type { Judgement } from './judgement.js';
import { lockRun } from './run-lock.js';
import { Progress } from './scan-progress.js';

/** Why a crawl ended before everything was read, and yet with a report. */
class EndedEarly extends Error {
  override readonly name = 'EndedEarly';
}

/** Works in a run folder with its lock held and a connection open; what goes wrong becomes what a person can act on. */
export async function workIn<T>(
  out: string,
  options: CrawlOptions,
  work: (connection: Connection, progress: Progress) => Promise<T>,
): Promise<T> {
  const connection = await Connection.open(options.connection);
  const release = await lockRun(out);
  const disarm = arm(connection, options);
  try {
    return await work(connection, new Progress(options.onProgress, connection));
  } catch (error) {
    throw await explain(error, out, connection, options);
  } finally {
    disarm();
    connection.close();
    await release();
  }
}

function arm(connection: Connection, { deadlineMs, terminated }: CrawlOptions): () => void {
  const end = (why: string) => () => {
    connection.stop(new EndedEarly(why));
  };
  const onTerminated = end('The run was ended by a signal');
  const timer = deadlineMs === undefined ? undefined : setTimeout(end('The deadline has passed'), deadlineMs);
  if (terminated?.aborted === true) onTerminated();
  else terminated?.addEventListener('abort', onTerminated, { once: true });
  return () => {
    clearTimeout(timer);
    terminated?.removeEventListener('abort', onTerminated);
  };
}

/** Reads what the folder does not hold yet, judges and reports: all of it, or what was read when the crawl was ended early. */
export async function carryOut(
  { run, judgement, out }: { readonly run: RunDocument; readonly judgement: Judgement; readonly out: string },
  options: CrawlOptions & FinishOptions,
  { connection, progress }: { readonly connection: Connection; readonly progress: Progress },
  accounts: () => Promise<Accounts>,
): Promise<RunResult> {
  try {
    await crawl({ run, judgement, out, connection, progress, options }, await accounts());
  } catch (error) {
    if (!endedEarly(connection)) throw error;
  }
  progress.phase('evaluate');
  const signal = options.connection.signal;
  const result = await finishRun({ path: out, run, judgement }, out, { ...options, signal });
  return { ...result, exitCode: options.terminated?.aborted === true ? 130 : result.exitCode };
}

function endedEarly({ signal }: Connection): boolean {
  return signal.aborted && signal.reason instanceof EndedEarly;
}

/** What a person can act on in place of what the platform threw. */
async function explain(error: unknown, out: string, { signal }: Connection, options: CrawlOptions): Promise<unknown> {
  const begun = await exists(join(out, runFile));
  const resume = begun ? `\`${resumeCommand(out)}\`` : null;
  if (options.connection.signal?.aborted === true) {
    return new AtrestError('interrupted', 'Stopped.', {
      hint: resume === null ? undefined : `There is no report. Finish the run with ${resume}.`,
      cause: error,
    });
  }
  if (signal.aborted && !begun && signal.reason instanceof EndedEarly) {
    const code = options.terminated?.aborted === true ? 'interrupted' : 'stopped';
    return new AtrestError(code, `${signal.reason.message} before anything was read.`, { cause: error });
  }
  if (error instanceof AtrestError && error.code === 'stopped') {
    const then = resume === null ? '.' : `, then ${resume}. Nothing that was read is lost.`;
    return new AtrestError('stopped', error.message, { hint: `${error.hint ?? ''}${then}`, cause: error });
  }
  if (diskErrors.has((error as NodeJS.ErrnoException).code ?? '')) {
    return new AtrestError('disk', `Cannot write the run to ${out}: ${reasonOf(error)}.`, {
      hint: resume === null ? undefined : `What was read by then is kept. When that is mended, finish the run with ${resume}.`,
      cause: error,
    });
  }
  return error;
}

const diskErrors: ReadonlySet<string> = new Set(['EACCES', 'EDQUOT', 'EFBIG', 'EIO', 'EMFILE', 'ENFILE', 'ENOSPC', 'EROFS']);
