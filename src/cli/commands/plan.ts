import { AtrestError, plan, preflight } from '#index.js';
import type { Io } from '../io.js';
import { unknownWord } from '../options.js';
import { planText } from '../plan-text.js';
import { preflightText } from '../preflight-text.js';
import { ProgressDisplay } from '../progress.js';
import { requestOf, type RequestFlags } from '../request.js';

interface PlanFlags extends Omit<RequestFlags, 'format'> {
  readonly from?: string;
  readonly preflight?: boolean;
  readonly allRegions?: boolean;
  readonly format: string;
}

export async function planCommand({ format, ...flags }: PlanFlags, io: Io): Promise<number> {
  if (format !== 'text' && format !== 'json') unknownWord('format', format, ['text', 'json']);
  if (flags.allRegions === true && flags.preflight !== true)
    throw new AtrestError('usage', '--all-regions goes with --preflight');
  if (flags.from !== undefined && flags.preflight === true)
    throw new AtrestError('usage', '--from and --preflight do not go together', {
      hint: '--preflight asks AWS; an earlier run cannot tell what is allowed now.',
    });
  const print = <T>(document: T, text: (document: T) => string) => {
    io.out(format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : text(document));
  };
  const request = await requestOf(flags, io);
  const display = flags.quiet === true ? undefined : new ProgressDisplay(io);
  try {
    if (flags.preflight === true) {
      const found = await preflight({ ...request, allRegions: flags.allRegions ?? false });
      print(found, preflightText);
      return found.missing ? 1 : found.complete ? 0 : 3;
    }
    const planned = await plan({ ...request, from: flags.from, onProgress: (progress) => display?.show(progress) });
    display?.end();
    print(planned, planText);
    return planned.complete ? 0 : 3;
  } finally {
    display?.end();
  }
}
