import { AtrestError, render, splitReport } from '#index.js';

import { showInGithub } from '../github.js';
import type { Io } from '../io.js';
import { catalogueOf, formatsOf, languageOf, redactionsOf, stdoutFormatOf, type SharedFlags } from '../options.js';
import { reportToStdout } from '../to-stdout.js';

interface ReportFlags extends SharedFlags {
  readonly out?: string;
  readonly against?: string;
  readonly redact?: readonly string[];
  readonly splitBy?: string;
}

export async function reportCommand(run: string, flags: ReportFlags, io: Io): Promise<number> {
  if (flags.splitBy !== undefined) return splitCommand(run, flags, io);
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

async function splitCommand(run: string, flags: ReportFlags, io: Io): Promise<number> {
  const { splitBy = '', out, format = [], against, includePass, explain } = flags;
  if (splitBy !== 'account') throw usage(`A report is not split by ${splitBy}`, 'It can be split by account.');
  if (out === undefined) throw usage('--split-by wants --out', 'Name an empty folder for the pages.');
  if (format.some((name) => name !== 'html')) throw usage('--split-by splits the HTML report alone', 'Leave --format out.');
  if (against !== undefined || includePass === true || explain === true)
    throw usage('--split-by goes with neither --against nor --include-pass nor --explain', 'Leave them out.');
  const redact = redactionsOf(flags);
  const language = languageOf(flags);
  const { index, accounts } = await splitReport({ catalogue: await catalogueOf(flags), run, out, redact, language });
  io.err(`html: ${index}, over the pages of ${String(accounts)} ${accounts === 1 ? 'account' : 'accounts'}\n`);
  return 0;
}

function usage(message: string, hint: string): AtrestError {
  return new AtrestError('usage', message, { hint });
}
