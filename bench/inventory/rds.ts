import type { FacetState, ResourceRecord } from '#model/resources/index.js';
import { read, record, tags, type Ground } from './place.js';

const listCall = 1;

function storage({ random, keys, place }: Ground, sensitive: boolean) {
  const engine = random.pick(['postgres', 'mysql', 'aurora-postgresql', 'sqlserver-ee']);
  if (!sensitive && random.chance(0.033)) return { engine, encrypted: false, encryptionType: 'none', kmsKeyId: null };
  const managed = !sensitive && random.chance(0.3);
  const kmsKeyId = managed ? `arn:aws:kms:${place.region}:${place.account}:alias/aws/rds` : random.pick(keys);
  return { engine, encrypted: true, encryptionType: 'sse-kms', kmsKeyId };
}

export function database(ground: Ground, kind: 'rds.instance' | 'rds.cluster', index: number): ResourceRecord {
  const { place, random } = ground;
  const name = `${kind === 'rds.instance' ? 'db' : 'cluster'}-${String(index).padStart(6, '0')}`;
  const sensitive = random.chance(0.1);
  const own = kind === 'rds.instance' ? { clusterId: null } : { members: [`${name}-1`, `${name}-2`] };
  const extras = {
    resourceId: name,
    performanceInsights: { enabled: index % 4 === 0, kmsKeyId: index % 4 === 0 ? random.pick(ground.keys) : null },
    activityStream: { status: 'stopped', kmsKeyId: null },
    masterSecret: index % 3 === 0 ? { kmsKeyId: null } : null,
  };
  const type = kind === 'rds.instance' ? 'db' : 'cluster';
  return record(kind, place, `arn:aws:rds:${place.region}:${place.account}:${type}:${name}`, name, {
    details: read({ ...storage(ground, sensitive), status: 'available', ...extras, ...own }, listCall),
    tags: read(tags(random, name, sensitive), listCall),
    replication: { state: 'absent' },
  });
}

/** Automated, manual and AWS Backup ones by turns; only manual ones can be shared. */
export function databaseSnapshot(ground: Ground, kind: 'rds.snapshot' | 'rds.cluster-snapshot', index: number): ResourceRecord {
  const { place, random } = ground;
  const type = random.pick(['automated', 'manual', 'awsbackup', 'automated']);
  const name = `${type === 'automated' ? 'rds:' : ''}nightly-${String(index).padStart(6, '0')}`;
  const sensitive = random.chance(0.1);
  const stored = storage(ground, sensitive);
  const details = {
    ...stored,
    status: 'available',
    type,
    createdAt: random.date(),
    sourceRegion: null,
    sourceArn: null,
    databaseId: `db-${String(index % 500)}`,
  };
  const sharing: FacetState =
    type === 'manual' ? read({ all: false, accounts: [] }) : { state: 'skipped', reason: `${type} snapshots cannot be shared` };
  const resource = kind === 'rds.snapshot' ? 'snapshot' : 'cluster-snapshot';
  return record(kind, place, `arn:aws:rds:${place.region}:${place.account}:${resource}:${name}`, name, {
    details: read(details, listCall + 2),
    tags: read(tags(random, name, sensitive), listCall + 2),
    restore: sharing,
  });
}
