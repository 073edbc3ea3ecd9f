import { render } from '#index.js';
import { showInGithub } from '../github.js';
import type { Io } from '../io.js';
import { catalogueOf, formatsOf, languageOf, redactionsOf, stdoutFormatOf, type SharedFlags } from '../options.js';
import { reportToStdout } from '../to-stdout.js';

export async function reportCommand(
  run: string,
  flags: SharedFlags & { readonly out?: string; readonly against?: string; readonly redact?: readonly string[] },
  io: Io,
): Promise<number> {
  const redact = redactionsOf(flags);
  const language = languageOf(flags);
  const catalogue = await catalogueOf(flags);
  const stdout = stdoutFormatOf(flags, catalogue);
  const files = await render({
    catalogue,
    run,
    out: flags.out,
    against: flags.against,
    redact,
    language,
    formats: formatsOf(flags, catalogue),
    includePass: flags.includePass ?? false,
    explain: flags.explain ?? false,
  });
  for (const [format, file] of Object.entries(files)) io.err(`${format}: ${file}\n`);
  await showInGithub(files, io);
  await reportToStdout(stdout, { run, catalogue, flags, against: flags.against, redact }, io);
  return 0;
}
