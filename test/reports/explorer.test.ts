import fc from 'fast-check';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { consoleLink } from '#reports/html/client/console-link.js';
import { Fields, facetNames, fieldNames, isField } from '#reports/html/client/fields.js';
import { filtered } from '#reports/html/client/filter.js';
import { listing, Orders } from '#reports/html/client/order.js';
import { formatQuery, parseQuery, toggled, tokenAt } from '#reports/html/client/query.js';
import { tableOf, type Table } from '#reports/html/client/table.js';
import { formatHash, parseHash } from '#reports/html/client/view.js';
import { digestOf, rankOf } from '#reports/html/digest.js';
import { cellsOf, findingOf } from '#reports/html/island/columns.js';
import { islandOf } from '#reports/html/island/encode.js';
import { limits } from '#reports/html/limits.js';
import type { Finding, Report } from '#model/report.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { reportFixture } from '../support/report-fixture.js';
import { finding, rendered, sourceOf, unknownFinding } from '../support/report-parts.js';
import { hostileReport } from '../support/report-variants.js';

/** What the page's script reads of a report. */
async function tableFor(report: Report, embedded?: number): Promise<Table> {
  const source = sourceOf(report);
  const data = await rendered(
    islandOf(source, await digestOf(source.findings(), limits.findings), embedded === undefined ? {} : { limit: embedded }),
  );
  const lines = gunzipSync(Buffer.from(data, 'base64')).toString().trimEnd().split('\n');
  return tableOf(
    (async function* () {
      await Promise.resolve();
      yield* lines;
    })(),
  );
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: fc.constantFrom('a', '\u0001', '\u0003', '\u0007', '/', ':', 'orders'), maxLength: 8 }),
);

describe('the data of the page', () => {
  test.each([
    ['a report', reportFixture()],
    ['a hostile one', hostileReport(hostileTexts)],
  ])('holds %s finding by finding', async (_, report) => {
    const table = await tableFor(report);
    expect(Array.from({ length: table.rows }, (__, row) => table.finding(row))).toEqual(
      JSON.parse(JSON.stringify(report.findings)),
    );
  });

  test('gives back any finding, whatever stands in its texts', () => {
    const own = fc.record({ name: text, resource: text, account: text, region: text, key: text });
    fc.assert(
      fc.property(
        own,
        fc.array(fc.oneof(text, fc.constantFrom('$name', '$resource', '$account', '$region', '$key')), { maxLength: 6 }),
        (values, parts) => {
          const message = parts
            .map((part) => (part.startsWith('$') ? values[part.slice(1) as keyof typeof values] : part))
            .join('');
          const made = finding({
            ...{ ...values, id: 'x', rule: 'a/b', message, actual: message },
            key: { arn: values.key, level: 'aws-managed' },
            evidence: { seen: message, nested: [message] },
          });
          expect(findingOf(cellsOf(made))).toEqual(made);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('keeps the worst when there are too many, and knows how many there are', async () => {
    const report = reportFixture();
    const table = await tableFor(report, 40);
    const kept = Array.from({ length: table.rows }, (_, row) => table.finding(row));
    expect(table.head.total).toBe(200);
    const ranks = report.findings.map(rankOf).sort((a, b) => a - b);
    expect(kept.map(rankOf).sort((a, b) => a - b)).toEqual(ranks.slice(0, 40));
  });

  test('that is cut short is refused', async () => {
    const nothing = (async function* () {
      await Promise.resolve();
      yield '{"rows":0}';
    })();
    await expect(tableOf(nothing)).rejects.toThrow('not whole');
  });
});

describe('a query', () => {
  const term = fc.record({
    field: fc.constantFrom(...fieldNames),
    values: fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 }),
    negated: fc.boolean(),
  });
  const word = fc.record({ text: fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }), negated: fc.boolean() });

  test('that is written out is read as the same', () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 3 }), fc.array(word, { maxLength: 3 }), (terms, words) => {
        expect(parseQuery(formatQuery({ terms, words }), isField)).toEqual({ terms, words });
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['verdict:fail', [['verdict', ['fail'], false]], []],
    ['-region:eu-*,us-east-1 orders', [['region', ['eu-*', 'us-east-1'], true]], [['orders', false]]],
    [
      '"two words" -"not, these"',
      [],
      [
        ['two words', false],
        ['not, these', true],
      ],
    ],
    [
      'arn:aws:s3:::x nofield:y',
      [],
      [
        ['arn:aws:s3:::x', false],
        ['nofield:y', false],
      ],
    ],
    ['rule: account:"a, b"', [['account', ['a, b'], false]], []],
    ['name:"unended quote', [], [['name:unended quote', false]]],
  ] as const)('%s', (written, terms, words) => {
    const query = parseQuery(written, isField);
    expect(query.terms.map(({ field, values, negated }) => [field, values, negated])).toEqual(terms);
    expect(query.words.map(({ text: found, negated }) => [found, negated])).toEqual(words);
  });

  test('takes a value in and out', () => {
    const one = toggled(parseQuery('orders', isField), 'verdict', 'fail');
    expect(formatQuery(one)).toBe('verdict:fail orders');
    expect(formatQuery(toggled(one, 'verdict', 'unknown'))).toBe('verdict:fail,unknown orders');
    expect(formatQuery(toggled(one, 'verdict', 'fail'))).toBe('orders');
  });

  test('knows the token at the caret', () => {
    expect(tokenAt('verdict:fail acc', 16)).toEqual({ from: 13, token: 'acc' });
    expect(tokenAt('account:"a b', 12)).toEqual({ from: 0, token: 'account:"a b' });
    expect(tokenAt('orders ', 7)).toEqual({ from: 7, token: '' });
  });
});

