import { describe, expect, test } from 'vitest';
import { EdgeCollector, lookedUpPart, type CellEdges, type LookedUp } from '#inventory/edges-file.js';
import { RunGraph } from '#inventory/run-graph.js';
import { known, type Missing } from '#model/attempt.js';
import type { ListCoverage } from '#model/coverage.js';
import { edgeSpecs } from '#model/edges.js';
import { keyReference } from '#model/key-reference.js';
import { kinds, serviceOfKind, type Kind } from '#model/resources/index.js';
import {
  arnOfAlias,
  arnOfKey,
  awsManagedKey,
  bucket,
  home,
  instance,
  key,
  keyId,
  metadata,
  resource,
  snapshot,
  unread,
  volume,
  type TestResource,
} from '../support/resources.js';

const lookups: LookedUp = { 'kms.key': ['aliases', 'metadata'], 'ebs.snapshot': ['details'], 'ec2.image': ['details'] };
const denied: Missing = {
  facet: 'kms.key/*',
  operation: 'kms:ListKeys',
  action: 'kms:ListKeys',
  code: 'AccessDeniedException',
  cause: 'denied',
};
const far = { region: 'eu-west-1' };
const stranger = { account: '999999999999' };

/** One cell per service of a place, as a crawl leaves them. */
function cellsAt(
  { region = home.region, account = home.account }: { region?: string; account?: string },
  resources: readonly TestResource[],
  gaps: Partial<Record<Kind, Missing>> = {},
): CellEdges[] {
  return (['ec2', 'kms', 'rds', 's3'] as const).map((service) => {
    const cell = { account, region: service === 's3' ? 'global' : region, service };
    const members = resources.filter(({ record }) => serviceOfKind[record.kind] === service);
    const collector = new EdgeCollector({ partition: 'aws', account, region: cell.region }, lookups);
    for (const { record } of members) collector.add(record);
    // What copies were made from is read from the cell itself, afterwards.
    const sources = members.flatMap(({ record }) => (record.kind === 'ebs.snapshot' ? [lookedUpPart(record, ['details'])] : []));
    const lists = kinds
      .filter((kind) => serviceOfKind[kind] === service)
      .map((kind): ListCoverage => ({ kind, complete: gaps[kind] === undefined, count: 0, missing: gaps[kind] ?? null }));
    const unreadFacets = members
      .flatMap(({ record }) => Object.values(record.unread ?? {}))
      .map((missing) => ({ missing, count: 1 }));
    return {
      header: { cell: '1.0', partition: 'aws', asked: {}, ...cell },
      edges: collector.edges(),
      values: [...collector.values, ...sources],
      footer: {
        footer: true,
        ...cell,
        state: 'complete',
        reason: null,
        operations: [],
        lists,
        unread: unreadFacets,
        sources: [],
      },
    };
  });
}

/** A graph of a run in one place, with answers to questions asked afterwards. */
function graphOf(
  cells: readonly CellEdges[],
  { followUps = [], accounts = [] }: { followUps?: readonly CellEdges[]; accounts?: readonly string[] } = {},
): RunGraph {
  const graph = new RunGraph(cells, followUps, { accounts: new Set([home.account, ...accounts]) });
  const asked: Partial<Record<Kind, string[]>> = { 'kms.key': ['aliases', 'metadata'] };
  for (const { from, facet } of edgeSpecs) (asked[from] ??= []).push(facet);
  graph.addAsked(asked);
  return graph;
}

/** DescribeKey by ARN, asked with the credentials of `askedBy`. */
function asked(askedBy: string, ...keys: readonly TestResource[]): CellEdges[] {
  return keys.map(({ record }) => {
    const cell = { account: askedBy, region: record.region, service: 'kms' as const };
    return {
      header: { cell: '1.0', partition: 'aws', asked: {}, ...cell },
      edges: [],
      values: [record],
      footer: { footer: true, ...cell, state: 'complete', reason: null, operations: [], lists: [], unread: [], sources: [] },
    };
  });
}

