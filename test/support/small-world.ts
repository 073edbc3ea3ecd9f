import { createWorld, type World } from '#estate/index.js';

export const account = '111111111111';
export const other = '222222222222';
export const stranger = '999999999999';
export const regions = ['us-east-1', 'eu-west-1'];

/** An account in two regions in which every rule has something to say, small enough to be scanned often. */
export function smallWorld(): World {
  const world = createWorld({ seed: 11 }).addAccount(account, { regions }).addAccount(stranger, { regions, member: false });
  for (const region of regions) {
    const grant = {
      GrantId: 'a1',
      Operations: ['Decrypt'],
      GranteePrincipal: `arn:aws:iam::${account}:role/app`,
      CreationDate: new Date('2026-01-01T00:00:00Z'),
    };
    const key = world.put(account, region, 'kms.key', {
      aliases: ['alias/team/app'],
      rotation: { enabled: true },
      grants: [grant],
    });
    const disabled = world.put(account, region, 'kms.key', { KeyState: 'Disabled' });
    world.put(account, region, 'kms.key', { KeyState: 'PendingDeletion', DeletionDate: new Date('2026-12-01T00:00:00Z') });
    world.put(account, region, 'kms.key', { rotation: { enabled: false } });
    world.put(account, region, 'kms.key', { KeyManager: 'AWS', aliases: ['alias/aws/ebs'] });
    const { CustomKeyStoreId } = world.put(account, region, 'kms.custom-key-store', { ConnectionState: 'DISCONNECTED' });
    const held = world.put(account, region, 'kms.key', { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId });
    world.put(account, region, 'ebs.volume', { Encrypted: true, KmsKeyId: held.Arn });
    const imported = world.put(account, region, 'kms.key', {
      Origin: 'EXTERNAL',
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo: new Date('2026-12-01T00:00:00Z'),
      tags: [{ TagKey: 'owner', TagValue: 'payroll' }],
    });
    world.put(account, region, 'ebs.volume', { Encrypted: true, KmsKeyId: imported.Arn });
    const multi = world.put(account, region, 'kms.key', multiRegionKey(region));
    world.put(account, region, 'ebs.volume', { Encrypted: true, KmsKeyId: multi.Arn });
    const secret = [{ Key: 'DataClass', Value: 'Restricted' }];
    world.put(account, region, 'ebs.volume', { Encrypted: true, KmsKeyId: key.Arn, Tags: secret });
    world.put(account, region, 'ebs.volume', { Encrypted: true, KmsKeyId: disabled.Arn });
    world.put(account, region, 'ebs.volume', { Encrypted: false });
    world.put(account, region, 'ebs.volume', {
      Encrypted: true,
      KmsKeyId: `arn:aws:kms:${region}:${account}:key/00000000-dead-4000-8000-000000000000`,
    });
    world.put(account, region, 'ebs.snapshot', { Encrypted: true, KmsKeyId: key.Arn });
    // One region lists its public snapshots, the other blocks sharing, so that each must be asked.
    if (region === 'eu-west-1') world.set(account, region, { snapshotBlockPublicAccess: 'block-all-sharing' });
    world.put(account, region, 'ebs.snapshot', { Encrypted: false, sharedWith: ['all'] });
    world.put(account, region, 'ebs.snapshot', {
      Encrypted: false,
      Description: '[Copied snap-0123456789abcdef0 from us-west-2] nightly',
      TransferType: 'standard',
    });
    const copy = world.put(account, region, 'ebs.snapshot', { Encrypted: false, TransferType: 'standard' });
    world.put(account, region, 'ec2.image', {
      SourceImageRegion: 'us-west-2',
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: copy.SnapshotId } }],
    });
    world.put(account, region, 'ec2.launch-template', {
      LaunchTemplateData: {
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, KmsKeyId: disabled.Arn } }],
      },
    });
    world.put(account, region, 'ec2.launch-template', {
      LaunchTemplateData: { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8 } }] },
    });
    world.put(account, region, 'rds.instance', {
      DBInstanceIdentifier: `db-${region}`,
      StorageEncrypted: true,
      StorageEncryptionType: 'sse-kms',
      KmsKeyId: key.Arn,
    });
    world.put(account, region, 'rds.cluster', {
      DBClusterIdentifier: `aurora-${region}`,
      Engine: 'aurora-mysql',
      StorageEncrypted: false,
      StorageEncryptionType: 'sse-rds',
    });
    world.put(account, region, 'rds.snapshot', {
      DBSnapshotIdentifier: `plain-${region}`,
      Encrypted: false,
      SnapshotType: 'manual',
      sharedWith: ['all'],
    });
    world.put(account, region, 'rds.cluster-snapshot', {
      DBClusterSnapshotIdentifier: `cs-${region}`,
      StorageEncrypted: false,
      SnapshotType: 'manual',
      sharedWith: [],
    });
    databaseParts(world, region, { key: key.Arn, disabled: disabled.Arn });
    world.put(account, region, 's3.bucket', {
      Name: `plain-${region}`,
      encryption: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      policy: JSON.stringify({ Version: '2012-10-17', Statement: [denyPlainHttp(`plain-${region}`)] }),
    });
    world.put(account, region, 's3.bucket', {
      Name: `kms-${region}`,
      encryption: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key.Arn } }] },
      replication: { Role: `arn:aws:iam::${account}:role/replicate`, Rules: [replicate(`plain-${region}`, key.Arn)] },
      inventory: [report(`plain-${region}`)],
      objects: [
        { Key: 'a/new.txt', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key.Arn },
        { Key: 'b old.txt', sseC: true },
      ],
    });
    world.put(account, region, 's3.directory-bucket', { Name: `plain--${region}-az1--x-s3` });
    world.put(account, region, 's3.directory-bucket', {
      Name: `kms--${region}-az1--x-s3`,
      encryption: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key.Arn } }] },
    });
    world.put(account, region, 's3.bucket', {
      Name: `alias-${region}`,
      encryption: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/team/app' } }],
      },
    });
  }
  return world;
}

