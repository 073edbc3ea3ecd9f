import { z } from 'zod';
import { collectedFacet } from '#collect/asked.js';
import type { facetCalls } from '#collect/registry.js';
import { edgeSpecs, specsOf } from '#model/edges.js';
import type { Identity, Kind } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';
import { home } from './resources.js';
import { sampleResource } from './samples.js';

export const endOfHeader = '<!-- end of generated header -->';
type Calls = ReturnType<typeof facetCalls>;

/** Everything of a rule's page that follows from the rule, and from the calls that the collectors declare. */
export function pageHeader(rule: Rule, operations: Calls): string {
  const reads = table(['facet', 'operation', 'IAM action'], readsOf(rule, operations));
  return [topOfPage(rule), '## What it reads', '', ...reads, ...tagLines(rule, operations), '', restOfHeader(rule)].join('\n');
}

/** What stands above the table of calls. */
export function topOfPage({ id, title, severity, kinds, recommended, docs }: Rule): string {
  return [
    '<!-- Generated from the rule. Run `npm run generate` to update; write below the end of the header. -->',
    '',
    `# ${title}`,
    '',
    `\`${id}\` · severity **${severity}** · on ${kinds.map((each) => `\`${each}\``).join(', ')}${recommended ? '' : ' · off in `recommended`'}`,
    '',
    docs.why,
    '',
  ].join('\n');
}

/** What stands below it. */
export function restOfHeader(rule: Rule): string {
  const { kinds, docs, states, messages } = rule;
  const [kind = 'kms.key'] = kinds;
  const { text, cli, terraform } = rule.remediation(exampleOf(kind));
  const example = kinds.length > 1 ? ` Here for a \`${kind}\`:` : '';
  return [
    '## How it decides',
    '',
    'The first line that fits counts.',
    '',
    ...table(['state', 'verdict'], states),
    '',
    ...optionLines(rule),
    '## What it says',
    '',
    ...table(
      ['message', 'text'],
      Object.entries(messages).map(([name, message]) => [`\`${name}\``, message]),
    ),
    '',
    '## How to mend it',
    '',
    `${text}${example}`,
    '',
    ...fenced('sh', cli),
    ...fenced('terraform', terraform),
    '## When to waive it',
    '',
    docs.waive,
    '',
    `Source: <${docs.source}>`,
    '',
    endOfHeader,
    '',
  ].join('\n');
}

/** A copy is held to what is required of its source, so what it is a copy of is read with the tags. */
function tagLines({ kinds, needs, cmkRequired }: Rule, operations: Calls): readonly string[] {
  if (cmkRequired === null) return [];
  const copies = edgeSpecs.filter(({ name, from, facet }) => name === 'source' && kinds.includes(from) && !needs.includes(facet));
  const facets = [...new Set(copies.map(({ from, facet }) => `${from}/${facet}`))].flatMap((facet) =>
    (operations.get(facet) ?? []).map(({ operation }) => `\`${facet}\` by \`${operation}\``),
  );
  const too = facets.length === 0 ? '' : `, and ${facets.join(' and ')}: a copy is held to what is required of its source`;
  return ['', `Tags are read too where the baseline requires a customer managed key by tag${too}.`];
}

function optionLines({ options }: Rule): readonly string[] {
  if (options === null) return [];
  const { properties = {} } = z.toJSONSchema(options, { io: 'input' }) as { properties?: Record<string, JSONSchema> };
  const defaults = options.parse({}) as Record<string, unknown>;
  const rows = Object.entries(properties).map(([name, { description = '' }]) => [
    `\`${name}\``,
    `\`${JSON.stringify(defaults[name])}\``,
    description,
  ]);
  return ['## Options', '', ...table(['option', 'default', 'meaning'], rows), ''];
}

interface JSONSchema {
  readonly description?: string;
}

function exampleOf(kind: Kind): Identity {
  const { record } = sampleResource(kind);
  return { ...home, kind, arn: record.arn, name: record.name, region: record.region };
}

/** Facets by name: the rule's own, those of resources it looks up, and those by which others point here. */
export function facetsRead({ kinds, needs, wants, lookups, reverse }: Rule): readonly string[] {
  const own = kinds.flatMap((kind) => {
    // Of several kinds, some may lack a facet that is only wanted.
    const wanted = wants.filter((facet) => collectedFacet(kind, facet) in sampleResource(kind).record.facets);
    return [...needs, ...wanted].map((facet) => `${kind}/${collectedFacet(kind, facet)}`);
  });
  const others = Object.entries(lookups).flatMap(([kind, facets]) => facets.map((facet) => `${kind}/${facet}`));
  const pointing = reverse
    .flatMap(specsOf)
    .filter(({ usage, to }) => kinds.includes(to) || usage !== null)
    .map(({ from, facet }) => `${from}/${facet}`);
  return [...new Set([...own, ...others, ...pointing])].sort();
}

function readsOf(rule: Rule, operations: Calls): readonly (readonly string[])[] {
  return facetsRead(rule).map((facet) => {
    const calls = operations.get(facet) ?? [];
    const words = (each: readonly string[]) => each.map((word) => `\`${word}\``).join(', ');
    return [`\`${facet}\``, words(calls.map(({ operation }) => operation)), words(calls.map(({ action }) => action))];
  });
}

function fenced(language: string, code: string | null): readonly string[] {
  return code === null ? [] : [`\`\`\`${language}`, code, '```', ''];
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
