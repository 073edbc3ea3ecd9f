import { describe, expect, test } from 'vitest';
import { html } from '#reports/html/render.js';
import { limits } from '#reports/html/limits.js';
import { en } from '#reports/html/texts/en.js';
import { keysInFull, keysOf } from '#reports/html/views/keys.js';
import { lineageOf } from '#reports/html/views/lineage.js';
import { pictureOf } from '#reports/html/views/key-picture.js';
import type { KeyRow, Report } from '#model/report.js';
import { keptIn } from '../support/kept.js';
import { keyedReport } from '../support/report-keys.js';
import { emptyReport, rendered, sourceOf } from '../support/report-parts.js';

const key = (id: string, given: Partial<KeyRow> = {}): KeyRow => ({
  arn: `arn:aws:kms:eu-west-1:111111111111:key/${id}`,
  name: `alias/${id}`,
  manager: 'CUSTOMER',
  state: 'Enabled',
  dependants: {},
  dependantsComplete: true,
  ...given,
});
const withKeys = (...keys: KeyRow[]): Report => ({ ...emptyReport(), keys });
const used = (count: number): Partial<KeyRow> => ({
  dependants: { 's3.bucket': count },
  uses: [{ kind: 's3.bucket', usage: 'storage', count }],
  places: [{ account: '111111111111', region: 'eu-west-1', dependants: { 's3.bucket': count } }],
});
const factOf = (given: Partial<KeyRow>, label: string) =>
  [...keysInFull(withKeys(key('k', given)), en)][0]?.facts.find((fact) => fact.label === label);
const section = async (report: Report, id: string, next: string): Promise<string> =>
  (await rendered(html.render(sourceOf(report)))).split(`<section id="${id}"`)[1]?.split(`<section id="${next}"`)[0] ?? '';

