import { LAB, MANAGEMENT, PARTNER, SHOP, shopKey } from './demo-accounts.js';
import { shopDatabases } from './demo-databases.js';
import { daysBefore } from './world/key.js';
import { inventory, replication } from './generate/s3.js';
import { openBucketPolicy, soundBucketPolicy, sseS3Policy } from './world/bucket-policies.js';
import { carelessPolicy, delegatingPolicy, lockedPolicy, publicPolicy, sharedPolicy, shutOutPolicy } from './world/policies.js';
import type { BucketRecord, KeyRecord } from './world/records.js';
import { World } from './world/world.js';

const ROLE = 'AtrestAudit';
const regions = ['ap-northeast-2', 'eu-west-1', 'us-east-1', 'us-east-2'];

/**
 * A small company: three accounts, four regions, some hundred ordinary resources, and by hand the cases that a report
 * should show: each is named after what is wrong with it.
 */
export function demoWorld(): World {
  const world = new World(2026);
  world.addAccount(MANAGEMENT, { name: 'acme-management', regions, roles: [{ name: ROLE }], management: true });
  world.addAccount(SHOP, { name: 'acme-shop', regions, roles: [{ name: ROLE }] });
  world.addAccount(LAB, { name: 'acme-lab', regions, roles: [{ name: ROLE }] });
  world.addAccount(PARTNER, { name: 'partner', regions, member: false });
  ordinary(world);
  shopKeys(world);
  shopStorage(world);
  shopDatabases(world);
  shopImages(world);
  lab(world);
  return world;
}

/** The bulk: enough that every list is worth reading and no account is empty. */
function ordinary(world: World): void {
  world.generate(MANAGEMENT, 'us-east-1', { 'kms.key': 12, 's3.bucket': 12, 'ebs.volume': 8, 'ebs.snapshot': 8 });
  world.generate(SHOP, 'eu-west-1', {
    'kms.key': 24,
    's3.bucket': 20,
    'ebs.volume': 30,
    'ebs.snapshot': 40,
    'ec2.image': 6,
    'ec2.launch-template': 4,
    'rds.instance': 16,
    'rds.cluster': 6,
    'rds.snapshot': 24,
    'rds.cluster-snapshot': 8,
    'rds.automated-backup': 4,
    'rds.cluster-automated-backup': 2,
    'rds.export-task': 2,
    'rds.global-cluster': 1,
    'rds.integration': 1,
  });
  world.generate(SHOP, 'us-east-2', { 'kms.key': 12, 'ebs.volume': 10, 'ebs.snapshot': 20, 'rds.snapshot': 8, 's3.bucket': 4 });
  world.generate(LAB, 'us-east-1', { 'kms.key': 12, 's3.bucket': 8, 'ebs.volume': 12, 'ebs.snapshot': 12, 'rds.instance': 6 });
  world.generate(LAB, 'ap-northeast-2', { 'kms.key': 8, 'ebs.volume': 10, 'ebs.snapshot': 10 });
  world.set(SHOP, 'eu-west-1', { ebsEncryptionByDefault: true, snapshotBlockPublicAccess: 'block-new-sharing' });
  world.set(MANAGEMENT, 'us-east-1', { ebsEncryptionByDefault: true, snapshotBlockPublicAccess: 'block-all-sharing' });
}

function shopKeys(world: World): void {
  const healthy = shopKey(world, 'healthy', { rotation: { enabled: true, periodInDays: 365 }, policy: delegatingPolicy(SHOP) });
  const lent = shopKey(world, 'shared-with-the-lab', { policy: sharedPolicy(SHOP, LAB), rotation: { enabled: true } });
  const inLab = (name: string, KmsKeyId: string) =>
    world.put(LAB, 'eu-west-1', 'ebs.snapshot', { KmsKeyId, Tags: [{ Key: 'Name', Value: name }] });
  inLab('key-of-the-shop', lent);
  inLab('key-of-the-shop-no-longer-shared', healthy);
  shopKey(world, 'never-rotated', { CreationDate: daysBefore(1500) });
  shopKey(world, 'open-to-everybody', { policy: publicPolicy(SHOP), rotation: { enabled: true } });
  shopKey(world, 'imported', { Origin: 'EXTERNAL', ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: daysBefore(-20) });
  shopKey(world, 'one-role-for-all', { policy: carelessPolicy(SHOP), rotation: { enabled: true } });
  shopKey(world, 'nobody-administers', { policy: lockedPolicy(SHOP), rotation: { enabled: true } });
  shopKey(world, 'shared-with-the-partner', { policy: sharedPolicy(SHOP, PARTNER), rotation: { enabled: true } });
  shopKey(world, 'old-grants', { grants: oldGrants(), rotation: { enabled: true } });
  shopKey(world, 'imported-material-missing', { Origin: 'EXTERNAL', KeyState: 'PendingImport' });
  shopKey(world, 'rotates-every-seven-years', { rotation: { enabled: true, periodInDays: 2555 } });
  shopKey(world, 'rotation-stuck', { rotation: { enabled: true, onDemandRotationStartDate: daysBefore(10) } });
  multiRegionKey(world);
  const { CustomKeyStoreId } = world.put(SHOP, 'eu-west-1', 'kms.custom-key-store', {
    CustomKeyStoreName: 'cut-off',
    ConnectionState: 'FAILED',
    ConnectionErrorCode: 'INSUFFICIENT_CLOUDHSM_HSMS',
  });
  const inStore = shopKey(world, 'in-a-custom-key-store', { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId });
  world.put(SHOP, 'eu-west-1', 'ebs.volume', { KmsKeyId: inStore, Tags: [{ Key: 'Name', Value: 'in-a-store-that-is-cut-off' }] });
  const closed = shopKey(world, 'closed-to-auditors', { policy: shutOutPolicy(SHOP, ROLE) });
  world.deny({ account: SHOP, operation: shutOut, resource: closed, reason: 'resource-deny' });
  world.put(SHOP, 'eu-west-1', 'ebs.volume', { KmsKeyId: closed, Tags: [{ Key: 'Name', Value: 'under-a-closed-key' }] });
}

