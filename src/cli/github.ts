import { appendFile, readFile, stat } from 'node:fs/promises';
import { annotate } from '#index.js';
import type { Io } from './io.js';

/** What a step may write into its summary; above it GitHub drops the whole and the step stays green. */
const stepBytesMax = 1024 * 1024;

/**
 * In GitHub Actions, shows a run whose format `github` was written: its summary on the page of the step, and annotations
 * as workflow commands on stdout. Elsewhere it does nothing.
 */
export async function showInGithub(run: string, files: Readonly<Record<string, string>>, io: Io): Promise<void> {
  const { github } = files;
  if (github === undefined) return;
  const { GITHUB_STEP_SUMMARY: summary, GITHUB_ACTIONS: inActions } = io.env;
  if (summary !== undefined && summary !== '') await appendTo(summary, await readFile(github), io);
  if (inActions === 'true') for await (const line of annotate(run)) io.out(line);
}

/** A step may write more than one summary, and they count together. */
async function appendTo(summary: string, text: Buffer, io: Io): Promise<void> {
  const written = await sizeOf(summary);
  if (written + text.byteLength <= stepBytesMax) await appendFile(summary, text);
  else io.err(`The summary of the step is full: ${String(text.byteLength)} bytes were left out of it.\n`);
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