const refusal = unread({
  facet: 'kms.key/metadata',
  operation: 'kms:DescribeKey',
  action: 'kms:DescribeKey',
  code: 'AccessDeniedException',
  cause: 'denied',
});
const notFound = unread({
  facet: 'kms.key/metadata',
  operation: 'kms:DescribeKey',
  action: 'kms:DescribeKey',
  code: 'NotFoundException',
  cause: 'foreign',
});
const used = (written: string) => volume('vol-1', { kmsKeyId: written });
const resolve = (graph: RunGraph, written: string | null) => graph.resolve(keyReference(written, home));

describe('what a key reference turns out to be', () => {
  const farKey = arnOfKey(5, far);
  const foreignKey = arnOfKey(7, stranger);
  const follow = (
    askedBy: string,
    n: number,
    place: object,
    described = metadata({ keyId: keyId(n) }) as ReturnType<typeof metadata> | typeof refusal,
  ) => ({
    followUps: asked(askedBy, key(n, { place, metadata: described })),
  });

  test.each<[string, string, () => RunGraph, object]>([
    [
      'an AWS managed alias, though nothing was read',
      'alias/aws/ebs',
      () => graphOf(cellsAt({}, [], { 'kms.key': denied })),
      { state: 'aws-managed', alias: 'alias/aws/ebs' },
    ],
    [
      'an AWS managed alias ARN of another account',
      arnOfAlias('alias/aws/s3', stranger),
      () => graphOf(cellsAt({}, [])),
      { state: 'aws-managed' },
    ],
    [
      'the key ARN behind an AWS managed alias',
      arnOfKey(1),
      () => graphOf(cellsAt({}, [used(arnOfKey(1)), awsManagedKey(1, 'ebs')])),
      { state: 'aws-managed', alias: 'alias/aws/ebs' },
    ],
    [
      'the bare id of the same',
      keyId(1),
      () => graphOf(cellsAt({}, [used(keyId(1)), awsManagedKey(1, 'ebs')])),
      { state: 'aws-managed', arn: arnOfKey(1) },
    ],
    [
      'a key whose KeyManager is AWS',
      arnOfKey(1),
      () => graphOf(cellsAt({}, [used(arnOfKey(1)), key(1, { aliases: [], metadata: metadata({ manager: 'AWS' }) })])),
      { state: 'aws-managed', alias: null },
    ],
    [
      'a key ARN',
      arnOfKey(1),
      () => graphOf(cellsAt({}, [used(arnOfKey(1)), key(1)])),
      { state: 'resolved', arn: arnOfKey(1), key: { aliases: ['alias/key-1'], account: home.account } },
    ],
    ['a key id', keyId(1), () => graphOf(cellsAt({}, [used(keyId(1)), key(1)])), { state: 'resolved', arn: arnOfKey(1) }],
    [
      'an alias name',
      'alias/key-1',
      () => graphOf(cellsAt({}, [used('alias/key-1'), key(1)])),
      { state: 'resolved', arn: arnOfKey(1) },
    ],
    [
      'an alias ARN with slashes',
      arnOfAlias('alias/team/app'),
      () => graphOf(cellsAt({}, [used(arnOfAlias('alias/team/app')), key(1, { aliases: ['alias/team/app'] })])),
      { state: 'resolved', arn: arnOfKey(1) },
    ],
    [
      'a key of another region of the run',
      farKey,
      () => graphOf([...cellsAt({}, [used(farKey)]), ...cellsAt(far, [key(5, { place: far })])]),
      { state: 'resolved', key: { region: 'eu-west-1' } },
    ],
    [
      'a key not among those listed',
      arnOfKey(9),
      () => graphOf(cellsAt({}, [used(arnOfKey(9)), key(1)])),
      { state: 'missing', seenBy: 'not in the complete kms:ListKeys' },
    ],
    [
      'an alias not among those listed',
      'alias/gone',
      () => graphOf(cellsAt({}, [used('alias/gone'), key(1)])),
      { state: 'missing', seenBy: 'not in the complete kms:ListAliases' },
    ],
    ['an alias of a region without keys', 'alias/gone', () => graphOf(cellsAt({}, [used('alias/gone')])), { state: 'missing' }],
    [
      'an alias, when ListAliases was denied',
      'alias/app',
      () => graphOf(cellsAt({}, [used('alias/app'), key(1, { aliases: unread({ operation: 'kms:ListAliases' }) })])),
      { state: 'unread', missing: [{ operation: 'kms:ListAliases' }] },
    ],
    [
      'a key id, when ListAliases was denied',
      arnOfKey(9),
      () => graphOf(cellsAt({}, [used(arnOfKey(9)), key(1, { aliases: unread() })])),
      { state: 'missing' },
    ],
    [
      'a key, when ListKeys was denied',
      arnOfKey(1),
      () => graphOf(cellsAt({}, [used(arnOfKey(1))], { 'kms.key': denied })),
      { state: 'unread', missing: [denied] },
    ],
    [
      'a key that was on a page that was read, though later ones were not',
      arnOfKey(1),
      () => graphOf(cellsAt({}, [used(arnOfKey(1)), key(1)], { 'kms.key': denied })),
      { state: 'resolved' },
    ],
    [
      'a key that denies DescribeKey',
      arnOfKey(1),
      () => graphOf(cellsAt({}, [used(arnOfKey(1)), key(1, { metadata: unread({ operation: 'kms:DescribeKey' }) })])),
      { state: 'unread', missing: [{ operation: 'kms:DescribeKey' }] },
    ],
    [
      'a key of a region outside the run that answered',
      farKey,
      () => graphOf(cellsAt({}, [used(farKey)]), follow(home.account, 5, far)),
      { state: 'resolved', arn: farKey },
    ],
    [
      'a key of a region outside the run that its own account cannot find',
      farKey,
      () => graphOf(cellsAt({}, [used(farKey)]), follow(home.account, 5, far, notFound)),
      { state: 'missing', seenBy: 'kms:DescribeKey answered NotFoundException' },
    ],
    [
      'a key of a region outside the run that was denied',
      farKey,
      () => graphOf(cellsAt({}, [used(farKey)]), follow(home.account, 5, far, refusal)),
      { state: 'unread', missing: [{ code: 'AccessDeniedException' }] },
    ],
    [
      'a key of a region outside the run that nobody asked for',
      farKey,
      () => graphOf(cellsAt({}, [used(farKey)])),
      { state: 'unread', missing: [{ cause: 'uncollected' }] },
    ],
    [
      'a foreign key that answered',
      foreignKey,
      () => graphOf(cellsAt({}, [used(foreignKey)]), follow(home.account, 7, stranger)),
      { state: 'resolved', arn: foreignKey },
    ],
    [
      'a foreign key that denied',
      foreignKey,
      () => graphOf(cellsAt({}, [used(foreignKey)]), follow(home.account, 7, stranger, refusal)),
      { state: 'foreign', account: '999999999999', missing: { cause: 'foreign', code: 'AccessDeniedException' } },
    ],
    [
      'a foreign key that was not found, which proves nothing',
      foreignKey,
      () => graphOf(cellsAt({}, [used(foreignKey)]), follow(home.account, 7, stranger, notFound)),
      { state: 'foreign', missing: { code: 'NotFoundException' } },
    ],
    [
      'a key of an account in scope that another account cannot find',
      foreignKey,
      () =>
        graphOf(cellsAt({}, [used(foreignKey)]), { ...follow(home.account, 7, stranger, notFound), accounts: ['999999999999'] }),
      { state: 'unread' },
    ],
  ])('%s', (_, written, graph, expected) => {
    expect(resolve(graph(), written)).toMatchObject(expected);
  });

  test('nothing at all, and what is no key, are unread', () => {
    const graph = graphOf(cellsAt({}, []));
    expect(resolve(graph, null)).toMatchObject({ state: 'unread', arn: null });
    expect(resolve(graph, 'arn:aws:s3:::not-a-key')).toMatchObject({
      state: 'unread',
      missing: [{ code: 'key reference "arn:aws:s3:::not-a-key"' }],
    });
  });

  test('the same key asked twice keeps each form in which it was written', () => {
    const graph = graphOf(cellsAt({}, [used(arnOfKey(1)), key(1)]));
    expect(resolve(graph, keyId(1)).reference).toMatchObject({ written: keyId(1) });
    expect(resolve(graph, arnOfKey(1)).reference).toMatchObject({ written: arnOfKey(1) });
  });

  test('a foreign key that answered is of its own account', () => {
    const graph = graphOf(cellsAt({}, [used(foreignKey)]), follow(home.account, 7, stranger));
    expect(resolve(graph, foreignKey)).toMatchObject({ key: { account: '999999999999' } });
  });

  test('an alias of another region or account that was described is its key', () => {
    const written = arnOfAlias('alias/shared', stranger);
    const described = resource('kms.key', written, { metadata: metadata({ keyId: keyId(7) }) });
    const graph = graphOf(cellsAt({}, [used(written)]), { followUps: asked(home.account, described) });
    expect(resolve(graph, written)).toMatchObject({ state: 'resolved', arn: arnOfKey(7, stranger) });
  });
});