/** A deleted role, a partner, and a role that may pass on what it was given. */
function oldGrants(): readonly Record<string, unknown>[] {
  return [
    { GranteePrincipal: 'AROAEXAMPLEROLEID1234', Operations: ['Decrypt'] },
    { GranteePrincipal: `arn:aws:iam::${PARTNER}:role/import`, Operations: ['Decrypt', 'Encrypt'] },
    { GranteePrincipal: `arn:aws:iam::${SHOP}:role/broker`, Operations: ['CreateGrant', 'Decrypt'] },
  ].map((grant, index) => ({ GrantId: `grant-${index + 1}`, CreationDate: daysBefore(400 * index + 20), ...grant }));
}

/** One key in two regions: its replica was disabled, and its primary is on its way out. */
function multiRegionKey(world: World): void {
  const KeyId = 'mrk-0123456789abcdef0123456789abcdef';
  const member = (Region: string) => ({ Arn: `arn:aws:kms:${Region}:${SHOP}:key/${KeyId}`, Region });
  const [home, away] = ['eu-west-1', 'us-east-2'] as const;
  const configuration = { PrimaryKey: member(home), ReplicaKeys: [member(away)] };
  const put = (region: string, MultiRegionKeyType: string, given: Partial<KeyRecord>) =>
    world.put(SHOP, region, 'kms.key', {
      KeyId,
      MultiRegion: true,
      MultiRegionConfiguration: { MultiRegionKeyType, ...configuration },
      ...given,
    });
  put(home, 'PRIMARY', { KeyState: 'PendingReplicaDeletion', Description: 'waits for its replica' });
  put(away, 'REPLICA', { KeyState: 'Disabled', Description: 'a replica whose primary goes', aliases: ['alias/replica'] });
}

/** What the key policy `shutOutPolicy` takes from the auditor. */
const shutOut = ['DescribeKey', 'GetKeyRotationStatus', 'GetKeyPolicy', 'ListGrants', 'ListResourceTags', 'ListKeyRotations'].map(
  (name) => `kms:${name}`,
);

function shopStorage(world: World): void {
  const at = [SHOP, 'eu-west-1'] as const;
  const named = (name: string) => ({ Tags: [{ Key: 'Name', Value: name }] });
  const leaving = shopKey(world, 'pending-deletion', { KeyState: 'PendingDeletion', DeletionDate: daysBefore(-9) });
  const disabled = shopKey(world, 'disabled', { KeyState: 'Disabled', rotation: { enabled: true } });
  const partner = world.put(PARTNER, 'eu-west-1', 'kms.key', {
    Description: 'of the partner',
    policy: sharedPolicy(PARTNER, SHOP),
    admits: [SHOP],
  }).Arn;
  const secretive = world.put(PARTNER, 'eu-west-1', 'kms.key', { Description: 'of the partner, unreadable' }).Arn;
  const gone = `arn:aws:kms:eu-west-1:${SHOP}:key/0f0f0f0f-dead-4bee-a000-000000000000`;
  const volume = (name: string, KmsKeyId?: string) =>
    world.put(...at, 'ebs.volume', { ...named(name), ...(KmsKeyId !== undefined && { KmsKeyId }) }).VolumeId;
  const plain = volume('unencrypted');
  volume('key-pending-deletion', leaving);
  volume('key-disabled', disabled);
  volume('key-gone', gone);
  volume('key-of-the-partner', partner);
  volume('key-of-the-partner-unreadable', secretive);
  world.put(...at, 'ebs.snapshot', {
    ...named('public'),
    VolumeId: plain,
    Description: 'public and unencrypted',
    sharedWith: ['all'],
  });
  world.put(...at, 'ebs.snapshot', { ...named('shared'), KmsKeyId: leaving, sharedWith: [LAB] });
  const bucket = (name: string, byDefault: Record<string, unknown>, more = {}) =>
    world.put(...at, 's3.bucket', {
      Name: `acme-shop-${name}`,
      encryption: { Rules: [{ ApplyServerSideEncryptionByDefault: byDefault, ...more }] },
    });
  bucket('key-gone', { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: gone }, { BucketKeyEnabled: true });
  bucket('key-disabled', { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: disabled });
  bucket('sse-c-allowed', { SSEAlgorithm: 'AES256' }, { BlockedEncryptionTypes: { EncryptionType: ['NONE'] } });
  bucket('sse-c-blocked', { SSEAlgorithm: 'AES256' }, { BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] } });
  world.put(...at, 's3.bucket', { Name: 'acme-shop-no-configuration', encryption: null });
  shopBuckets(world, disabled);
}