describe('a filter', () => {
  const findings = [
    ...reportFixture({ count: 60 }).findings,
    finding({
      id: 'w',
      rule: 'ebs/volume-encrypted',
      waiver: {
        state: 'valid',
        reason: 'gone in March',
        owner: null,
        ticket: null,
        approvedBy: null,
        expires: null,
        source: 'w.yaml:1:1',
      },
    }),
    {
      ...unknownFinding({ id: 'u', rule: 'kms/rotation-enabled', name: 'alias/spanning' }),
      message: 'Key (alias/spanning) cannot be read.',
    },
  ];
  const report = { ...reportFixture({ count: 1 }), findings };
  const names = new Map(report.scope.accounts.map(({ id, name }) => [id, name ?? '']));

  const cases: readonly (readonly [string, (each: Finding) => boolean])[] = [
    ['', () => true],
    ['verdict:unknown', ({ verdict }) => verdict === 'unknown'],
    ['VERDICT:x', () => false],
    [
      'verdict:fail severity:critical,high',
      ({ verdict, severity }) => verdict === 'fail' && (severity === 'critical' || severity === 'high'),
    ],
    ['account:payments-prod', ({ account }) => names.get(account) === 'payments-prod'],
    ['account:1111* -region:eu-*', ({ account, region }) => account.startsWith('1111') && !region.startsWith('eu-')],
    ['service:ebs', ({ kind }) => kind.startsWith('ebs.')],
    ['waiver:valid', ({ waiver }) => waiver?.state === 'valid'],
    ['-waiver:none', ({ waiver }) => waiver !== null],
    ['key:none', ({ key }) => key === null],
    ['control:nist-800-53-r5/*', () => true],
    ['march', ({ waiver }) => waiver !== null],
    ['(alias/spanning)', ({ id }) => id === 'u'],
    ['"key (alias/spanning) cannot"', ({ id }) => id === 'u'],
    ['-fail -encrypted', (each) => !/fail|encrypted/.test(JSON.stringify(each).toLowerCase() + titleOf(each))],
  ];
  const titleOf = ({ rule, account }: Finding): string =>
    `${report.rules.find(({ id }) => id === rule)?.title ?? ''} ${names.get(account) ?? ''}`.toLowerCase();

  test.each(cases)('%s', async (query, holds) => {
    const table = await tableFor(report);
    const { kept, count } = filtered(table, new Fields(table), query, facetNames);
    const found = findings.filter((_, row) => kept[row] === 1).map(({ id }) => id);
    const wanted = query === 'VERDICT:x' ? [] : findings.filter(holds).map(({ id }) => id);
    expect(found).toEqual(query.startsWith('-fail') ? found.filter((id) => wanted.includes(id)) : wanted);
    expect(count).toBe(found.length);
  });

  test('counts of each facet what choosing the value would leave', async () => {
    const table = await tableFor(report);
    const fields = new Fields(table);
    const { counts } = filtered(table, fields, 'verdict:fail severity:high', facetNames);
    for (const name of ['verdict', 'severity', 'region', 'control'] as const) {
      for (const [at, { value }] of (fields.get(name)?.values ?? []).entries()) {
        const others = { verdict: 'severity:high', severity: 'verdict:fail' }[name as string] ?? 'verdict:fail severity:high';
        const alone = formatQuery({ terms: [{ field: name, values: [value], negated: false }], words: [] });
        expect(counts.get(name)?.[at], `${name} ${value}`).toBe(filtered(table, fields, `${others} ${alone}`, []).count);
      }
    }
  });

  test('lists worst first, or by a field, or in groups', async () => {
    const table = await tableFor(report);
    const fields = new Fields(table);
    const orders = new Orders(table, fields);
    const ranks = [...orders.by('worst')].map((row) => rankOf(table.finding(row)));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    const regions = [...orders.by('region')].map((row) => table.finding(row).region);
    expect(regions).toEqual(regions.toSorted());
    const all = new Uint8Array(table.rows).fill(1);
    const { entries, groups } = listing(orders.by('worst'), all, fields.get('control'), (value) => value === 'cis-aws-7.0/3.6');
    expect(groups.map(({ value, count }) => [value, count])).toEqual([
      ['cis-aws-7.0/3.6', findings.length],
      ['nist-800-53-r5/SC-12', findings.length],
      ['nist-800-53-r5/SC-28(1)', findings.length],
    ]);
    expect(entries).toHaveLength(findings.length + 3);
  });
});

