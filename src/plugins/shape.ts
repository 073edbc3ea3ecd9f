import { z } from 'zod';
import { collectedFacet } from '#collect/asked.js';
import type { AnyKind } from '#collect/service.js';
import { AtrestError } from '#model/errors.js';
import { nearest } from '#model/nearest.js';
import { kinds, type Kind } from '#model/resources/index.js';
import { edgeNames, type Rule } from '#model/rule.js';
import { severities } from '#model/severity.js';

export const isFunction = z.custom<(...args: never[]) => unknown>(
  (value) => typeof value === 'function',
  'a function is expected',
);
const words = z.array(z.string());
const oneOrMore = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).min(1)]);

/** What a plugin has to say of a rule; what is optional here has a default that says as much. */
const GivenRule = z.looseObject({
  id: z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'an id is two names in lower case: my-rules/volume-size'),
  kind: oneOrMore(z.string()).optional(),
  kinds: z.array(z.string()).min(1).optional(),
  severity: z.enum(severities),
  title: z.string().min(1),
  needs: words.default([]),
  premises: words.default([]),
  wants: words.default([]),
  lookups: z.record(z.string(), words).default({}),
  reverse: z.array(z.enum(edgeNames)).default([]),
  follows: z.array(z.enum(edgeNames)).default([]),
  cmkRequired: z.enum(['condition', 'want']).nullish(),
  recommended: z.boolean().default(true),
  decidedBy: z.literal('encryption').nullish(),
  options: z.custom<Rule['options']>((value) => value === null || hasParse(value), 'a zod schema is expected').nullish(),
  docs: z
    .looseObject({ why: z.string().default(''), source: z.string().default(''), waive: z.string().default('') })
    .prefault({}),
  messages: z.record(z.string(), z.string()).default({}),
  states: z.array(z.tuple([z.string(), z.string()])).default([]),
  remediation: isFunction.optional(),
  configured: isFunction.optional(),
  appliesTo: isFunction.optional(),
  evaluate: isFunction,
});

function hasParse(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'safeParse' in value;
}

/** Checks what a plugin exports as a rule. `where` names the plugin and file in errors; `known` is what can be collected. */
export function ruleOf(given: unknown, where: string, plugin: string, known: readonly AnyKind[]): Rule {
  const parsed = GivenRule.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    throw new AtrestError('config', `${where}: this is not a rule: ${path}${issue?.message ?? 'it is something else'}`, {
      hint: 'A plugin exports what defineRule returns, or a list of them.',
    });
  }
  const { kind, kinds: several, ...rule } = parsed.data;
  const named = several ?? (typeof kind === 'string' ? [kind] : (kind ?? []));
  if (named.length === 0) throw new AtrestError('config', `${where}: ${rule.id} says no kind`);
  const on = named.map((name) => kindOf(name, `${where}: ${rule.id}`));
  checkFacets(rule, on, `${where}: ${rule.id}`, known);
  const { id, severity, title, needs, premises, wants, lookups, reverse, recommended, docs, messages, states } = rule;
  return {
    id,
    origin: plugin,
    kinds: on,
    severity,
    title,
    needs,
    premises,
    wants,
    lookups,
    reverse,
    follows: rule.follows,
    cmkRequired: rule.cmkRequired ?? null,
    recommended,
    decidedBy: rule.decidedBy ?? null,
    options: rule.options ?? null,
    docs: { why: docs.why, source: docs.source, waive: docs.waive },
    messages,
    states,
    remediation: (rule.remediation ?? (() => ({ text: `${title}.`, cli: null, terraform: null }))) as Rule['remediation'],
    configured: (rule.configured ?? (() => true)) as Rule['configured'],
    appliesTo: (rule.appliesTo ?? (() => true)) as Rule['appliesTo'],
    evaluate: rule.evaluate as Rule['evaluate'],
  };
}

/** The kind of that name, or an error that names the nearest. */
export function kindOf(name: string, where: string): Kind {
  const found = kinds.find((kind) => kind === name);
  if (found !== undefined) return found;
  throw new AtrestError('config', `${where}: there is no kind ${name}${orNearest(name, kinds)}`);
}

function checkFacets(
  { needs, wants, premises, lookups }: z.output<typeof GivenRule>,
  on: readonly Kind[],
  where: string,
  known: readonly AnyKind[],
): void {
  for (const kind of on) for (const facet of needs) checkFacet(kind, facet, where, known);
  // What only some of the kinds have may be wanted of those.
  for (const facet of wants)
    if (!on.some((kind) => hasFacet(kind, facet, known))) for (const kind of on) checkFacet(kind, facet, where, known);
  for (const premise of premises)
    if (!needs.includes(premise)) throw new AtrestError('config', `${where}: the premise ${premise} is not among its needs`);
  for (const [name, facets] of Object.entries(lookups))
    for (const facet of facets) checkFacet(kindOf(name, where), facet, where, known);
}

function hasFacet(kind: Kind, facet: string, known: readonly AnyKind[]): boolean {
  return Object.hasOwn(specOf(kind, known).facets, collectedFacet(kind, facet));
}

/** Refuses a facet that no call reads. */
export function checkFacet(kind: Kind, facet: string, where: string, known: readonly AnyKind[]): void {
  if (hasFacet(kind, facet, known)) return;
  const facets = facetsOf(kind, known);
  throw new AtrestError('config', `${where}: ${kind} has no facet ${facet}${orNearest(facet, facets)}`, {
    hint: `It has: ${facets.join(', ')}.`,
  });
}

export function facetsOf(kind: Kind, known: readonly AnyKind[]): readonly string[] {
  return Object.keys(specOf(kind, known).facets).sort();
}

/** How a kind is read, as far as is loaded. */
export function specOf(kind: Kind, known: readonly AnyKind[]): AnyKind {
  const found = known.find((spec) => spec.kind === kind);
  if (found === undefined) throw new Error(`Nothing reads ${kind}`);
  return found;
}

function orNearest(word: string, known: readonly string[]): string {
  const close = nearest(word, known);
  return close === undefined ? '' : `; did you mean ${close}?`;
}