/** Buckets whose default is in order, and whose policy, replicas or reports are not. */
function shopBuckets(world: World, disabled: string): void {
  const at = [SHOP, 'eu-west-1'] as const;
  const key = shopKey(world, 'objects', { rotation: { enabled: true, periodInDays: 365 } });
  const abroad = world.put(SHOP, 'us-east-2', 'kms.key', {
    Description: 'objects in us-east-2',
    rotation: { enabled: true },
  }).Arn;
  const put = (name: string, KMSMasterKeyID: string, more: Partial<BucketRecord> = {}) =>
    world.put(...at, 's3.bucket', {
      Name: `acme-shop-${name}`,
      encryption: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID }, BucketKeyEnabled: true }],
      },
      ...more,
    }).Name;
  const logs = put('logs-not-deliverable', key);
  const sound = put('sound', key, { policy: soundBucketPolicy('acme-shop-sound', key), logging: { TargetBucket: logs } });
  put('key-by-alias', 'alias/objects');
  put('key-in-another-region', abroad);
  put('open-to-the-partner', key, { policy: openBucketPolicy('acme-shop-open-to-the-partner', PARTNER) });
  put('policy-against-default', key, { policy: sseS3Policy('acme-shop-policy-against-default') });
  put('replicated-in-part', key, { replication: replication(SHOP, sound) });
  put('replicas-under-a-disabled-key', key, { replication: replication(SHOP, sound, disabled) });
  put('replicated', key, { replication: replication(SHOP, sound, key), inventory: [inventory(SHOP, sound)] });
  put('reports-below-the-bucket', key, { inventory: [inventory(SHOP, 'acme-shop-sse-c-blocked')] });
}

/** Images, what is launched from them, and what is left over when disks are encrypted after the fact. */
function shopImages(world: World): void {
  const at = [SHOP, 'eu-west-1'] as const;
  const named = (name: string) => ({ Tags: [{ Key: 'Name', Value: name }] });
  const key = shopKey(world, 'disks', { rotation: { enabled: true, periodInDays: 365 } });
  const before = world.put(...at, 'ebs.snapshot', { ...named('before-encryption'), StartTime: daysBefore(400) });
  world.put(...at, 'ebs.volume', { ...named('encrypted-since'), KmsKeyId: key, SnapshotId: before.SnapshotId });
  world.put(...at, 'ebs.snapshot', { ...named('shared-with-the-partner'), KmsKeyId: key, sharedWith: [PARTNER] });
  const root = { DeviceName: '/dev/xvda', Ebs: { SnapshotId: before.SnapshotId, Encrypted: false, VolumeSize: 8 } };
  world.put(...at, 'ec2.image', {
    Name: 'golden-shared',
    BlockDeviceMappings: [root],
    launchPermissions: [{ UserId: PARTNER }, { UserId: LAB }],
  });
  world.put(...at, 'ec2.image', { Name: 'public', BlockDeviceMappings: [root], launchPermissions: [{ Group: 'all' }] });
  const closed = world.put(SHOP, 'us-east-2', 'kms.key', { Description: 'default of the region', KeyState: 'Disabled' });
  world.set(SHOP, 'us-east-2', { ebsEncryptionByDefault: true, ebsDefaultKmsKeyId: closed.Arn });
  const templates = { LaunchTemplateName: 'workers', LaunchTemplateId: 'lt-0de0de0de0de0de0d' };
  for (const [VersionNumber, Encrypted] of [true, false].entries()) {
    world.put(LAB, 'us-east-1', 'ec2.launch-template', {
      ...templates,
      VersionNumber: VersionNumber + 1,
      DefaultVersion: VersionNumber === 0,
      LaunchTemplateData: { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, Encrypted } }] },
    });
  }
}

/** The lab is where reads are refused: one bucket, and one whole list. */
function lab(world: World): void {
  const bucket = world.put(LAB, 'us-east-1', 's3.bucket', { Name: 'acme-lab-locked' });
  world.deny({ account: LAB, operation: 's3:GetBucketEncryption', resource: bucket.Name, reason: 'resource-deny' });
  world.deny({ account: LAB, region: 'us-east-2', operation: 'rds:DescribeDBInstances', reason: 'service-control-policy' });
}
