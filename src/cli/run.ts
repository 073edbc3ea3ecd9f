import { CommanderError } from 'commander';
import type { AtrestError } from '#index.js';
import type { Io } from './io.js';
import { exitCodes } from './exit-code.js';
import { makeProgram } from './program.js';

/** Parses the arguments, runs the command and answers the exit code; errors a person can act on become text. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const result = { exitCode: 0 };
  try {
    await makeProgram(io, result).parseAsync([...args], { from: 'user' });
    return result.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (isAtrestError(error)) {
      io.err(`atrest: ${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`);
      return exitCodes[error.code];
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EMFILE' || code === 'ENFILE') {
      // Before there is a run: even the program's own files could not be opened.
      io.err('atrest: Too many open files.\n  Allow more (`ulimit -n 4096`).\n');
      return exitCodes.stopped;
    }
    io.err(
      `atrest: internal error. Please report it with this text.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return exitCodes.internal;
  }
}

/** By name, so that printing a version loads no more than the argument parser. */
function isAtrestError(error: unknown): error is AtrestError {
  return error instanceof Error && error.name === 'AtrestError';
}
