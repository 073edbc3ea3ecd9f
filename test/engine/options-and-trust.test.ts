import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineRule } from '#model/rule.js';
import { Selector } from '#model/baseline.js';
import type { Party } from '#model/trust.js';
import { judgeResource, type Surroundings } from '#plugins/judge.js';
import { home, unread, volume } from '../support/resources.js';

const older = defineRule({
  id: 'test/young',
  kind: 'ebs.volume',
  severity: 'low',
  title: 'Volumes are young',
  needs: ['details'],
  wants: ['tags'],
  options: z.strictObject({
    days: z.int().min(1).default(90).meta({ description: 'Age from which a volume is old' }),
    except: z.array(Selector).default([]).meta({ description: 'Volumes that may be old' }),
  }),
  docs: { why: 'W.', source: 'https://docs.aws.amazon.com/', waive: 'W.' },
  messages: { old: 'Older than {days} days.', young: 'Young.' },
  states: [],
  remediation: () => ({ text: 'T.', cli: null, terraform: null }),
  evaluate: ({ details }, { now, options: { days, except }, pass, fail, unknown, matches, notApplicable }) => {
    const excepted = matches(except);
    if (!excepted.known) return unknown(excepted.missing);
    if (excepted.value) return notApplicable('may be old');
    const age = (now.getTime() - Date.parse(details.createdAt ?? '')) / 86_400_000;
    return age > days ? fail('old', { data: { days }, expected: 'young', actual: 'old' }) : pass('young');
  },
});

describe('options', () => {
  const aged = volume('vol-1', { createdAt: '2026-09-01T00:00:00Z' });

  test('have their defaults where the baseline says nothing', () => {
    expect(judgeResource(older, aged)).toMatchObject({ verdict: 'pass' });
  });

  test('are those of the baseline where it says something', () => {
    expect(judgeResource(older, aged, { options: { days: 30 } })).toMatchObject({ verdict: 'fail', data: { days: 30 } });
  });

  test('may hold selectors, whose tags may be unread', () => {
    const options = { days: 30, except: [{ tags: { keep: ['yes'] } }] };
    expect(judgeResource(older, volume('vol-1', {}, { tags: { Keep: 'YES' } }), { options })).toMatchObject({
      verdict: 'not-applicable',
    });
    expect(judgeResource(older, volume('vol-1', {}, { tags: unread() }), { options })).toMatchObject({ verdict: 'unknown' });
  });
});

describe('trust', () => {
  const trusting = (party: Party, surroundings: Surroundings) => {
    const rule = defineRule({
      id: 'test/trust',
      kind: 'ebs.volume',
      severity: 'low',
      title: 'Trust',
      needs: [],
      docs: { why: 'W.', source: 'https://docs.aws.amazon.com/', waive: 'W.' },
      messages: { trusted: 'Trusted.', not: 'Not among {trusted}.' },
      states: [],
      remediation: () => ({ text: 'T.', cli: null, terraform: null }),
      evaluate: (_volume, { trusts, trusted, pass, fail, unknown }) => {
        const answer = trusts(party);
        if (!answer.known) return unknown(answer.missing);
        return answer.value ? pass('trusted') : fail('not', { data: { trusted }, expected: '', actual: '' });
      },
    });
    return judgeResource(rule, volume('vol-1'), surroundings);
  };
  const stranger: Party = { kind: 'account', id: '999999999999' };
  const unlisted = {
    facet: 'organization/accounts',
    operation: 'organizations:ListAccounts',
    action: 'organizations:ListAccounts',
    code: 'AccessDeniedException',
    cause: 'denied' as const,
  };
  const organisation = { id: { known: true as const, value: 'o-own' }, unlisted: null };

  test.each<[string, Party, Surroundings, string]>([
    ['an account of the run', { kind: 'account', id: home.account }, {}, 'pass'],
    ['another account', stranger, {}, 'fail'],
    ['a configured account', stranger, { trustedAccounts: [stranger.id] }, 'pass'],
    ['an account that may be of the organisation', stranger, { organisation: { ...organisation, unlisted } }, 'unknown'],
    ['the own organisation', { kind: 'organisation', id: 'o-own' }, { organisation }, 'pass'],
    ['another organisation', { kind: 'organisation', id: 'o-other' }, { organisation }, 'fail'],
    ['an organisation where the scope is none', { kind: 'organisation', id: 'o-own' }, {}, 'unknown'],
  ])('%s', (_name, party, surroundings, verdict) => {
    expect(trusting(party, surroundings)).toMatchObject({ verdict });
  });

  test('says who is trusted', () => {
    expect(trusting(stranger, {})).toMatchObject({ data: { trusted: 'the accounts of this run and those configured' } });
  });
});
