import { rdsCompleters } from './defaults-rds.js';
import { hexId, uuid } from './hash.js';
import { completeKey } from './key.js';
import { idField } from './records.js';
import type { Kind, Records } from './records.js';
import { age, base, hexDigits, pick } from './spot.js';
import type { Given, Spot } from './spot.js';

/** Fills in what a hand-written record leaves out, its id included. */
export function complete<K extends Kind>(kind: K, spot: Spot, given: Partial<Records[K]>): Records[K] {
  return completers[kind](spot, given) as Records[K];
}

const completers: Record<Kind, (spot: Spot, given: Given) => unknown> = {
  'kms.key': (spot, given) => {
    const mrk = given['MultiRegion'] === true;
    const made = mrk ? `mrk-${hexDigits(spot, 'mrk')}` : uuid(base(spot, 'key'), spot.ordinal);
    return completeKey(spot.account, spot.region, { ...given, KeyId: pick(given, 'KeyId', made) });
  },
  'kms.alias': (spot, given) => {
    const name = pick(given, 'AliasName', `alias/unnamed-${spot.ordinal}`);
    const arn = `arn:aws:kms:${spot.region}:${spot.account}:${name}`;
    const dates = given['TargetKeyId'] === undefined ? {} : { CreationDate: age(spot), LastUpdatedDate: age(spot) };
    return { AliasName: name, AliasArn: arn, ...dates, ...given };
  },
  'kms.custom-key-store': (spot, given) => ({
    CustomKeyStoreId: `cks-${hexDigits(spot, 'store').slice(0, 17)}`,
    CustomKeyStoreName: `store-${spot.ordinal}`,
    CloudHsmClusterId: `cluster-${hexDigits(spot, 'hsm').slice(0, 11)}`,
    ConnectionState: 'CONNECTED',
    CustomKeyStoreType: 'AWS_CLOUDHSM',
    CreationDate: age(spot),
    ...given,
  }),
  's3.bucket': (spot, given) => bucket(spot, given, `bucket-${spot.account}-${spot.region}-${spot.ordinal}`),
  's3.directory-bucket': (spot, given) => bucket(spot, given, `dir-${spot.ordinal}--use1-az4--x-s3`),
  'ebs.volume': volume,
  'ebs.snapshot': snapshot,
  'ec2.image': image,
  'ec2.launch-template': (spot, given) => ({
    LaunchTemplateId: `lt-${hexId(base(spot, 'template'), spot.ordinal)}`,
    LaunchTemplateName: `template-${spot.ordinal}`,
    VersionNumber: 1,
    DefaultVersion: true,
    CreateTime: age(spot),
    CreatedBy: `arn:aws:iam::${spot.account}:root`,
    LaunchTemplateData: {},
    ...given,
  }),
  ...rdsCompleters,
};

export function idOf(kind: Kind, record: object): string {
  const fields = record as Given;
  const id = String(fields[idField[kind]]);
  return kind === 'ec2.launch-template' ? `${id}:${String(fields['VersionNumber'])}` : id;
}

function bucket(spot: Spot, given: Given, name: string): Given {
  const sse = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }] };
  return { Name: name, CreationDate: age(spot), BucketRegion: spot.region, encryption: sse, ...given };
}

function volume(spot: Spot, given: Given): Given {
  const id = pick(given, 'VolumeId', `vol-${hexId(base(spot, 'volume'), spot.ordinal)}`);
  return {
    VolumeId: id,
    VolumeArn: `arn:aws:ec2:${spot.region}:${spot.account}:volume/${id}`,
    OwnerId: spot.account,
    Size: 100,
    SnapshotId: '',
    AvailabilityZone: `${spot.region}a`,
    State: given['Attachments'] === undefined ? 'available' : 'in-use',
    CreateTime: age(spot),
    VolumeType: 'gp3',
    Iops: 3000,
    Throughput: 125,
    MultiAttachEnabled: false,
    Encrypted: given['KmsKeyId'] !== undefined,
    Attachments: [],
    Tags: [],
    ...given,
  };
}

function snapshot(spot: Spot, given: Given): Given {
  return {
    SnapshotId: `snap-${hexId(base(spot, 'snapshot'), spot.ordinal)}`,
    VolumeId: `vol-${hexId(base(spot, 'lost-volume'), spot.ordinal)}`,
    OwnerId: spot.account,
    State: 'completed',
    StartTime: age(spot),
    CompletionTime: age(spot),
    Progress: '100%',
    Description: '',
    VolumeSize: 100,
    StorageTier: 'standard',
    Encrypted: given['KmsKeyId'] !== undefined,
    Tags: [],
    sharedWith: [],
    ...given,
  };
}

function image(spot: Spot, given: Given): Given {
  const permissions = (given['launchPermissions'] ?? []) as readonly Record<string, string>[];
  return {
    ImageId: `ami-${hexId(base(spot, 'image'), spot.ordinal)}`,
    Name: `image-${spot.ordinal}`,
    OwnerId: spot.account,
    State: 'available',
    CreationDate: age(spot).toISOString(),
    Architecture: 'x86_64',
    ImageType: 'machine',
    RootDeviceType: 'ebs',
    RootDeviceName: '/dev/xvda',
    VirtualizationType: 'hvm',
    Public: permissions.some((permission) => permission['Group'] === 'all'),
    BlockDeviceMappings: [],
    Tags: [],
    launchPermissions: permissions,
    ...given,
  };
}
