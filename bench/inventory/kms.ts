import type { Place } from '#model/place.js';
import type { FacetState, ResourceRecord } from '#model/resources/index.js';
import { read, record, type Calls } from './place.js';
import type { Random } from './random.js';

export function keyArnOf({ partition, account, region }: Place, keyId: string): string {
  return `arn:${partition}:kms:${region}:${account}:key/${keyId}`;
}

/** Customer managed keys: one in thirty without rotation, one in a hundred disabled; half of them with the default policy. */
export function customerKey(place: Place, random: Random, keyId: string, index: number, calls: Calls): ResourceRecord {
  const state = random.chance(0.01) ? 'Disabled' : 'Enabled';
  const aliases = [`alias/app-${String(index)}`];
  const rotation: FacetState =
    state === 'Enabled'
      ? read(
          { enabled: !random.chance(0.03), periodDays: 365, nextAt: random.date(), onDemandStartedAt: null },
          calls.made('kms:GetKeyRotationStatus'),
        )
      : { state: 'skipped', reason: `a key in state ${state} is not rotated` };
  return record('kms.key', place, keyArnOf(place, keyId), keyId, {
    aliases: read(aliases, 2),
    metadata: read(metadata(keyId, 'CUSTOMER', state, random), calls.made('kms:DescribeKey')),
    rotation,
    rotations: read(
      [
        {
          id: 'a'.repeat(64),
          description: null,
          state: 'CURRENT',
          importState: null,
          validTo: null,
          rotatedAt: random.date(),
          rotationType: 'AUTOMATIC',
        },
      ],
      calls.made('kms:ListKeyRotations'),
    ),
    policy: read(random.chance(0.5) ? defaultPolicy(place) : grantingPolicy(place, random), calls.made('kms:GetKeyPolicy')),
    grants: read(random.chance(0.2) ? [serviceGrant(place, random)] : [], calls.made('kms:ListGrants')),
  });
}

/** AWS's own keys, known by their alias: no call was made for them. */
export function managedKey(place: Place, keyId: string, service: string): ResourceRecord {
  const skipped: FacetState = { state: 'skipped', reason: `AWS managed key alias/aws/${service}` };
  const facets = {
    aliases: read([`alias/aws/${service}`], 2),
    metadata: skipped,
    rotation: skipped,
    policy: skipped,
    grants: skipped,
    rotations: skipped,
  };
  return record('kms.key', place, keyArnOf(place, keyId), keyId, facets);
}

function serviceGrant({ account }: Place, random: Random) {
  return {
    id: `g-${String(random.below(1_000_000))}`,
    operations: ['Decrypt', 'CreateGrant'],
    granteePrincipal: `arn:aws:sts::${account}:assumed-role/aws:ec2-infrastructure/i-1`,
    granteeServicePrincipal: null,
    retiringPrincipal: null,
    retiringServicePrincipal: null,
    issuingAccount: `arn:aws:iam::${account}:root`,
    createdAt: random.date(),
    constraints: ['EncryptionContextSubset'],
  };
}

function metadata(keyId: string, manager: 'AWS' | 'CUSTOMER', state: string, random: Random) {
  return {
    keyId,
    manager,
    state,
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    createdAt: random.date(),
    deletionAt: null,
    pendingDeletionWindowDays: null,
    description: 'data of an application',
    multiRegion: null,
    validTo: null,
    customKeyStoreId: null,
  };
}

function defaultPolicy({ account }: Place): string {
  return JSON.stringify({ Version: '2012-10-17', Id: 'key-default-1', Statement: [delegation(account)] });
}

function grantingPolicy({ account }: Place, random: Random): string {
  const role = `arn:aws:iam::${account}:role/app-${String(random.below(200))}`;
  const use = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];
  const condition = { Bool: { 'kms:GrantIsForAWSResource': 'true' } };
  const statements = [
    delegation(account),
    { Sid: 'Use', Effect: 'Allow', Principal: { AWS: role }, Action: use, Resource: '*' },
    {
      Sid: 'Attach',
      Effect: 'Allow',
      Principal: { AWS: role },
      Action: ['kms:CreateGrant', 'kms:ListGrants'],
      Resource: '*',
      Condition: condition,
    },
  ];
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

function delegation(account: string) {
  return {
    Sid: 'Enable IAM User Permissions',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
}
