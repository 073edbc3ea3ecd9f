import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { registryOf } from '#collect/registry.js';
import type { AnyKind } from '#collect/service.js';
import { AtrestError } from '#model/errors.js';
import { recordOf, type FacetState, type Kind } from '#model/resources/index.js';
import type { Catalogue } from '#model/framework.js';
import type { Rule } from '#model/rule.js';
import { messageText, missingText, type Outcome } from '#model/verdict.js';
import { home, judgeResource, type CaseResource } from './judge.js';
import { checkFacet, kindOf } from './shape.js';

const verdicts = ['pass', 'fail', 'unknown', 'not-applicable'] as const;

/** A resource as a case writes it: facets that were read, those that were denied, those that do not apply. */
const Resource = z.strictObject({
  kind: z.string().optional(),
  name: z.string().default('sample'),
  arn: z.string().optional(),
  account: z.string().default(home.account),
  region: z.string().default(home.region),
  facets: z.record(z.string(), z.unknown()).default({}),
  unread: z.array(z.string()).default([]),
  skipped: z.record(z.string(), z.string()).default({}),
});

const Case = z.strictObject({
  name: z.string().min(1),
  verdict: z.enum(verdicts),
  /** The whole message, or for an unknown or not-applicable its reason; left out, only the verdict is compared. */
  message: z.string().optional(),
  severity: z.string().optional(),
  resource: Resource,
  others: z.array(Resource).default([]),
  options: z.record(z.string(), z.unknown()).optional(),
});

const Cases = z.strictObject({
  rule: z.string(),
  cases: z.array(Case).min(1),
  /** Why there is no not-applicable case: the rule speaks of every resource of its kinds. */
  notApplicable: z.string().optional(),
});

/** How one case of a rule came out. `problem` is null where all was as expected. */
export interface CaseResult {
  readonly rule: string;
  readonly name: string;
  readonly problem: string | null;
}

/** Judges the cases of a plugin's rules, which stand in its `*.test.yaml` files. */
export async function testRules(
  { rules, facets }: Pick<Catalogue, 'rules' | 'facets'>,
  folder: string,
): Promise<readonly CaseResult[]> {
  const files = await casesIn(folder);
  const known = registryOf(facets).kinds;
  const results: CaseResult[] = [];
  for (const { cases, file } of files)
    if (!rules.some(({ id }) => id === cases.rule))
      throw new AtrestError('config', `${file}: there is no rule ${cases.rule} in ${folder}`);
  for (const rule of rules) {
    const own = files.filter(({ cases }) => cases.rule === rule.id);
    for (const { cases, file } of own) for (const each of cases.cases) results.push(resultOf(rule, each, file, known));
    for (const verdict of verdicts) {
      const there = own.some(({ cases }) => cases.cases.some((each) => each.verdict === verdict));
      const excused = verdict === 'not-applicable' && own.some(({ cases }) => cases.notApplicable !== undefined);
      if (!there && !excused)
        results.push({ rule: rule.id, name: verdict, problem: `there is no case whose verdict is ${verdict}` });
    }
  }
  return results;
}

type CasesOfRule = z.output<typeof Cases>;
type CaseOfRule = z.output<typeof Case>;

async function casesIn(folder: string): Promise<readonly { readonly cases: CasesOfRule; readonly file: string }[]> {
  const there = await stat(folder).catch(() => undefined);
  if (there?.isDirectory() !== true) throw new AtrestError('usage', `${folder} is not a folder`);
  const names = (await readdir(folder)).filter((name) => /\.test\.ya?ml$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      const parsed = Cases.safeParse(yamlOf(await readFile(file, 'utf8'), file));
      if (parsed.success) return { cases: parsed.data, file };
      const [issue] = parsed.error.issues;
      throw new AtrestError('config', `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a file of cases'}`);
    }),
  );
}

function yamlOf(text: string, file: string): unknown {
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch (cause) {
    throw new AtrestError('config', `${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function resultOf(rule: Rule, each: CaseOfRule, file: string, known: readonly AnyKind[]): CaseResult {
  const [kind] = rule.kinds;
  if (kind === undefined) throw new Error(`${rule.id} has no kind`);
  const { name, options } = each;
  const outcome = judged(rule, resourceOf(each.resource, kind, file, known), {
    others: each.others.map((other) => resourceOf(other, kind, file, known)),
    ...(options === undefined ? {} : { options }),
  });
  return { rule: rule.id, name, problem: problemOf(rule, outcome, each) };
}

/** Joins read fields of their own; a case that leaves one out is told so. */
function judged(...[rule, ...rest]: Parameters<typeof judgeResource>): Outcome {
  try {
    return judgeResource(rule, ...rest);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { verdict: 'error', message: `the resource lacks a field that its joins read (${reason})` };
  }
}

function problemOf(rule: Rule, outcome: Outcome, { verdict, message, severity }: CaseOfRule): string | null {
  const said = textOf(rule, outcome);
  if (outcome.verdict !== verdict) return `expected ${verdict}, got ${outcome.verdict}: ${said}`;
  if (message !== undefined && said !== message) return `expected "${message}", got "${said}"`;
  const given = outcome.verdict === 'fail' ? (outcome.severity ?? rule.severity) : rule.severity;
  return severity === undefined || severity === given ? null : `expected severity ${severity}, got ${given}`;
}

function textOf(rule: Rule, outcome: Outcome): string {
  switch (outcome.verdict) {
    case 'pass':
    case 'fail':
      return messageText(rule.messages[outcome.messageId] ?? outcome.messageId, outcome.data);
    case 'unknown':
      return missingText(outcome.missing);
    case 'not-applicable':
      return outcome.reason;
    case 'error':
      return outcome.message;
  }
}

function resourceOf(given: z.output<typeof Resource>, ownKind: Kind, file: string, known: readonly AnyKind[]): CaseResource {
  const { name, account, region, facets, unread, skipped } = given;
  const kind = given.kind === undefined ? ownKind : kindOf(given.kind, file);
  for (const facet of [...Object.keys(facets), ...unread, ...Object.keys(skipped)]) checkFacet(kind, facet, file, known);
  const states: Record<string, FacetState> = {};
  for (const [facet, value] of Object.entries(facets))
    states[facet] = value === null ? { state: 'absent' } : { state: 'read', value };
  for (const facet of unread) {
    const missing = {
      facet: `${kind}/${facet}`,
      operation: `test:${facet}`,
      action: `test:${facet}`,
      code: 'AccessDenied',
      cause: 'denied' as const,
    };
    states[facet] = { state: 'unread', missing };
  }
  for (const [facet, reason] of Object.entries(skipped)) states[facet] = { state: 'skipped', reason };
  const arn = given.arn ?? `arn:aws:${kind.split('.')[0] ?? ''}:${region}:${account}:${kind}/${name}`;
  return { account, record: recordOf(kind, { arn, name, region }, states) };
}
