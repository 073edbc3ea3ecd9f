import { AwsError, fault } from '../errors.js';
import { required, text, whole, wire } from '../operation.js';
import type { Context, Fields, Operation } from '../operation.js';
import { concat, fromArray, where } from '../paging.js';
import type { Pageable } from '../paging.js';
import type { Kind, Records } from '../world/records.js';

interface Listing<K extends Kind> {
  kind: K;
  /** Member of the output that holds the list. */
  member: string;
  /** Parameter that names one item, and the field it is compared with. */
  one?: string;
  /** Wire code and text when that one does not exist. */
  missing?: readonly [code: string, noun: string];
  /** Further parameters that must equal a field of the same name. */
  equal?: readonly string[];
  /** The filters this list takes, and the field each compares. */
  filters?: Readonly<Record<string, string>>;
  keep?: (context: Context) => (record: Records[K]) => boolean;
}

function describe<K extends Kind>(listing: Listing<K>): Operation {
  const { one } = listing;
  return {
    run: (context) => list(context, listing.member, narrowed(context, listing)),
    ...(one !== undefined && { resource: ({ params }: Context) => text(params, one) }),
  };
}

function list<T extends object>(context: Context, member: string, source: Pageable<T>): Fields {
  const limit = whole(context.params, 'MaxRecords') ?? 100;
  if (limit < 20 || limit > 100) {
    throw fault('rds', 'badParameter', `Invalid value ${limit} for MaxRecords. Must be between 20 and 100`);
  }
  const { items, next } = context.pager.take(source, limit);
  return { ...(next !== undefined && { Marker: next }), [member]: items.map(wire) };
}

function narrowed<K extends Kind>(context: Context, listing: Listing<K>): Pageable<Records[K]> {
  const { world, caller, region, params } = context;
  const shelf = world.shelf(caller.account, region, listing.kind);
  const id = listing.one === undefined ? undefined : text(params, listing.one);
  if (id !== undefined) return fromArray([existing(shelf.find(localName(id)) ?? shelf.find(id), listing, id)]);
  const fields = (listing.equal ?? []).filter((name) => params[name] !== undefined);
  const tests = [
    ...fields.map((name) => (record: Records[K]) => record[name] === params[name]),
    ...filters(context, listing.filters ?? {}),
    ...(listing.keep === undefined ? [] : [listing.keep(context)]),
  ];
  return tests.length === 0 ? shelf : where(shelf, (record) => tests.every((holds) => holds(record)));
}

function existing<K extends Kind>(record: Records[K] | undefined, { missing, member }: Listing<K>, id: string): Records[K] {
  if (record !== undefined) return record;
  const [code, noun] = missing ?? ['InvalidParameterValue', member];
  throw new AwsError(code, 404, `${noun} ${id} not found.`);
}

/** Identifier parameters also take ARNs, whose last part is the identifier. */
function localName(id: string): string {
  return id.startsWith('arn:') ? id.split(':').slice(6).join(':') : id;
}

function filters({ params }: Context, known: Readonly<Record<string, string>>): ((record: object) => boolean)[] {
  const given = (params['Filters'] ?? []) as readonly { Name: string; Values: readonly string[] }[];
  return given.map(({ Name, Values }) => {
    const field = known[Name];
    if (field === undefined) throw fault('rds', 'badParameter', `Unrecognized filter name: ${Name}`);
    return (record) => Values.map(localName).includes(String((record as Fields)[field]));
  });
}

/** Without a type: automated and manual. AWS Backup's, and other people's, only when asked for. */
function snapshotTypes({ params }: Context): (record: { SnapshotType: string }) => boolean {
  const type = text(params, 'SnapshotType');
  if (type === undefined) return ({ SnapshotType }) => SnapshotType === 'automated' || SnapshotType === 'manual';
  if (!['automated', 'manual', 'awsbackup', 'shared', 'public'].includes(type)) {
    throw fault('rds', 'badParameter', `Invalid snapshot type: ${type}`);
  }
  return ({ SnapshotType }) => SnapshotType === type;
}

function attributes(kind: 'rds.snapshot' | 'rds.cluster-snapshot', noun: 'DBSnapshot' | 'DBClusterSnapshot'): Operation {
  const parameter = `${noun}Identifier`;
  const wireCode = noun === 'DBSnapshot' ? 'DBSnapshotNotFound' : 'DBClusterSnapshotNotFoundFault';
  return {
    resource: ({ params }) => text(params, parameter),
    run: (context) => {
      const { world, caller, region } = context;
      const id = localName(required(context, parameter));
      const snapshot = world.find(caller.account, region, kind, id);
      if (snapshot === undefined) throw new AwsError(wireCode, 404, `${noun} ${id} not found.`);
      const restore = { AttributeName: 'restore', AttributeValues: snapshot.sharedWith };
      return { [`${noun}AttributesResult`]: { [parameter]: id, [`${noun}Attributes`]: [restore] } };
    },
  };
}

const globals: Listing<'rds.global-cluster'> = {
  kind: 'rds.global-cluster',
  member: 'GlobalClusters',
  one: 'GlobalClusterIdentifier',
  missing: ['GlobalClusterNotFoundFault', 'GlobalCluster'],
};

