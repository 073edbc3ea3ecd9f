import { AtrestError, readChain, type Chain } from '#index.js';
import type { Io } from '../io.js';

export interface ChainFlags {
  readonly from?: string;
  readonly to?: string;
  readonly scope?: string;
  readonly format: 'text' | 'json';
}

export async function evidenceChainCommand(dir: string, { from, to, scope, format }: ChainFlags, io: Io): Promise<number> {
  const period = { from: dayOf('--from', from), to: dayOf('--to', to) };
  if (period.from !== null && period.to !== null && period.from > period.to)
    throw new AtrestError('usage', `--from ${period.from} is after --to ${period.to}`);
  const found = await readChain(dir, period, scope);
  if (format === 'json') {
    io.out(`${JSON.stringify(found, null, 2)}\n`);
  } else {
    for (const each of found.unreadable) io.out(`Cannot be read: ${each}\n`);
    io.out(found.chains.map(textOf).join('\n'));
  }
  return found.whole ? 0 : 1;
}

function dayOf(flag: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text)
    throw new AtrestError('usage', `${flag} ${text}: a day is expected, as 2026-11-30`);
  return text;
}

function textOf({ scope, from, to, nights, scanned, missing, incomplete, broken, runs, follows }: Chain): string {
  const lines = [
    `Scope ${scope?.slice(0, 12) ?? 'unknown'}, ${from} to ${to}: scanned on ${String(scanned)} of ${String(nights)} nights; ` +
      `missing: ${missing.length === 0 ? 'none' : missing.join(', ')}; ` +
      `incomplete: ${incomplete.length === 0 ? 'none' : incomplete.map(incompleteText).join(', ')}.`,
    ...broken.map(({ run, problem }) => `Broken link: ${run}: ${problem}.`),
  ];
  if (broken.length === 0) lines.push(`The links of ${String(runs.length)} ${runs.length === 1 ? 'run' : 'runs'} hold.`);
  if (follows !== null) lines.push(`The first run here follows ${follows}, which is not here.`);
  return `${lines.join('\n')}\n`;
}

function incompleteText({ night, runs, finished }: Chain['incomplete'][number]): string {
  return `${night} (${runs.join(', ')}${finished ? '' : ', not finished'})`;
}
