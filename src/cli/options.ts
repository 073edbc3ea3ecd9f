import { dirname, isAbsolute, join, resolve } from 'node:path';
import {
  AtrestError,
  formatNames,
  languages,
  nearest,
  parseTarget,
  redactions,
  catalogue,
  selectRules,
  withPlugins,
  services,
  stdoutFormats,
  type Catalogue,
  type Config,
  type HistoryOptions,
  type Language,
  type Redaction,
  type Service,
  type Severity,
} from '#index.js';
import type { Io } from './io.js';

/** Flags that several commands share, as the parser leaves them. */
export interface SharedFlags {
  readonly rules?: readonly string[];
  readonly baseline?: string;
  readonly framework?: readonly string[];
  readonly plugin?: readonly string[];
  readonly format?: readonly string[];
  readonly includePass?: boolean;
  readonly explain?: boolean;
  readonly lang?: string;
  readonly failOn?: Severity | 'never';
  readonly allowIncomplete?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** Flags that say how fast a scan may go. */
export interface SpeedFlags {
  readonly maxRps?: number;
  readonly workers?: number;
  readonly accountConcurrency?: number;
}

export function speedOf({
  maxRps,
  workers,
  accountConcurrency,
}: SpeedFlags): Readonly<Record<keyof SpeedFlags, number | undefined>> {
  if (maxRps !== undefined && !(maxRps > 0)) throw new AtrestError('usage', '--max-rps takes a number above 0');
  for (const [flag, count] of [
    ['--workers', workers],
    ['--account-concurrency', accountConcurrency],
  ] as const)
    if (count !== undefined && !(Number.isInteger(count) && count > 0))
      throw new AtrestError('usage', `${flag} takes a whole number above 0`);
  return { maxRps, workers, accountConcurrency };
}

/** The formats that go into files. */
export function formatsOf(flags: SharedFlags, catalogue: Catalogue): readonly string[] {
  return namedFormats(flags, catalogue).filter((name) => !stdoutFormats.includes(name));
}

/** The format that goes to stdout, where one is asked for. */
export function stdoutFormatOf(flags: SharedFlags, catalogue: Catalogue): string | undefined {
  const [first, second] = namedFormats(flags, catalogue).filter((name) => stdoutFormats.includes(name));
  const other = second === undefined ? (flags.json === true ? '--json' : undefined) : `--format ${second}`;
  if (first !== undefined && other !== undefined)
    throw new AtrestError('usage', `--format ${first} and ${other} both write to stdout`, { hint: 'Leave one of them out.' });
  return first;
}

export function redactionsOf({ redact = [] }: { readonly redact?: readonly string[] }): readonly Redaction[] {
  return redact.map((name) => redactions.find((each) => each === name) ?? unknownWord('redaction', name, redactions));
}

/** The language that is asked for; undefined: none is. */
export function languageOf({ lang }: Pick<SharedFlags, 'lang'>): Language | undefined {
  return lang === undefined ? undefined : (languages.find((each) => each === lang) ?? unknownWord('language', lang, languages));
}

function namedFormats({ format = [] }: SharedFlags, { formats = [] }: Catalogue): readonly string[] {
  if (format.length === 0) return ['json', 'html'];
  const known: readonly string[] = [...formatNames, ...formats.map(({ name }) => name)];
  return [...new Set(format)].map((name) => (known.includes(name) ? name : unknownWord('format', name, known)));
}

export function servicesOf(names: readonly string[] = []): readonly Service[] {
  return names.map((name) => services.find((service) => service === name) ?? unknownWord('service', name, services));
}

/** Globs over rule ids; one that matches no rule is a mistake. */
export function ruleGlobsOf({ rules: globs = [] }: SharedFlags, { rules }: Catalogue): readonly string[] {
  for (const glob of globs)
    if (selectRules(rules, [glob]).length === 0)
      unknownWord(
        'rule',
        glob,
        rules.map(({ id }) => id),
      );
  return globs;
}

/** What comes with atrest and with the plugins that were named: in the config relative to it, by flag to the working directory. */
export async function catalogueOf(
  { plugin = [] }: SharedFlags,
  configured: { readonly plugins: readonly string[]; readonly base: string } = { plugins: [], base: '.' },
): Promise<Catalogue> {
  return withPlugins(await withPlugins(catalogue, configured.plugins, resolve(configured.base)), plugin, resolve('.'));
}

/** Where runs are kept: what the flag names, else what the config does, with the config's settings. Both refuse what is neither folder nor S3. */
export function historyOf(
  flag: string | undefined,
  { config, file }: { readonly config: Config; readonly file: string },
  { self }: Io,
): HistoryOptions | undefined {
  const { to, ...settings } = typeof config.history === 'string' ? { to: config.history } : (config.history ?? {});
  if (flag !== undefined) parseTarget(flag);
  else if (to !== undefined && parseTarget(to).kind === 'folder')
    return { ...settings, to: isAbsolute(to) ? to : join(dirname(file), to), self };
  const named = flag ?? to;
  return named === undefined ? undefined : { ...settings, to: named, self };
}

/** The injected clock. */
export function clockOf({ env }: Io): Date | undefined {
  const text = env['ATREST_NOW'];
  if (text === undefined || text === '') return undefined;
  const now = new Date(text);
  if (Number.isNaN(now.getTime()))
    throw new AtrestError('usage', `ATREST_NOW is not a time: ${text}`, { hint: 'Write it as 2026-11-23T00:00:00Z.' });
  return now;
}

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
/** A timer takes no more than some 24 days. */
const longestHours = 500;

/** Milliseconds of `45s`, `30m` or `2h`. */
export function durationOf(flag: string, text: string): number {
  const [, count = '', unit = ''] = /^(\d+)([smh])$/.exec(text) ?? [];
  const seconds = Number(count) * (secondsOf[unit] ?? 0);
  if (seconds > 0 && seconds <= longestHours * 3600) return seconds * 1000;
  throw new AtrestError('usage', `${flag} ${text} is not a duration`, {
    hint: `Write it as 45s, 30m or 2h; ${String(longestHours)}h at most.`,
  });
}

export function unknownWord(what: string, word: string, known: readonly string[]): never {
  const close = nearest(word, known);
  throw new AtrestError('usage', `There is no ${what} ${word}`, {
    hint: close === undefined ? (known.length <= 12 ? `Known: ${known.join(', ')}.` : undefined) : `Did you mean ${close}?`,
  });
}
