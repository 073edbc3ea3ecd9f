import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Missing } from '#model/attempt.js';
import type { Rule } from '#model/rule.js';
import type { Severity } from '#model/severity.js';
import { messageText, type Outcome } from '#model/verdict.js';
import { judgeResource, type Surroundings } from '#plugins/judge.js';
import type { TestResource } from './resources.js';
import { root } from './rule-files.js';
import { facetsRead, restOfHeader, topOfPage } from './rule-page.js';

interface Case extends Surroundings {
  readonly name: string;
  readonly resource: TestResource;
}
interface MessageCase extends Case {
  /** The whole message, placeholders filled in. */
  readonly message: string;
  readonly evidence?: Readonly<Record<string, unknown>>;
}
interface FailCase extends MessageCase {
  /** When it differs from the rule's. */
  readonly severity?: Severity;
}
interface UnknownCase extends Case {
  /** What must be named as missing, in this order; fields left out are not compared. */
  readonly missing: readonly Partial<Missing>[];
}
interface NotApplicableCase extends Case {
  readonly reason: string;
}
type OneOrMore<T> = readonly [T, ...T[]];

/**
 * A rule's own cases. All four verdicts are demanded, and every message must be hit. What a report shows beside a message
 * is kept in a snapshot: review it when it changes.
 */
export interface RuleCases {
  readonly pass: OneOrMore<MessageCase>;
  readonly fail: OneOrMore<FailCase>;
  readonly unknown: OneOrMore<UnknownCase>;
  /** A reason in place of cases: the rule speaks of every resource of its kinds. */
  readonly notApplicable: OneOrMore<NotApplicableCase> | string;
}

export function testRule(rule: Rule, cases: RuleCases): void {
  const notApplicable = typeof cases.notApplicable === 'string' ? [] : cases.notApplicable;
  describe(`${rule.id} judges`, () => {
    const hit = new Set<string>();
    const judge = (each: Case) => {
      deepFreeze(each.resource);
      const outcome = judgeResource(rule, each.resource, each);
      if (outcome.verdict === 'pass' || outcome.verdict === 'fail') {
        hit.add(outcome.messageId);
        expect(rule.configured(rule.options?.parse(each.options ?? {}) as never)).toBe(true);
      }
      return outcome;
    };
    for (const each of cases.pass) {
      test(`pass: ${each.name}`, () => {
        const outcome = judge(each);
        expect(outcome).toMatchObject({ verdict: 'pass' });
        if (outcome.verdict === 'pass') expectMessage(rule, outcome, each);
      });
    }
    for (const each of cases.fail) {
      test(`fail: ${each.name}`, () => {
        const outcome = judge(each);
        expect(outcome).toMatchObject({ verdict: 'fail' });
        if (outcome.verdict !== 'fail') return;
        expectMessage(rule, outcome, each);
        expect(outcome.severity ?? rule.severity).toBe(each.severity ?? rule.severity);
      });
    }
    for (const each of cases.unknown) {
      test(`unknown: ${each.name}`, () => {
        expect(judge(each)).toMatchObject({ verdict: 'unknown', missing: each.missing });
      });
    }
    for (const each of notApplicable) {
      test(`not applicable: ${each.name}`, () => {
        expect(judge(each)).toEqual({ verdict: 'not-applicable', reason: each.reason });
      });
    }
    test('every message is hit, and no two cases share a name', () => {
      const names = [...cases.pass, ...cases.fail, ...cases.unknown, ...notApplicable].map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect([...hit].sort()).toEqual(Object.keys(rule.messages).sort());
    });
    test('nothing of a resource could be read: never a verdict on it', () => {
      const [{ resource, ...surroundings }] = cases.pass;
      const { verdict } = judgeResource(rule, unreadThroughout(resource), surroundings);
      expect(['unknown', 'not-applicable']).toContain(verdict);
    });
    if (rule.options !== null) {
      test('what its options are unless they are set, and whether it judges then', () => {
        const options = rule.options?.parse({});
        expect({ options, judges: rule.configured(options as never) }).toMatchSnapshot();
      });
    }
    test('its page says what it does (npm run generate)', () => {
      const page = readFileSync(`${root}docs/rules/${rule.id}.md`, 'utf8');
      const [top, reads = ''] = page.split(/^## (?:What it reads|How it decides)\n/m);
      expect(top).toBe(`${topOfPage(rule)}\n`);
      expect(page).toContain(`\n${restOfHeader(rule)}`);
      expect([...reads.matchAll(/^\| `([a-z0-9.-]+\/\w+)` \|/gm)].map(([, facet]) => facet)).toEqual(facetsRead(rule));
    });
  });
}

function expectMessage(rule: Rule, outcome: Extract<Outcome, { verdict: 'pass' | 'fail' }>, each: MessageCase): void {
  const template = rule.messages[outcome.messageId];
  expect(template, `${rule.id} has no message ${outcome.messageId}`).toBeDefined();
  expect(messageText(template ?? '', outcome.data)).toBe(each.message);
  if (each.evidence !== undefined) expect(outcome.evidence).toMatchObject(each.evidence);
  const { expected, actual, evidence } = outcome;
  expect(`${actual ?? '-'}, expected ${expected ?? '-'}: ${JSON.stringify(evidence)}`).toMatchSnapshot();
}

function unreadThroughout({ record, account }: TestResource): TestResource {
  const { facets, ...rest } = record;
  const missing = Object.keys(facets).map((facet): [string, Missing] => [
    facet,
    { facet: `${record.kind}/${facet}`, operation: null, action: null, code: null, cause: 'unfinished' },
  ]);
  return { account, record: { ...rest, facets: {}, unread: Object.fromEntries(missing) } };
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const each of Object.values(value)) deepFreeze(each);
}
