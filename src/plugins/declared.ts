import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { AnyKind } from '#collect/service.js';
import { AtrestError } from '#model/errors.js';
import { matchesGlob } from '#model/glob.js';
import type { Missing } from '#model/attempt.js';
import type { Kind } from '#model/resources/index.js';
import type { Rule, RuleContext } from '#model/rule.js';
import { severities } from '#model/severity.js';
import type { Verdict } from '#model/verdict.js';
import { checkFacet, facetsOf, kindOf, ruleOf } from './shape.js';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** One comparison of a field: `{ field: details.state, in: [available] }`. Several operators: all must hold. */
const Comparison = z.strictObject({
  field: z.string().min(1),
  equals: scalar.optional(),
  in: z.array(scalar).min(1).optional(),
  matches: z.string().optional(),
  exists: z.boolean().optional(),
  atLeast: z.number().optional(),
  atMost: z.number().optional(),
  olderThanDays: z.number().optional(),
});
type Comparison = z.infer<typeof Comparison>;
type Condition =
  Comparison | { readonly all: readonly Condition[] } | { readonly any: readonly Condition[] } | { readonly not: Condition };
const Condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    Comparison,
    z.strictObject({ all: z.array(Condition).min(1) }),
    z.strictObject({ any: z.array(Condition).min(1) }),
    z.strictObject({ not: Condition }),
  ]),
);

/** A rule without code. */
const DeclaredRule = z.strictObject({
  rule: z.string(),
  kind: z.string(),
  severity: z.enum(severities),
  title: z.string().min(1),
  /** Resources it does not fit are not applicable. */
  when: Condition.optional(),
  require: Condition,
  message: z.string().min(1),
  pass: z.string().min(1).optional(),
  why: z.string().default(''),
  source: z.string().default(''),
  waive: z.string().default(''),
  remediation: z.string().optional(),
  recommended: z.boolean().default(true),
});

const identity = new Set(['kind', 'arn', 'name', 'region', 'account', 'partition']);

/** Makes a rule from a YAML file. `file` is named in errors; `known` is what can be collected. */
export function declaredRule(text: string, file: string, plugin: string, known: readonly AnyKind[]): Rule {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    const { line, col } = lines.linePos(syntax.pos[0]);
    throw new AtrestError('config', `${file}:${String(line)}:${String(col)}: ${syntax.message.split('\n')[0] ?? ''}`);
  }
  const parsed = DeclaredRule.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const node = document.getIn(issue?.path ?? [], true) as { range?: [number, number, number] } | undefined;
    const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
    const path = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    throw new AtrestError('config', `${file}:${String(line)}:${String(col)}: ${path}${issue?.message ?? 'not a rule'}`);
  }
  const { rule: id, kind: name, when, require, message, pass, title, remediation, why, source, waive, ...rest } = parsed.data;
  const kind = kindOf(name, file);
  const facets = (condition: Condition | undefined): readonly string[] =>
    [...new Set(fieldsOf(condition).map((field) => facetOf(field)))].filter((facet) => facet !== undefined);
  const needs = [...new Set([...facets(when), ...facets(require)])];
  for (const facet of needs) checkFacet(kind, facet, `${file}: a field begins with a facet or a word of its identity`, known);
  checkPlaceholders([message, pass ?? ''], needs, { file, facets: facetsOf(kind, known) });
  const evaluate = (resource: Fields, context: RuleContext): Verdict => {
    const { now } = context;
    const fits = when === undefined ? true : holds(when, resource, now);
    if (typeof fits === 'object') return context.unknown(fits.missing);
    if (!fits) return context.notApplicable(`the rule speaks only of resources for which ${describe(when)}`);
    const held = holds(require, resource, now);
    if (typeof held === 'object') return context.unknown(held.missing);
    const evidence = Object.fromEntries(fieldsOf(require).map((field) => [field, valueAt(resource, field) ?? null]));
    const data = dataFor(held ? (pass ?? '') : message, resource);
    const facts = { data, evidence, expected: describe(require), actual: JSON.stringify(evidence) };
    // The texts are read from a file: their placeholders were checked there, not by the compiler.
    return held ? context.pass('pass', facts as never) : context.fail('fail', facts as never);
  };
  const made = {
    ...rest,
    id,
    kind,
    title,
    needs,
    docs: { why, source, waive },
    messages: { pass: pass ?? `${title}.`, fail: message },
    remediation: remediation === undefined ? undefined : () => ({ text: remediation, cli: null, terraform: null }),
    evaluate,
  };
  return ruleOf(made, file, plugin, known);
}

type Fields = Readonly<Record<string, unknown>> & { readonly kind: Kind };
type Held = boolean | { readonly missing: readonly Missing[] };

/** Three-valued: a field that AWS left out decides only where nothing else does. */
function holds(condition: Condition, resource: Fields, now: Date): Held {
  if ('all' in condition) return joined(condition.all, resource, now, false);
  if ('any' in condition) return joined(condition.any, resource, now, true);
  if ('not' in condition) {
    const held = holds(condition.not, resource, now);
    return typeof held === 'object' ? held : !held;
  }
  return compare(condition, resource, now);
}

