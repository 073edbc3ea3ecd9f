import { dirname } from 'node:path';
import { AtrestError, showBaseline, type ShownBaseline } from '#index.js';
import { defaultConfig, readConfig } from '../configured.js';
import type { Io } from '../io.js';
import { catalogueOf, unknownWord, type SharedFlags } from '../options.js';
import { plural } from '../text.js';

export interface BaselineFlags extends SharedFlags {
  readonly config?: string;
  readonly run?: string;
  readonly name?: string;
  readonly path?: readonly string[];
  readonly tag?: readonly string[];
}

/** Prints the resolved baseline of an account; 2 when what AWS alone knows of the account would decide which it is. */
export async function baselineShowCommand(
  account: string,
  { format, ...flags }: Omit<BaselineFlags, 'format'> & { readonly format: string },
  io: Io,
): Promise<number> {
  if (format !== 'text' && format !== 'json') unknownWord('format', format, ['text', 'json']);
  if (!/^\d{12}$/.test(account)) throw new AtrestError('usage', `${account} is no account: an account id has 12 digits`);
  const configured = await readConfig(flags.config, io);
  const { plugins = [] } = configured.config;
  const shown = await showBaseline({
    catalogue: await catalogueOf(flags, { plugins, base: dirname(flags.config ?? defaultConfig) }),
    configured,
    account,
    run: flags.run,
    said: { name: flags.name, paths: flags.path ?? [], tags: tagsOf(flags.tag) },
  });
  io.out(format === 'json' ? `${JSON.stringify(shown, null, 2)}\n` : textOf(shown));
  if (shown.baseline !== null) return 0;
  io.err('atrest: What is known of the account does not say which baseline it has.\n');
  io.err('  Name the rest with --tag KEY=VALUE, --path or --name, or a run that saw the account with --run.\n');
  return 2;
}

function tagsOf(tags: readonly string[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(
    tags.map((tag) => {
      const at = tag.indexOf('=');
      if (at < 1) throw new AtrestError('usage', `--tag ${tag}: write it as KEY=VALUE`);
      return [tag.slice(0, at), tag.slice(at + 1)];
    }),
  );
}

type Explained = NonNullable<ShownBaseline['baseline']>;
type Candidate = ShownBaseline['candidates'][number];

function textOf({ account, baseline, candidates, asInRun }: ShownBaseline): string {
  if (baseline === null) return `${[`${account} has one of these baselines:`, ...candidates.map(possibleText)].join('\n')}\n`;
  const [assignment] = candidates;
  const on = baseline.rules.filter((rule) => rule.on);
  const off = baseline.rules.filter((rule) => !rule.on);
  const lines = [
    `${account} has the baseline ${baseline.name}`,
    `  ${whyText(assignment)}${asInRun === null ? '' : `, which it did in ${asInRun}`}.`,
    ...baseline.chain.map(
      ({ name, at, extends: bases }) =>
        `  ${name}: ${at ?? 'comes with atrest'}${bases.length === 0 ? '' : `, extends ${bases.join(' and ')}`}`,
    ),
    '',
    'Customer managed keys are required of:',
    ...(baseline.cmkRequired.length === 0 ? ['  nothing'] : baseline.cmkRequired.map((each) => `  ${selectorText(each)}`)),
    '',
    `On (${String(on.length)} of ${plural(baseline.rules.length, 'rule')}):`,
    ...on.flatMap(ruleText),
    ...(off.length === 0 ? [] : ['', `Off (${String(off.length)}):`]),
    ...off.flatMap(({ id, from }) => [
      `  ${id}`,
      `      ${from === null ? 'in no baseline that this one extends' : fromText(from)}`,
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function whyText(assignment: Candidate | undefined): string {
  if (assignment === undefined || assignment.at === null) return 'since no assignment fits it';
  return `since the assignment at ${assignment.at} fits it`;
}

function possibleText({ baseline, at, unknown }: Candidate): string {
  const where = at === null ? '' : ` (${at})`;
  return `  ${baseline}${where}: ${unknown.length === 0 ? 'if none before it fits' : `not known: ${unknown.join(', ')}`}`;
}

function selectorText(selector: Explained['cmkRequired'][number]): string {
  const conditions = Object.entries(selector);
  return conditions.length === 0 ? 'everything' : conditions.map(([key, value]) => `${key} ${JSON.stringify(value)}`).join(', ');
}

function ruleText({ id, severity, severityFrom, from, options }: Explained['rules'][number]): readonly string[] {
  return [
    `  ${id}`,
    ...(from === null ? [] : [`      on: ${fromText(from)}`]),
    `      ${severity}: ${severityFrom === null ? "the rule's own" : fromText(severityFrom)}`,
    ...Object.entries(options).map(
      ([key, { value, from: source }]) =>
        `      ${key} ${JSON.stringify(value)}: ${source === null ? "the rule's default" : fromText(source)}`,
    ),
  ];
}

function fromText({ baseline, at, reason }: NonNullable<Explained['rules'][number]['from']>): string {
  return `${baseline}${at === null ? '' : `, ${at}`}${reason === null ? '' : `: ${reason}`}`;
}
