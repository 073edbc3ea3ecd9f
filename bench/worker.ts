/**
 * Work in a process of its own, so that peak memory and CPU time are those of the work alone: the bundle starts
 * itself again with `--worker NAME INPUT` and reads one JSON value from the child's stdout.
 */
import { spawn, type ChildProcess } from 'node:child_process';

export type Worker = (input: never) => Promise<unknown>;

const flag = '--worker';

export function startWorker(name: string, input: unknown): ChildProcess {
  return spawn(process.execPath, [script(), flag, name, JSON.stringify(input)], { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Runs the work and answers its result; rejects when the child failed. */
export async function inWorker<Result>(name: string, input: unknown): Promise<Result> {
  const child = startWorker(name, input);
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  if (code !== 0) throw new Error(`the worker ${name} ended with exit code ${String(code)}`);
  return JSON.parse(text) as Result;
}

/** The work that this process was started for; undefined in the first process. */
export function workerCall(args: readonly string[]): { readonly name: string; readonly input: unknown } | undefined {
  const [first, name, input] = args;
  return first === flag && name !== undefined ? { name, input: JSON.parse(input ?? 'null') } : undefined;
}

function script(): string {
  const [, path] = process.argv;
  if (path === undefined) throw new Error('there is no script to start again');
  return path;
}
