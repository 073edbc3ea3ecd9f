import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyRotationCommand,
  PutKeyPolicyCommand,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
  type CreateGrantCommandInput,
  type CreateKeyCommandInput,
} from '@aws-sdk/client-kms';
import { A, B, DE, EU, US, WEST, type Cloud } from './cloud.js';

/** ARNs of the keys that other resources are encrypted under, by name. */
export type KeyArns = Readonly<Record<string, string>>;

interface Wish extends Partial<CreateKeyCommandInput> {
  readonly rotates?: boolean;
  readonly alias?: string;
  readonly statement?: object;
  /** Without the statement that leaves the rest to the account's IAM. */
  readonly alone?: true;
  readonly grant?: Pick<CreateGrantCommandInput, 'GranteePrincipal' | 'Operations'>;
  readonly then?: 'disable' | 'delete';
}

const everyone = (Action: string, Condition?: object) => ({
  Sid: 'everyone',
  Effect: 'Allow',
  Principal: '*',
  Action,
  Resource: '*',
  Condition,
});

const allow = (Principal: object, Action: string) => ({ Sid: 'given', Effect: 'Allow', Principal, Action, Resource: '*' });
const rootOf = (account: string): string => `arn:aws:iam::${account}:root`;
const role = `arn:aws:iam::${A}:role/app`;

export async function seedKeys(a: Cloud, b: Cloud): Promise<KeyArns> {
  const arns: Record<string, string> = {};
  const make = async (cloud: Cloud, region: string, name: string, wish: Wish = {}) =>
    (arns[name] = await makeKey(cloud, region, name, wish));

  await make(a, US, 'app', { rotates: true, alias: 'alias/app/data' });
  await make(a, US, 'still');
  await make(a, US, 'rsa', { KeySpec: 'RSA_2048' });
  await make(a, US, 'hmac', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
  await make(a, US, 'ecc', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  await make(a, US, 'imported', { Origin: 'EXTERNAL' });
  await make(a, US, 'disabled', { rotates: true, then: 'disable' });
  await make(a, US, 'deleting-used', { then: 'delete' });
  await make(a, US, 'deleting-unused', { then: 'delete' });
  await make(a, US, 'public', { rotates: true, statement: everyone('kms:*') });
  await make(a, US, 'public-to-read', { rotates: true, statement: everyone('kms:DescribeKey') });
  await make(a, US, 'bound-to-caller', {
    rotates: true,
    statement: everyone('kms:*', { StringEquals: { 'kms:CallerAccount': A } }),
  });
  await make(a, US, 'lent-to-b', { statement: allow({ AWS: rootOf(B) }, 'kms:Decrypt') });
  await make(a, US, 'one-role', { statement: allow({ AWS: role }, 'kms:*') });
  await make(a, US, 'for-any-topic', { statement: allow({ Service: 'sns.amazonaws.com' }, 'kms:Decrypt') });
  await make(a, US, 'locked', { statement: allow({ AWS: 'AROAEXAMPLEROLEID1234' }, 'kms:*'), alone: true });
  await make(a, US, 'granted', { grant: { GranteePrincipal: role, Operations: ['CreateGrant', 'Decrypt'] } });
  await make(a, US, 'granted-to-b', { grant: { GranteePrincipal: rootOf(B), Operations: ['Decrypt'] } });
  await make(a, EU, 'app-eu', { rotates: true, alias: 'alias/app/data' });
  await make(a, EU, 'disabled-eu', { rotates: true, then: 'disable' });
  await make(a, DE, 'disabled-de', { rotates: true, then: 'disable' });
  await make(a, WEST, 'west', { rotates: true });
  await make(b, US, 'b-shared', { rotates: true });
  await make(b, DE, 'b-still');

  // The primary rotates; the replica has no rotation of its own.
  arns['primary'] = await makeKey(a, US, 'primary', { MultiRegion: true, rotates: true });
  const replica = await a.kms(EU).send(new DescribeKeyCommand({ KeyId: await replicate(a, arns['primary'], EU) }));
  arns['replica'] = a.called('replica', replica.KeyMetadata?.Arn ?? '');

  for (const region of [US, EU, DE]) for (const service of ['ebs', 'rds']) await useAwsManaged(a, region, service, arns);
  await useAwsManaged(b, US, 'rds', arns);
  return arns;
}

async function makeKey(
  cloud: Cloud,
  region: string,
  name: string,
  { rotates = false, alias, statement, alone, grant, then, ...input }: Wish,
): Promise<string> {
  const kms = cloud.kms(region);
  // Without KeyUsage and MultiRegion in the request moto leaves them out of DescribeKey.
  const defaults = { KeyUsage: 'ENCRYPT_DECRYPT', KeySpec: 'SYMMETRIC_DEFAULT', MultiRegion: false } as const;
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ ...defaults, ...input }));
  const { KeyId = '', Arn = '' } = KeyMetadata ?? {};
  if (rotates) await kms.send(new EnableKeyRotationCommand({ KeyId }));
  if (alias !== undefined) await kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: KeyId }));
  if (statement !== undefined) {
    const own = {
      Sid: 'own',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${cloud.account}:root` },
      Action: 'kms:*',
      Resource: '*',
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: alone === true ? [statement] : [own, statement] });
    await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy }));
  }
  if (grant !== undefined) await kms.send(new CreateGrantCommand({ KeyId, ...grant }));
  // By id: moto answers 500 to a key ARN here.
  if (then === 'disable') await kms.send(new DisableKeyCommand({ KeyId }));
  if (then === 'delete') await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  return cloud.called(name, Arn);
}

async function replicate(cloud: Cloud, arn: string, region: string): Promise<string> {
  const KeyId = arn.slice(arn.indexOf('/') + 1);
  await cloud.kms(US).send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: region }));
  return KeyId;
}

/** AWS makes its managed key when the service first needs it, moto when it is described by its alias. */
async function useAwsManaged(cloud: Cloud, region: string, service: string, arns: Record<string, string>): Promise<void> {
  const { KeyMetadata } = await cloud.kms(region).send(new DescribeKeyCommand({ KeyId: `alias/aws/${service}` }));
  const prefix = cloud.account === A ? '' : 'b-';
  arns[`${prefix}aws/${service} ${region}`] = cloud.called(`${prefix}aws/${service} ${region}`, KeyMetadata?.Arn ?? '');
}
