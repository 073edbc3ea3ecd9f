import { AtrestError, historyOfRun, resume } from '#index.js';
import type { Io } from '../io.js';
import { catalogueOf, clockOf, formatsOf, historyOf, languageOf, stdoutFormatOf } from '../options.js';
import { reportToStdout } from '../to-stdout.js';
import { watched, type ScanFlags } from '../watched.js';

/** Flags that say what a run is: those of a run that goes on are in its folder. */
const settled = {
  config: '--config',
  out: '--out',
  account: '--account',
  region: '--region',
  excludeRegion: '--exclude-region',
  service: '--service',
  rules: '--rules',
  baseline: '--baseline',
  framework: '--framework',
} as const satisfies Partial<Record<keyof ScanFlags, string>>;

/** `scan --resume`: finishes the run of a folder. */
export async function resumeCommand(run: string, flags: ScanFlags, io: Io): Promise<number> {
  const given = (Object.keys(settled) as (keyof typeof settled)[]).filter((name) => flags[name] !== undefined);
  if (given.length > 0) {
    throw new AtrestError('usage', `--resume takes no ${given.map((name) => settled[name]).join(', ')}`, {
      hint: 'A run goes on with the scope, rules and baselines that it was begun with.',
    });
  }
  const language = languageOf(flags);
  const catalogue = await catalogueOf(flags);
  const stdout = stdoutFormatOf(flags, catalogue);
  // Where it was to be kept is where it goes, as everything else of it is as it was.
  const config = { version: 1 as const, history: await historyOfRun(run) };
  const { failOn, allowIncomplete, includePass, explain } = flags;
  const exitCode = await watched(run, flags, io, (how) =>
    resume({
      ...how,
      catalogue,
      run,
      formats: flags.format === undefined ? undefined : formatsOf(flags, catalogue),
      failOn,
      allowIncomplete,
      includePass,
      explain,
      language,
      now: clockOf(io),
      history: historyOf(flags.history, { config, file: '' }, io),
    }),
  );
  await reportToStdout(stdout, { run, catalogue, flags }, io);
  return exitCode;
}
