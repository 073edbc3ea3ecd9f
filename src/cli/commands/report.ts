import { render } from '#index.js';
import type { Io } from '../io.js';
import { catalogueOf, formatsOf, stdoutFormatOf, type SharedFlags } from '../options.js';
import { reportToStdout } from '../to-stdout.js';

export async function reportCommand(run: string, flags: SharedFlags & { readonly out?: string }, io: Io): Promise<number> {
  const stdout = stdoutFormatOf(flags);
  const catalogue = await catalogueOf(flags);
  const files = await render({
    catalogue,
    run,
    out: flags.out,
    formats: formatsOf(flags),
    includePass: flags.includePass ?? false,
    explain: flags.explain ?? false,
  });
  for (const [format, file] of Object.entries(files)) io.err(`${format}: ${file}\n`);
  await reportToStdout(stdout, { run, catalogue, flags }, io);
  return 0;
}
