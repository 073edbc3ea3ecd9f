/**
 * Reads the text of a resource policy (key policy, bucket policy) into one plain shape.
 *
 * AWS lets one thing be written in many ways (a scalar or a list of one, `111122223333` or its root ARN, any letter
 * case in names); after this file there is one way. Text that is no policy gives an error value, never an exception.
 */

import { parseCondition, type Condition } from './operators.js';
import { parsePrincipal, type Principal, type PrincipalSet } from './principals.js';
import { asList, asText, elementsOf, fail, isObject, type Parsed } from './parsing.js';

export type { Condition } from './operators.js';
export type { PrincipalSet } from './principals.js';
export type { Parsed } from './parsing.js';

/** Action or resource patterns; `negated` when they stood in NotAction or NotResource. */
export interface PatternSet {
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

export interface Statement {
  /** Position in the policy, from 0. */
  readonly index: number;
  readonly sid: string | null;
  readonly effect: 'Allow' | 'Deny';
  /** Null where the statement has no such element (an identity policy has no principals). */
  readonly principals: PrincipalSet | null;
  /** Lower-cased, since IAM compares actions without regard to case. */
  readonly actions: PatternSet | null;
  readonly resources: PatternSet | null;
  /** All of them must hold. */
  readonly conditions: readonly Condition[];
}

export interface PolicyDocument {
  readonly version: string | null;
  readonly statements: readonly Statement[];
}

/** Names a statement in messages and evidence. */
export interface StatementRef {
  readonly index: number;
  readonly sid: string | null;
}

/** The name of a statement, without its content. */
export function refOf(statement: Statement): StatementRef {
  return { index: statement.index, sid: statement.sid };
}

/** Parses the text of a policy. */
export function parsePolicy(text: string): Parsed<PolicyDocument> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail('not-json', '', 'the text is not JSON');
  }
  return parsePolicyValue(json);
}

/** Parses a policy that is JSON already. */
export function parsePolicyValue(json: unknown): Parsed<PolicyDocument> {
  if (!isObject(json)) return fail('not-a-policy', '', 'a policy is an object');
  const elements = elementsOf(json, '');
  if (!elements.ok) return elements;
  const raw = elements.value.get('statement');
  if (raw === undefined) return fail('not-a-policy', 'Statement', 'the policy has no Statement');
  const statements: Statement[] = [];
  for (const [index, item] of asList(raw).entries()) {
    const statement = parseStatement(item, index);
    if (!statement.ok) return statement;
    statements.push(statement.value);
  }
  const version = elements.value.get('version');
  return { ok: true, value: { version: typeof version === 'string' ? version : null, statements } };
}

function parseStatement(json: unknown, index: number): Parsed<Statement> {
  const path = `Statement[${index}]`;
  if (!isObject(json)) return fail('not-a-policy', path, 'a statement is an object');
  const elements = elementsOf(json, path);
  if (!elements.ok) return elements;
  const get = (name: string): unknown => elements.value.get(name);

  const effect = effectOf(get('effect'));
  if (effect === null) return fail('not-a-policy', `${path}.Effect`, 'Effect is Allow or Deny');
  const principals = oneOf(elements.value, 'Principal', path, parsePrincipals);
  if (!principals.ok) return principals;
  const actions = oneOf(elements.value, 'Action', path, (raw, at) => parsePatterns(raw, at, (text) => text.toLowerCase()));
  if (!actions.ok) return actions;
  const resources = oneOf(elements.value, 'Resource', path, (raw, at) => parsePatterns(raw, at, (text) => text));
  if (!resources.ok) return resources;
  const conditions = parseConditions(get('condition'), `${path}.Condition`);
  if (!conditions.ok) return conditions;

  const sid = get('sid');
  return {
    ok: true,
    value: {
      index,
      sid: typeof sid === 'string' && sid !== '' ? sid : null,
      effect,
      principals: principals.value && { negated: principals.value.negated, members: principals.value.items },
      actions: actions.value && { negated: actions.value.negated, patterns: actions.value.items },
      resources: resources.value && { negated: resources.value.negated, patterns: resources.value.items },
      conditions: conditions.value,
    },
  };
}

function effectOf(raw: unknown): 'Allow' | 'Deny' | null {
  const text = typeof raw === 'string' ? raw.toLowerCase() : '';
  if (text === 'allow') return 'Allow';
  return text === 'deny' ? 'Deny' : null;
}

/** An element or its `Not…` form; AWS refuses a statement that has both. */
function oneOf<T>(
  elements: ReadonlyMap<string, unknown>,
  name: string,
  path: string,
  parse: (raw: unknown, at: string) => Parsed<readonly T[]>,
): Parsed<{ negated: boolean; items: readonly T[] } | null> {
  const plain = elements.get(name.toLowerCase());
  const not = elements.get(`not${name.toLowerCase()}`);
  if (plain !== undefined && not !== undefined) {
    return fail('not-a-policy', path, `a statement has ${name} or Not${name}, not both`);
  }
  const raw = plain ?? not;
  if (raw === undefined) return { ok: true, value: null };
  const negated = plain === undefined;
  const items = parse(raw, `${path}.${negated ? 'Not' : ''}${name}`);
  return items.ok ? { ok: true, value: { negated, items: items.value } } : items;
}

function parsePatterns(raw: unknown, path: string, normalise: (text: string) => string): Parsed<readonly string[]> {
  const patterns: string[] = [];
  for (const item of asList(raw)) {
    if (typeof item !== 'string') return fail('not-a-policy', path, 'a string or a list of strings is expected');
    patterns.push(normalise(item));
  }
  return { ok: true, value: patterns };
}

/** `"*"`, a list, or an object from principal type to one or several names. */
function parsePrincipals(raw: unknown, path: string): Parsed<readonly Principal[]> {
  const groups: [string, unknown][] = isObject(raw) ? Object.entries(raw) : [['AWS', raw]];
  const members: Principal[] = [];
  for (const [type, names] of groups) {
    for (const name of asList(names)) {
      if (typeof name !== 'string') return fail('not-a-policy', path, 'a principal is a string');
      members.push(parsePrincipal(type, name));
    }
  }
  return { ok: true, value: members };
}

function parseConditions(raw: unknown, path: string): Parsed<readonly Condition[]> {
  if (raw === undefined) return { ok: true, value: [] };
  if (!isObject(raw)) return fail('not-a-policy', path, 'Condition is an object');
  const conditions: Condition[] = [];
  for (const [operator, block] of Object.entries(raw)) {
    if (!isObject(block)) return fail('not-a-policy', `${path}.${operator}`, 'an operator holds an object');
    for (const [key, rawValues] of Object.entries(block)) {
      const values: string[] = [];
      for (const item of asList(rawValues)) {
        const value = asText(item);
        if (value === null) return fail('not-a-policy', `${path}.${operator}.${key}`, 'a condition value is a scalar');
        values.push(value);
      }
      conditions.push(parseCondition(operator, key, values));
    }
  }
  return { ok: true, value: conditions };
}
