import type { Io } from '#cli/io.js';
import { run } from '#cli/run.js';
import { testIo } from './test-io.js';

/** What a command did, run without a process of its own. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function ran(args: readonly string[], env: Io['env'] = {}): Promise<Ran> {
  const io = testIo(env);
  const code = await run(args, io);
  return { code, stdout: io.outText(), stderr: io.errText() };
}
