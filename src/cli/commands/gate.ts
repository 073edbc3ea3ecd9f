import { AtrestError, gateRun, githubAnnotations, type Severity, type UnknownMode } from '#index.js';
import { gateJson, gateText } from '../gate-text.js';
import type { Io } from '../io.js';
import { catalogueOf, clockOf } from '../options.js';

export interface GateFlags {
  readonly against?: string;
  readonly known?: string;
  readonly failOn?: Severity | 'never';
  /** True: named without a severity. */
  readonly failOnNew?: Severity | 'never' | true;
  readonly max?: readonly string[];
  readonly unknown?: UnknownMode;
  readonly allowIncomplete?: boolean;
  readonly plugin?: readonly string[];
  readonly json?: boolean;
}

export async function gateCommand(run: string, flags: GateFlags, io: Io): Promise<number> {
  const { against, known, failOn, failOnNew, unknown, allowIncomplete = false } = flags;
  if (failOnNew !== undefined && against === undefined && known === undefined)
    throw new AtrestError('usage', '--fail-on-new has nothing that says what is old', {
      hint: 'Name an earlier run with --against, or accepted findings with --known.',
    });
  const result = await gateRun({
    catalogue: await catalogueOf({ plugin: flags.plugin ?? [] }),
    run,
    against,
    known,
    failOn,
    failOnNew: failOnNew === true ? 'info' : failOnNew,
    unknown,
    allowIncomplete,
    max: thresholdsOf(flags.max ?? []),
    now: clockOf(io) ?? new Date(),
  });
  if (flags.json === true) for await (const piece of gateJson(result)) io.out(piece);
  else io.out(await gateText(result, { run, known }));
  // JSON is read by a program.
  if (flags.json !== true && io.env['GITHUB_ACTIONS'] === 'true')
    for await (const annotation of githubAnnotations(result)) io.out(annotation);
  return result.exitCode;
}

/** `RULE=N` and `ACCOUNT=N`. */
function thresholdsOf(given: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name = '', count = ''] = /^([^=]+)=(\d{1,9})$/.exec(text) ?? [];
      if (name === '')
        throw new AtrestError(
          'usage',
          `--max ${text}: a rule or an account and a number are expected, as ebs/volume-encrypted=5`,
        );
      return [name, Number(count)];
    }),
  );
}