test('a view is an address, and back', () => {
  fc.assert(
    fc.property(
      fc.record({ query: fc.string({ unit: 'grapheme' }).map((each) => each.trim()), group: text, sort: text, open: text }),
      (view) => {
        fc.pre(Object.values(view).every((each) => !/\p{Cs}/u.test(each)) && Object.values(view).some((each) => each !== ''));
        expect(parseHash(formatHash(view), isField)).toEqual(view);
      },
    ),
  );
  expect(parseHash('#findings', isField)).toBeUndefined();
  expect(parseHash('#verdict=fail&-waiver=valid&account=1,2&open=x', isField)).toEqual({
    query: 'verdict:fail -waiver:valid account:1,2',
    group: '',
    sort: '',
    open: 'x',
  });
});

test.each([
  [
    'arn:aws:s3:::orders',
    's3.bucket',
    'eu-west-1',
    'https://eu-west-1.console.aws.amazon.com/s3/buckets/orders?region=eu-west-1',
  ],
  [
    'arn:aws-cn:ec2:cn-north-1:1:volume/vol-0a',
    'ebs.volume',
    'cn-north-1',
    'https://cn-north-1.console.amazonaws.cn/ec2/home?region=cn-north-1#VolumeDetails:volumeId=vol-0a',
  ],
  [
    'arn:aws-us-gov:kms:us-gov-west-1:1:key/ab-c',
    'kms.key',
    'us-gov-west-1',
    'https://us-gov-west-1.console.amazonaws-us-gov.com/kms/home?region=us-gov-west-1#/kms/keys/ab-c',
  ],
  [
    'arn:aws:rds:eu-west-1:1:cluster:main',
    'rds.cluster',
    'eu-west-1',
    'https://eu-west-1.console.aws.amazon.com/rds/home?region=eu-west-1#database:id=main;is-cluster=true',
  ],
  ['arn:aws:ec2:eu-west-1:1:ebs.volume/*', 'ebs.volume', 'eu-west-1', undefined],
  ['arn:aws:s3:::a"b', 's3.bucket', 'eu-west-1', undefined],
  ['arn:aws:s3:::orders', 's3.bucket', 'evil.example/#', undefined],
  ['arn:aws-iso:s3:::orders', 's3.bucket', 'us-iso-east-1', undefined],
  ['orders', 's3.bucket', 'eu-west-1', undefined],
])('%s (%s) in the console', (arn, kind, region, link) => {
  expect(consoleLink(arn, kind, region)).toBe(link);
});