/** A global cluster is seen in every region in which it has a member, wherever it was made. */
function globalClusters(context: Context): Pageable<Records['rds.global-cluster']> {
  const { world, caller, region, params } = context;
  const others = world.regions(caller.account).filter((other) => other !== region);
  const elsewhere = others.map((other) => world.shelf(caller.account, other, globals.kind));
  const here = `arn:aws:rds:${region}:`;
  const reaching = elsewhere
    .filter(({ count }) => count > 0)
    .map((shelf) => where(shelf, ({ GlobalClusterMembers: members }) => membersOf(members).some((arn) => arn.startsWith(here))));
  const all = concat([world.shelf(caller.account, region, globals.kind), ...reaching]);
  const id = text(params, 'GlobalClusterIdentifier');
  if (id === undefined) return all;
  for (let at = 0; at < all.size; at++) {
    const record = all.at(at);
    if (record?.GlobalClusterIdentifier === id) return fromArray([record]);
  }
  return fromArray([existing(undefined, globals, id)]);
}

function membersOf(members: unknown): readonly string[] {
  return (members as readonly { DBClusterArn: string }[]).map(({ DBClusterArn }) => DBClusterArn);
}

export const rds: Record<string, Operation> = {
  DescribeDBInstances: describe({
    kind: 'rds.instance',
    member: 'DBInstances',
    one: 'DBInstanceIdentifier',
    missing: ['DBInstanceNotFound', 'DBInstance'],
    filters: {
      'db-cluster-id': 'DBClusterIdentifier',
      'db-instance-id': 'DBInstanceIdentifier',
      'dbi-resource-id': 'DbiResourceId',
      engine: 'Engine',
    },
  }),
  DescribeDBClusters: describe({
    kind: 'rds.cluster',
    member: 'DBClusters',
    one: 'DBClusterIdentifier',
    missing: ['DBClusterNotFoundFault', 'DBCluster'],
    filters: { 'db-cluster-id': 'DBClusterIdentifier', 'db-cluster-resource-id': 'DbClusterResourceId', engine: 'Engine' },
  }),
  DescribeDBSnapshots: describe({
    kind: 'rds.snapshot',
    member: 'DBSnapshots',
    one: 'DBSnapshotIdentifier',
    missing: ['DBSnapshotNotFound', 'DBSnapshot'],
    equal: ['DBInstanceIdentifier', 'DbiResourceId'],
    filters: {
      'db-instance-id': 'DBInstanceIdentifier',
      'db-snapshot-id': 'DBSnapshotIdentifier',
      'snapshot-type': 'SnapshotType',
      engine: 'Engine',
    },
    keep: snapshotTypes,
  }),
  DescribeDBClusterSnapshots: describe({
    kind: 'rds.cluster-snapshot',
    member: 'DBClusterSnapshots',
    one: 'DBClusterSnapshotIdentifier',
    missing: ['DBClusterSnapshotNotFoundFault', 'DBClusterSnapshot'],
    equal: ['DBClusterIdentifier', 'DbClusterResourceId'],
    filters: {
      'db-cluster-id': 'DBClusterIdentifier',
      'db-cluster-snapshot-id': 'DBClusterSnapshotIdentifier',
      'snapshot-type': 'SnapshotType',
      engine: 'Engine',
    },
    keep: snapshotTypes,
  }),
  DescribeDBSnapshotAttributes: attributes('rds.snapshot', 'DBSnapshot'),
  DescribeDBClusterSnapshotAttributes: attributes('rds.cluster-snapshot', 'DBClusterSnapshot'),
  DescribeDBInstanceAutomatedBackups: describe({
    kind: 'rds.automated-backup',
    member: 'DBInstanceAutomatedBackups',
    one: 'DBInstanceAutomatedBackupsArn',
    missing: ['DBInstanceAutomatedBackupNotFound', 'DBInstanceAutomatedBackup'],
    equal: ['DBInstanceIdentifier', 'DbiResourceId'],
    filters: { status: 'Status', 'db-instance-id': 'DBInstanceIdentifier', 'dbi-resource-id': 'DbiResourceId' },
  }),
  DescribeDBClusterAutomatedBackups: describe({
    kind: 'rds.cluster-automated-backup',
    member: 'DBClusterAutomatedBackups',
    equal: ['DBClusterIdentifier', 'DbClusterResourceId'],
    filters: { status: 'Status', 'db-cluster-id': 'DBClusterIdentifier', 'db-cluster-resource-id': 'DbClusterResourceId' },
  }),
  DescribeExportTasks: describe({
    kind: 'rds.export-task',
    member: 'ExportTasks',
    one: 'ExportTaskIdentifier',
    missing: ['ExportTaskNotFound', 'ExportTask'],
    equal: ['SourceArn', 'SourceType'],
    filters: {
      'export-task-identifier': 'ExportTaskIdentifier',
      's3-bucket': 'S3Bucket',
      'source-arn': 'SourceArn',
      status: 'Status',
    },
  }),
  DescribeGlobalClusters: {
    run: (context) => list(context, globals.member, globalClusters(context)),
    resource: ({ params }) => text(params, 'GlobalClusterIdentifier'),
  },
  DescribeIntegrations: describe({
    kind: 'rds.integration',
    member: 'Integrations',
    one: 'IntegrationIdentifier',
    missing: ['IntegrationNotFoundFault', 'Integration'],
  }),
};