describe('keys', () => {
  test('come in the order of what they hurt: in use and not enabled, in use and unread, then by what depends on them', () => {
    const report = withKeys(
      key('idle'),
      key('busy', used(500)),
      key('aws', { manager: 'AWS', state: null, ...used(2) }),
      key('unread', { manager: null, state: null, ...used(1) }),
      key('gone-unused', { state: 'PendingDeletion' }),
      key('gone', { state: 'PendingDeletion', ...used(1) }),
      key('off', { state: 'Disabled', ...used(3) }),
    );
    expect([...keysInFull(report, en)].map(({ name }) => name)).toEqual(
      ['off', 'gone', 'unread', 'gone-unused', 'busy', 'aws', 'idle'].map((id) => `alias/${id}`),
    );
  });

  test('are counted and priced, and what is not known of them is said', () => {
    const cost = (usd: number | null) => ({ monthlyCost: { usd, why: '' } });
    const report = withKeys(key('a', cost(1)), key('b', cost(3)), key('c', cost(null)), key('d', { manager: null }));
    expect(keysOf(report, en).lead).toBe(
      '4 keys, 3 of them customer managed; 1 whose manager was not read; $4 a month at list price, requests apart, without 1 key whose cost is not known.',
    );
  });

  test('beyond the first have a line, and beyond the page a note', async () => {
    const keys = Array.from({ length: limits.keys + 5 }, (_, index) => key(`k${String(index).padStart(5, '0')}`));
    const source = sourceOf(withKeys(...keys));
    const text = await section(withKeys(...keys), 'keys', 'calendar');
    const kept = await keptIn(source);
    const inFull = text.split('<details class="key"').length - 1;
    expect(inFull).toBeGreaterThan(5);
    expect(kept.get('keys')?.split('<details class="key"')).toHaveLength(limits.keysInFull - inFull + 1);
    expect(text).toContain(`Where scripts run, ${limits.keysInFull - inFull} more keys stand here`);
    // Each has a line or more where no script runs, or is counted.
    const lines = text.split('<th scope="row">').length - 1;
    expect(kept.get('keyLines')?.split('<th scope="row">')).toHaveLength(limits.keys - inFull - lines + 1);
    expect(text).toContain(`${limits.keys - inFull - lines} more stand here where scripts run.`);
    expect(text).toContain('5 more keys are in <code>report.json</code>');
  });

  test('say of each use what it loses, once, where the links lead', async () => {
    const uses = ['storage', 'storage, replica'].map((usage) => ({ kind: 's3.bucket', usage, count: 1 }));
    const given = key('off', { ...used(2), uses });
    const text = await section(withKeys(given, { ...given, arn: `${given.arn}2` }), 'keys', 'calendar');
    const ids = [...text.matchAll(/<tr id="(l-[^"]*)"/g)].map(([, id]) => id);
    expect(ids).toEqual(['l-s3_2e_bucket-replica', 'l-s3_2e_bucket-storage']);
    const targets = [...text.matchAll(/href="#(l-[^"]*)"/g)].map(([, id]) => id);
    expect(new Set(targets)).toEqual(new Set(ids));
  });

  test.each<[string, Partial<KeyRow>, string, string, string]>([
    [
      'a denied policy',
      { missing: [denied('policy')] },
      'Who may use it',
      'could not be read: kms:GetKeyPolicy AccessDenied',
      'unknown',
    ],
    ['a policy nobody asked for', {}, 'Who may use it', 'not collected in this run', 'quiet'],
    [
      'a public policy',
      reach({ everyone: 'public' }),
      'Who may use it',
      'anyone in any account: no condition binds the caller',
      'fail',
    ],
    [
      'a policy for others',
      reach({ ownAccount: true, ownPrincipals: 2, others: [{ as: 'account', name: '9' }], othersTotal: 4 }),
      'Who may use it',
      'its own account; 2 principals of its own account; account 9 and 3 more',
      'plain',
    ],
    ['no rotation', rotation({ enabled: false }), 'Rotation', 'off', 'fail'],
    [
      'a key that cannot rotate',
      rotation({ why: 'a key of spec RSA_2048 cannot rotate by itself' }),
      'Rotation',
      'a key of spec RSA_2048 cannot rotate by itself',
      'quiet',
    ],
    [
      'a rotation',
      rotation({ enabled: true, periodDays: 90, nextAt: '2027-01-02T03:04:05Z' }),
      'Rotation',
      'every 90 days, next on 2027-01-02',
      'plain',
    ],
    ['grants nobody asked for', {}, 'Grants', 'not collected in this run', 'quiet'],
    ['metadata nobody asked for', {}, 'Spec, origin', 'not collected in this run', 'quiet'],
    [
      'a replica',
      { multiRegion: { role: 'REPLICA', primary: 'arn:p', replicas: ['arn:r'] } },
      'Multi-Region',
      'replica of arn:p; 1 other replica: arn:r',
      'plain',
    ],
    ['a key that waits for deletion', { deletionAt: '2026-12-01T00:00:00Z' }, 'To be deleted', 'on 2026-12-01', 'fail'],
    [
      'a cost',
      { monthlyCost: { usd: 2, why: 'the key and 1 of its rotations' } },
      'Monthly cost',
      '$2: the key and 1 of its rotations',
      'plain',
    ],
  ])('say of %s what is so', (_, given, label, value, tone) => {
    expect(factOf(given, label)).toEqual({ label, value, tone });
  });

  test('say what breaks, and that it is so now where the key does not work', async () => {
    const text = await section(withKeys(key('off', { state: 'Disabled', ...used(3) })), 'keys', 'calendar');
    expect(text).toContain('The key is in state Disabled: what the middle column says is so now.');
    expect(text).toContain('objects under the key cannot be read, and uploads under the default fail');
    expect(text).toContain('3 S3 buckets');
  });
});