describe('keys to be asked for afterwards', () => {
  const unlisted = (cells: CellEdges[], accounts: string[] = []) =>
    graphOf(cells, { accounts })
      .unlistedKeys(cells, new Set([home.account, ...accounts]))
      .map(({ arn, askedBy }) => `${askedBy} ${arn}`);

  test('are those of places whose keys were not listed, once each, asked by their own account if it is in scope', () => {
    const foreign = arnOfKey(7, stranger);
    const elsewhere = arnOfKey(8, { account: '222222222222', region: 'ap-south-1' });
    const here = cellsAt({}, [
      used(arnOfKey(1)),
      volume('vol-2', { kmsKeyId: foreign }),
      bucket('b', { algorithm: 'aws:kms', keyId: foreign }),
      instance('db', { kmsKeyId: elsewhere }),
    ]);
    const there = cellsAt(far, [
      volume('vol-3', { kmsKeyId: arnOfKey(5, { region: 'us-west-2' }) }, {}, far),
      volume('vol-4', { kmsKeyId: foreign }, {}, far),
    ]);
    expect(unlisted([...here, ...there], ['222222222222'])).toEqual(
      [`${home.account} ${arnOfKey(5, { region: 'us-west-2' })}`, `222222222222 ${elsewhere}`, `${home.account} ${foreign}`].sort(
        (a, b) => ((a.split(' ')[1] ?? '') < (b.split(' ')[1] ?? '') ? -1 : 1),
      ),
    );
  });

  test('are never AWS managed aliases: to describe one can create its key', () => {
    expect(unlisted(cellsAt({}, [bucket('b', { algorithm: 'aws:kms', keyId: arnOfAlias('alias/aws/s3', stranger) })]))).toEqual(
      [],
    );
  });

  test('are not those of a place whose listing was denied: that is a gap already', () => {
    expect(unlisted(cellsAt({}, [used(arnOfKey(1))], { 'kms.key': denied }))).toEqual([]);
  });
});

