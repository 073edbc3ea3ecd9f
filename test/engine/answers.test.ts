import { describe, expect, test } from 'vitest';
import type { Rule } from '#model/rule.js';
import { rules } from '#rules/index.js';
import { judgeResource } from '#plugins/judge.js';
import { volume } from '../support/resources.js';

const base = rules.find(({ id }) => id === 'ebs/volume-encrypted');

/** A rule as a plugin might bring it, its types forgotten. */
function ruleThat(given: Partial<Record<keyof Rule, unknown>>): Rule {
  if (base === undefined) throw new Error('the rule is gone');
  return { ...base, ...given } as Rule;
}

describe('an answer that is no verdict is an error of the rule, not nothing', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a boolean', true],
    ['a verdict that there is not', { verdict: 'ok' }],
    ['a promise', Promise.resolve({ verdict: 'pass' })],
  ])('evaluate answers %s', (_name, answer) => {
    expect(judgeResource(ruleThat({ evaluate: () => answer }), volume('vol-1'))).toEqual({
      verdict: 'error',
      message: 'evaluate answered with something that is no verdict',
    });
  });

  test.each<[string, { verdict: string }]>([
    ['a pass without a message', { verdict: 'pass' }],
    ['a fail without a message', { verdict: 'fail' }],
    ['an unknown of which nothing is missing', { verdict: 'unknown' }],
    ['that it does not apply, without a reason', { verdict: 'not-applicable' }],
  ])('evaluate answers %s', (_name, answer) => {
    expect(judgeResource(ruleThat({ evaluate: () => answer }), volume('vol-1'))).toEqual({
      verdict: 'error',
      message: `evaluate answered ${answer.verdict} and does not say why`,
    });
  });

  test.each<[string, unknown]>([
    ['false', false],
    ['nothing', undefined],
    ['no reason', ''],
  ])('appliesTo answers %s', (_name, answer) => {
    expect(judgeResource(ruleThat({ appliesTo: () => answer }), volume('vol-1'))).toMatchObject({ verdict: 'error' });
  });
});