describe('the picture', () => {
  const place = (account: number, region: string, count: number) => ({
    account: String(account).padStart(12, '1'),
    region,
    dependants: { 'ebs.volume': count, 'rds.cluster': 1 },
  });

  test('of few has every account and region, the fullest first', () => {
    const picture = pictureOf(
      'alias/x',
      [place(1, 'eu-west-1', 2), place(2, 'eu-west-1', 9), place(2, 'us-east-1', 30)],
      (id) => id,
      en,
    );
    expect(picture?.texts.map(({ text }) => text)).toEqual([
      'alias/x',
      '111111111112 · 41',
      'us-east-1',
      'eu-west-1',
      '111111111111 · 3',
      'eu-west-1',
    ]);
    expect(picture?.bars.map(({ count }) => count)).toEqual(['31', '10', '3']);
    expect(picture?.title).toBe('44 resources in 2 accounts under this key');
  });

  test('of many stays as small, and counts what it leaves out', () => {
    const places = Array.from({ length: 500 }, (_, index) => place(index % 40, `region-${index}`, 1 + (index % 7)));
    const picture = pictureOf('alias/x', places, (id) => id, en);
    expect(picture?.height).toBeLessThanOrEqual(22 * (limits.keyPicture + 1));
    const more = 500 - (picture?.bars.length ?? 0);
    expect(picture?.texts.at(-1)?.text).toBe(`and ${more} more places`);
  });

  test('cuts names that would not fit, and shows nothing that reorders them', () => {
    const picture = pictureOf(`\u202e${'x'.repeat(1000)}`, [place(1, 'y'.repeat(1000), 1)], () => 'z'.repeat(1000), en);
    for (const { text } of picture?.texts ?? []) expect(text.length).toBeLessThan(45);
    expect(picture?.texts[0]?.text).toMatch(/^\\u202ex+…$/);
  });
});

describe('copies of snapshots', () => {
  const lineage = keyedReport().lineage ?? { chains: [], more: 0, unseen: 0 };

  test('stand as chains with the key at each hop, what can be lost before the rest', () => {
    const report = keyedReport();
    const [chain, other] = lineageOf(report, en).chains;
    expect(chain?.hops.map(({ place }) => place)).toEqual([
      'eu-west-1, payments-prod (111111111111)',
      'us-east-1, payments-prod (111111111111)',
      'us-east-1, data-platform (222222222222)',
    ]);
    expect(chain?.hops.map(({ under, tone }) => [tone, under])).toEqual([
      ['other', 'not encrypted'],
      ['own', 'a customer managed key'],
      ['lost', 'a customer managed key, PendingDeletion, to be deleted on 2026-12-01'],
    ]);
    expect(chain?.hops.at(-1)?.key).toMatch(/^alias\//);
    expect(other?.hops.map(({ place, under }) => [place, under])).toEqual([
      ['eu-west-1, account not known', 'not there any more'],
      ['us-west-2, payments-prod (111111111111)', 'a customer managed key'],
    ]);
  });

  test('beyond the first are counted, and so are those that nobody looked at', async () => {
    const chains = Array.from({ length: limits.chains + 3 }, () => lineage.chains[1] ?? { hops: [] });
    const report = { ...keyedReport(), lineage: { chains, more: 4, unseen: 3 } };
    const text = await section(report, 'keys', 'calendar');
    const kept = (await keptIn(sourceOf(report))).get('chains') ?? '';
    expect([...(text + kept).matchAll(/<div class="chain">/g)]).toHaveLength(limits.chains);
    expect(text).toContain(`7 more chains; report.json has the first ${limits.chains + 3} of all`);
    expect(text).toContain('3 more copies were not looked at');
  });

  test('are no matter where none was made', async () => {
    expect(await section(withKeys(key('k')), 'keys', 'calendar')).not.toContain('lineage');
  });
});

test('what the sections of the keys weigh leaves room for a thousand findings', async () => {
  const { keys, ...report } = keyedReport();
  const many = Array.from({ length: 100 }, (_, index) => {
    const each = keys[index % keys.length] as KeyRow;
    return { ...each, arn: each.arn.replace(/.{4}$/, String(index).padStart(4, '0')) };
  });
  expect((await section({ ...report, keys: many }, 'keys', 'rules')).length).toBeLessThan(100_000);
});

function denied(facet: string): NonNullable<KeyRow['missing']>[number] {
  return {
    facet: `kms.key/${facet}`,
    operation: 'kms:GetKeyPolicy',
    action: 'kms:GetKeyPolicy',
    code: 'AccessDenied',
    cause: 'denied',
  };
}

function reach(given: Partial<NonNullable<KeyRow['reach']>>): Partial<KeyRow> {
  return { reach: { everyone: 'no', ownAccount: false, ownPrincipals: 0, others: [], othersTotal: 0, ...given } };
}

function rotation(given: Partial<NonNullable<KeyRow['rotation']>>): Partial<KeyRow> {
  return { rotation: { enabled: false, periodDays: null, nextAt: null, why: null, ...given } };
}