function joined(conditions: readonly Condition[], resource: Fields, now: Date, decides: boolean): Held {
  const missing: Missing[] = [];
  for (const condition of conditions) {
    const held = holds(condition, resource, now);
    if (held === decides) return decides;
    if (typeof held === 'object') missing.push(...held.missing);
  }
  return missing.length === 0 ? !decides : { missing };
}

function compare(wanted: Comparison, resource: Fields, now: Date): Held {
  const value = valueAt(resource, wanted.field);
  const there = value !== null && value !== undefined;
  if (wanted.exists !== undefined && wanted.exists !== there) return false;
  const others = Object.keys(wanted).filter((key) => key !== 'field' && key !== 'exists');
  if (others.length === 0) return true;
  if (value === undefined) return false;
  if (value === null) return { missing: [absent(resource.kind, wanted.field)] };
  const text = textOf(value);
  const number = Number(value);
  return (
    (wanted.equals === undefined || value === wanted.equals) &&
    (wanted.in === undefined || wanted.in.includes(value as string)) &&
    (wanted.matches === undefined || matchesGlob(wanted.matches, text)) &&
    (wanted.atLeast === undefined || number >= wanted.atLeast) &&
    (wanted.atMost === undefined || number <= wanted.atMost) &&
    (wanted.olderThanDays === undefined || (now.getTime() - Date.parse(text)) / 86_400_000 > wanted.olderThanDays)
  );
}

function absent(kind: Kind, field: string): Missing {
  return { facet: `${kind}/${facetOf(field) ?? field}`, operation: null, action: null, code: field, cause: 'absent-field' };
}

/**
 * Null: AWS left it out. Undefined: there is no such tag, no such element, or no value of the whole facet, which is as much
 * a fact as a value. A field that such a resource never has is a mistake of the rule.
 */
function valueAt(resource: Fields, field: string): unknown {
  const [first = '', ...rest] = field.split('.');
  let value: unknown = resource[first] ?? undefined;
  // The keys of tags have dots too.
  const steps = first === 'tags' && rest.length > 0 ? [rest.join('.')] : rest;
  for (const [index, step] of steps.entries()) {
    if (value === null || value === undefined) return value;
    const path = [first, ...steps.slice(0, index)].join('.');
    if (typeof value !== 'object') throw new Error(`${field}: ${path} has no fields`);
    if (!Object.hasOwn(value, step)) {
      if (first === 'tags' || Array.isArray(value)) return undefined;
      throw new Error(`${resource.kind} has no field ${field}; ${path} has ${Object.keys(value).join(', ')}`);
    }
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function fieldsOf(condition: Condition | undefined): readonly string[] {
  if (condition === undefined) return [];
  if ('all' in condition) return condition.all.flatMap(fieldsOf);
  if ('any' in condition) return condition.any.flatMap(fieldsOf);
  return 'not' in condition ? fieldsOf(condition.not) : [condition.field];
}

/** The facet that a field is of; undefined for a word of the identity. */
function facetOf(field: string): string | undefined {
  const [first = ''] = field.split('.');
  return identity.has(first) ? undefined : first;
}

const placeholder = /\{([\w.-]+)\}/g;

function checkPlaceholders(
  texts: readonly string[],
  needs: readonly string[],
  { file, facets }: { readonly file: string; readonly facets: readonly string[] },
): void {
  for (const text of texts)
    for (const [, field = ''] of text.matchAll(placeholder)) {
      const facet = facetOf(field);
      if (facet === undefined || needs.includes(facet)) continue;
      throw new AtrestError('config', `${file}: the message names {${field}}, which the conditions do not read`, {
        hint: `Facets of its kind: ${facets.join(', ')}.`,
      });
    }
}

/** Messages fill in `{word}` alone, so that a path goes there under a name without dots. */
function dataFor(text: string, resource: Fields): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(placeholder)].map(([, field = '']) => [field, textOf(valueAt(resource, field) ?? 'nothing')]),
  );
}

function describe(condition: Condition | undefined): string {
  if (condition === undefined) return 'anything';
  if ('all' in condition) return condition.all.map(describe).join(' and ');
  if ('any' in condition) return `(${condition.any.map(describe).join(' or ')})`;
  if ('not' in condition) return `not (${describe(condition.not)})`;
  const { field, ...operators } = condition;
  return Object.entries(operators)
    .map(([operator, value]) => `${field} ${operatorTexts[operator as keyof typeof operatorTexts]} ${JSON.stringify(value)}`)
    .join(' and ');
}

const operatorTexts = {
  equals: 'is',
  in: 'is one of',
  matches: 'matches',
  exists: 'being there is',
  atLeast: 'is at least',
  atMost: 'is at most',
  olderThanDays: 'is older in days than',
} as const satisfies Record<Exclude<keyof Comparison, 'field'>, string>;