describe('what uses a key', () => {
  const usersOf = (...more: TestResource[]) => [
    key(1),
    volume('vol-1', { kmsKeyId: arnOfKey(1) }),
    volume('vol-2', { kmsKeyId: keyId(1) }),
    bucket('b', { algorithm: 'aws:kms', keyId: 'alias/key-1' }),
    instance('db', { clusterId: 'c', kmsKeyId: arnOfKey(1) }),
    ...more,
  ];

  test('is counted by kind, under every form of its name, members of clusters among them', () => {
    expect(graphOf(cellsAt({}, usersOf(volume('vol-3', { encrypted: false, kmsKeyId: null })))).dependants(arnOfKey(1))).toEqual({
      byKind: { 'ebs.volume': 2, 'rds.instance': 1, 's3.bucket': 1 },
      uses: [
        { kind: 'ebs.volume', usage: 'storage', count: 2 },
        { kind: 'rds.instance', usage: 'storage', count: 1 },
        { kind: 's3.bucket', usage: 'storage', count: 1 },
      ],
      total: 4,
      complete: true,
      missing: [],
    });
  });

  test('is counted by account and region, of buckets by their own, whatever name of the key they use', () => {
    const other = { account: '222222222222' };
    const abroad = bucket('far', { algorithm: 'aws:kms', keyId: arnOfKey(1) }, {}, { ...other, ...far });
    const theirs = cellsAt(other, [volume('vol-9', { kmsKeyId: arnOfKey(1) }, {}, other), abroad]);
    expect(graphOf([...cellsAt({}, usersOf()), ...theirs], { accounts: [other.account] }).placesOf(arnOfKey(1))).toEqual(
      [
        { account: home.account, region: home.region, byKind: { 'ebs.volume': 2, 'rds.instance': 1, 's3.bucket': 1 } },
        { ...other, ...far, byKind: { 's3.bucket': 1 } },
        { ...other, region: home.region, byKind: { 'ebs.volume': 1 } },
      ].sort((a, b) => (`${a.account} ${a.region}` < `${b.account} ${b.region}` ? -1 : 1)),
    );
    expect(graphOf(theirs).placesOf(arnOfKey(2))).toEqual([]);
  });

  test('is nothing for a key that nothing uses', () => {
    expect(graphOf(cellsAt({}, [key(2)])).dependants(arnOfKey(2))).toEqual({
      byKind: {},
      uses: [],
      total: 0,
      complete: true,
      missing: [],
    });
  });

  test('is counted with all that it uses the key for, and once however much that is', () => {
    const under = arnOfKey(1);
    const rule = { id: 'r', enabled: true, destination: 'arn:aws:s3:::to', account: null, kmsObjects: true, keyId: under };
    const report = { id: 'daily', enabled: true, destination: 'arn:aws:s3:::to', encryption: 'SSEKMS' as const, keyId: under };
    const users = [
      key(1),
      bucket('copied', null, { replication: [rule, { ...rule, destination: 'arn:aws:s3:::also' }] }),
      bucket('both', { algorithm: 'aws:kms', keyId: under }, { replication: [rule], inventory: [report] }),
      bucket('off', null, { inventory: [{ ...report, enabled: false }] }),
      instance('db', { kmsKeyId: under, performanceInsights: { enabled: true, kmsKeyId: under } }),
      instance('other', { kmsKeyId: arnOfKey(2), masterSecret: { kmsKeyId: 'alias/key-1' } }),
    ];
    expect(graphOf(cellsAt({}, users)).dependants(under)).toMatchObject({
      byKind: { 'rds.instance': 2, 's3.bucket': 2 },
      uses: [
        { kind: 'rds.instance', usage: 'master secret', count: 1 },
        { kind: 'rds.instance', usage: 'storage, Performance Insights', count: 1 },
        { kind: 's3.bucket', usage: 'replica', count: 1 },
        { kind: 's3.bucket', usage: 'storage, replica, inventory', count: 1 },
      ],
      total: 4,
    });
  });

  test.each<[string, CellEdges[], object]>([
    [
      'a listing was denied',
      cellsAt({}, usersOf(), { 'ebs.snapshot': { ...denied, facet: 'ebs.snapshot/*' } }),
      { facet: 'ebs.snapshot/*' },
    ],
    [
      'the key of one bucket was denied',
      cellsAt({}, usersOf(bucket('c', {}, { defaultEncryption: unread({ operation: 's3:GetBucketEncryption' }) }))),
      { facet: 's3.bucket/defaultEncryption', operation: 's3:GetBucketEncryption' },
    ],
  ])('is counted as far as it was read when %s', (_, cells, missing) => {
    expect(graphOf(cells).dependants(arnOfKey(1))).toMatchObject({ total: 4, complete: false, missing: [missing] });
  });

  test('is not complete when a kind was not asked for at all', () => {
    const graph = new RunGraph(cellsAt({}, usersOf()), [], { accounts: new Set([home.account]) });
    graph.addAsked({ 'ebs.volume': ['details'] });
    const { complete, missing } = graph.dependants(arnOfKey(1));
    expect(complete).toBe(false);
    expect(missing.map(({ facet, cause }) => `${facet} ${cause}`)).toContain('rds.instance/details uncollected');
  });

  test('is counted, and named by nobody', () => {
    const graph = graphOf(cellsAt({}, [key(1), volume('vol-1'), volume('vol-2')]));
    expect(graph.dependants(arnOfKey(1))).toMatchObject({ total: 2 });
    expect(graph.refs('key', arnOfKey(1), home)).toMatchObject({ count: 0, first: [] });
  });
});

