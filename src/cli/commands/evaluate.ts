import { evaluate } from '#index.js';
import type { Io } from '../io.js';
import { catalogueOf, clockOf, formatsOf, ruleGlobsOf, stdoutFormatOf, type SharedFlags } from '../options.js';
import { summaryJson, summaryText } from '../summary.js';
import { reportToStdout } from '../to-stdout.js';

export async function evaluateCommand(run: string, flags: SharedFlags & { readonly out: string }, io: Io): Promise<number> {
  const stdout = stdoutFormatOf(flags);
  const catalogue = await catalogueOf(flags);
  const result = await evaluate({
    catalogue,
    run,
    out: flags.out,
    baseline: flags.baseline,
    frameworks: flags.framework,
    ruleGlobs: flags.rules === undefined ? undefined : ruleGlobsOf(flags, catalogue),
    formats: formatsOf(flags),
    failOn: flags.failOn ?? 'high',
    allowIncomplete: flags.allowIncomplete ?? false,
    includePass: flags.includePass ?? false,
    explain: flags.explain ?? false,
    now: clockOf(io),
  });
  if (flags.json === true) io.out(summaryJson(result));
  if (flags.quiet !== true) io.err(summaryText(result));
  await reportToStdout(stdout, { run: flags.out, catalogue, flags }, io);
  return result.exitCode;
}