/** The same key in both regions. */
function multiRegionKey(region: string) {
  const KeyId = `mrk-${'0'.repeat(32)}`;
  const [Primary, Replica] = regions.map((Region) => ({ Arn: `arn:aws:kms:${Region}:${account}:key/${KeyId}`, Region }));
  return {
    KeyId,
    MultiRegion: true,
    MultiRegionConfiguration: {
      MultiRegionKeyType: region === Primary?.Region ? 'PRIMARY' : 'REPLICA',
      PrimaryKey: Primary,
      ReplicaKeys: [Replica],
    },
    rotation: { enabled: true },
  };
}

/** What databases have beside their storage, and the copies of each region's databases in the other. */
function databaseParts(world: World, region: string, { key, disabled }: { key: string; disabled: string }): void {
  const other = regions.find((each) => each !== region) ?? region;
  const managed = world.put(account, region, 'kms.key', { KeyManager: 'AWS', aliases: ['alias/aws/rds'] }).Arn;
  world.put(account, region, 'rds.instance', {
    DBInstanceIdentifier: `parts-${region}`,
    KmsKeyId: key,
    PerformanceInsightsEnabled: true,
    PerformanceInsightsKMSKeyId: disabled,
    MasterUserSecret: { SecretArn: 'arn:secret', KmsKeyId: key },
    DBInstanceStatus: 'inaccessible-encryption-credentials',
  });
  world.put(account, region, 'rds.cluster', {
    DBClusterIdentifier: `writer-${region}`,
    KmsKeyId: key,
    ActivityStreamStatus: 'started',
    ActivityStreamKmsKeyId: disabled,
  });
  world.put(account, region, 'rds.snapshot', { DBSnapshotIdentifier: `shared-${region}`, KmsKeyId: key, sharedWith: [stranger] });
  world.put(account, region, 'rds.instance', {
    DBInstanceIdentifier: `replica-${region}`,
    KmsKeyId: managed,
    ReadReplicaSourceDBInstanceIdentifier: `arn:aws:rds:${other}:${account}:db:db-${other}`,
  });
  world.put(account, region, 'rds.cluster', { DBClusterIdentifier: `secondary-${region}`, KmsKeyId: managed });
  const member = (name: string, at: string) => `arn:aws:rds:${at}:${account}:cluster:${name}-${at}`;
  world.put(account, region, 'rds.global-cluster', {
    GlobalClusterIdentifier: `global-${region}`,
    GlobalClusterMembers: [
      { DBClusterArn: member('writer', region), IsWriter: true, Readers: [] },
      { DBClusterArn: member('secondary', other), IsWriter: false, Readers: [] },
    ],
  });
  world.put(account, region, 'rds.automated-backup', {
    DBInstanceIdentifier: `db-${other}`,
    DBInstanceArn: `arn:aws:rds:${other}:${account}:db:db-${other}`,
    KmsKeyId: managed,
  });
  world.put(account, region, 'rds.cluster-automated-backup', { DBClusterIdentifier: 'gone', Status: 'retained' });
  const TaskStartTime = new Date();
  world.put(account, region, 'rds.export-task', { S3Bucket: 'exports', KmsKeyId: key, TaskStartTime });
  world.put(account, region, 'rds.integration', { IntegrationName: `warehouse-${region}`, KMSKeyId: disabled });
}

function denyPlainHttp(bucket: string): object {
  return {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

function replicate(to: string, ReplicaKmsKeyID: string): object {
  return {
    ID: 'all',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
    Destination: { Bucket: `arn:aws:s3:::${to}`, EncryptionConfiguration: { ReplicaKmsKeyID } },
  };
}

function report(to: string): Record<string, unknown> {
  return {
    Id: 'daily',
    IsEnabled: true,
    IncludedObjectVersions: 'All',
    Schedule: { Frequency: 'Daily' },
    Destination: { S3BucketDestination: { Bucket: `arn:aws:s3:::${to}`, Format: 'CSV' } },
  };
}