test('what points along another edge is named, the first by ARN, however many there are', () => {
  const copy = (id: string, place = {}) =>
    snapshot(id, { description: '[Copied snap-source from eu-west-1] nightly' }, {}, place);
  const many = Array.from({ length: 30 }, (_, n) => copy(`snap-${String((n * 7) % 30).padStart(2, '0')}`));
  const cells = [...cellsAt({}, many), ...cellsAt(far, [copy('snap-aa', far)])];
  const { count, first } = graphOf(cells).refs('source', 'snap-source', home);
  expect(count).toBe(31);
  expect(first.map((arn) => arn.slice(arn.lastIndexOf('/') + 1))).toEqual([
    'snap-aa',
    'snap-00',
    'snap-01',
    'snap-02',
    'snap-03',
  ]);
});

describe('looking something up', () => {
  const copy = snapshot('snap-2', { description: '[Copied snap-1 from us-east-1] x' }, {}, far);
  const source = snapshot('snap-1');
  const arn = source.record.arn;

  test('finds what something refers to, by ARN and by id', () => {
    const graph = graphOf([...cellsAt({}, [source]), ...cellsAt(far, [copy])]);
    for (const id of [arn, 'snap-1'])
      expect(graph.find('ebs.snapshot', id)).toMatchObject({ known: true, value: { record: { arn } } });
  });

  test.each<[string, CellEdges[], string, string | undefined, object]>([
    ['gone from a complete listing', cellsAt({}, [copy]), 'snap-1', 'us-east-1', { known: true, value: 'missing' }],
    ['in a region that was not listed', cellsAt(far, [copy]), 'snap-1', 'us-east-1', { known: true, value: 'outside' }],
    [
      'of an account outside the scope',
      cellsAt({}, [copy]),
      `arn:aws:ec2:us-east-1:999999999999:snapshot/snap-1`,
      undefined,
      { known: true, value: 'outside' },
    ],
    [
      'behind a listing that broke off',
      cellsAt({}, [copy], { 'ebs.snapshot': denied }),
      'snap-1',
      'us-east-1',
      { known: false, missing: [denied] },
    ],
  ])('tells apart what is %s', (_, cells, id, region, expected) => {
    expect(graphOf(cells).find('ebs.snapshot', id, region)).toEqual(expected);
  });

  test('does not take one kind for another', () => {
    expect(graphOf([...cellsAt({}, [source]), ...cellsAt(far, [copy])]).find('kms.key', arn)).toEqual({
      known: true,
      value: 'missing',
    });
  });
});

