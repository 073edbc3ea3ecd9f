import { appendFile, readFile, stat } from 'node:fs/promises';
import type { Io } from './io.js';

/** What a step may write into its summary; above it GitHub drops the whole and the step stays green. */
const stepBytesMax = 1024 * 1024;

/** In GitHub Actions, shows a report of the format `github` on the page of the step. Elsewhere it does nothing. */
export async function showInGithub(files: Readonly<Record<string, string>>, io: Io): Promise<void> {
  const { GITHUB_STEP_SUMMARY: summary } = io.env;
  if (files['github'] === undefined || summary === undefined || summary === '') return;
  const text = await readFile(files['github']);
  // A step may write more than one summary, and they count together.
  const written = await sizeOf(summary);
  if (written + text.byteLength <= stepBytesMax) await appendFile(summary, text);
  else io.err(`The summary of the step is full: ${files['github']} was left out of it.\n`);
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
