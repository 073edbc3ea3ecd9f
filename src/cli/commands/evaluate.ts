import { evaluate } from '#index.js';
import { configuredBy } from '../configured.js';
import type { Io } from '../io.js';
import { catalogueOf, clockOf, formatsOf, languageOf, ruleGlobsOf, stdoutFormatOf, type SharedFlags } from '../options.js';
import { summaryJson, summaryText } from '../summary.js';
import { reportToStdout } from '../to-stdout.js';

interface EvaluateFlags extends SharedFlags {
  readonly out: string;
  /** Whose waivers count, in place of those of the run. */
  readonly config?: string;
}

export async function evaluateCommand(run: string, flags: EvaluateFlags, io: Io): Promise<number> {
  const asked = languageOf(flags);
  const configured = flags.config === undefined ? undefined : await configuredBy(flags, io);
  const catalogue = configured?.catalogue ?? (await catalogueOf(flags));
  const stdout = stdoutFormatOf(flags, catalogue);
  const result = await evaluate({
    catalogue,
    run,
    out: flags.out,
    baseline: flags.baseline,
    frameworks: flags.framework,
    ruleGlobs: flags.rules === undefined ? undefined : ruleGlobsOf(flags, catalogue),
    waivers: configured && (configured.waivers ?? { waivers: [], attestations: [] }),
    formats: formatsOf(flags, catalogue),
    failOn: flags.failOn,
    allowIncomplete: flags.allowIncomplete ?? false,
    includePass: flags.includePass ?? false,
    explain: flags.explain ?? false,
    language: asked ?? configured?.config.lang,
    now: clockOf(io),
  });
  if (flags.json === true) io.out(summaryJson(result));
  if (flags.quiet !== true) io.err(summaryText(result));
  await reportToStdout(stdout, { run: flags.out, catalogue, flags }, io);
  return result.exitCode;
}