describe('an account of the scope that could not be entered', () => {
  const missing: Missing = {
    facet: 'account/*',
    operation: 'sts:AssumeRole',
    action: 'sts:AssumeRole',
    code: 'AccessDenied',
    cause: 'denied',
  };
  const closed = '222222222222';
  const scope = { accounts: new Set([home.account, closed]), closed: new Map([[closed, missing]]) };
  const graph = new RunGraph(cellsAt({}, [key(1), volume('vol-1')]), [], scope);
  graph.addAsked({ 'kms.key': ['aliases', 'metadata'] });
  for (const { from, facet } of edgeSpecs) graph.addAsked({ [from]: [facet] });

  test.each<[string, Kind, string]>([
    ['by its ARN', 'ebs.snapshot', `arn:aws:ec2:us-east-1:${closed}:snapshot/snap-1`],
    ['by an id that says no account', 'ebs.snapshot', 'snap-1'],
    ['by a bucket name', 's3.bucket', 'arn:aws:s3:::somewhere'],
  ])('leaves open what is looked up there %s', (_name, kind, id) => {
    expect(graph.find(kind, id)).toEqual({ known: false, missing: [{ ...missing, facet: `${kind}/*` }] });
  });

  test('has no say in what its ARN places elsewhere', () => {
    expect(graph.find('ebs.snapshot', `arn:aws:ec2:us-east-1:${home.account}:snapshot/snap-1`)).toEqual(known('missing'));
    expect(graph.find('ebs.snapshot', 'arn:aws:ec2:us-east-1:999999999999:snapshot/snap-1')).toEqual(known('outside'));
  });

  test('may use any key, and logs to none of our buckets', () => {
    const { total, complete, missing: gaps } = graph.dependants(arnOfKey(1));
    expect({ total, complete }).toEqual({ total: 1, complete: false });
    expect(gaps).toContainEqual({ ...missing, facet: 'ebs.volume/*' });
    expect(graph.refs('logTarget', 'arn:aws:s3:::logs', home).missing).toEqual([]);
  });
});
