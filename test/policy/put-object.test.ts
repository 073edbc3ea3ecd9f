import { describe, expect, it } from 'vitest';
import { keysNamed, looksAtEncryption, refusals, surelyRefuses, type Upload } from '#policy/put-object.js';
import { deny as denyAll, KEY_ARN, OWN, policy, when, whenAll, type Json, type Part } from './support.js';

const BUCKET = 'arn:aws:s3:::b';
const SSE = 's3:x-amz-server-side-encryption';
const KEY = `${SSE}-aws-kms-key-id`;
const CUSTOMER = `${SSE}-customer-algorithm`;
const deny = (...parts: readonly Part[]): Part => denyAll({ Action: 's3:PutObject', Resource: `${BUCKET}/*` }, ...parts);

const sseS3: Upload = { algorithm: 'AES256', key: null };
const kms: Upload = { algorithm: 'aws:kms', key: null };
const withKey: Upload = { algorithm: 'aws:kms', key: KEY_ARN };
const all = { sseS3, kms, withKey };

/** Which of the uploads the statement is certain to refuse. */
function refused(statement: Part): string {
  return Object.entries(all)
    .filter(([, upload]) => surelyRefuses(policy(statement), BUCKET, upload))
    .map(([name]) => name)
    .join(' ');
}

describe('surelyRefuses', () => {
  it.each<[string, Json, string]>([
    ['StringEquals', 'AES256', 'sseS3'],
    ['StringNotEquals', 'aws:kms', 'sseS3'],
    ['StringNotEquals', ['aws:kms', 'AES256'], ''],
    ['StringEquals', ['aws:kms', 'AES256'], 'sseS3 kms withKey'],
    ['StringEquals', 'AWS:KMS', ''],
    ['StringEqualsIgnoreCase', 'AWS:KMS', 'kms withKey'],
    ['StringNotEqualsIgnoreCase', 'AWS:KMS', 'sseS3'],
    ['StringLike', 'aws:*', 'kms withKey'],
    ['StringNotLike', 'aws:*', 'sseS3'],
    ['StringNotEqualsIfExists', 'aws:kms', 'sseS3'],
    ['ForAllValues:StringNotEquals', 'aws:kms', 'sseS3'],
    ['ForAnyValue:StringEquals', 'AES256', 'sseS3'],
    ['Null', 'true', ''],
    ['Null', 'FALSE', 'sseS3 kms withKey'],
    ['NumericEquals', '1', ''],
    ['constructor', 'AES256', ''],
    ['StringNotEquals', '${aws:username}', ''],
    ['StringEquals', ['AES256', '${aws:username}'], 'sseS3'],
  ])('the algorithm: %s %j', (operator, value, expected) => {
    expect(refused(deny(when(operator, SSE, value)))).toBe(expected);
  });

  it.each<[string, Json, string]>([
    ['StringNotEquals', KEY_ARN, 'sseS3 kms'],
    ['StringNotEqualsIfExists', KEY_ARN, 'sseS3 kms'],
    ['StringNotLike', '*:key/0*', 'sseS3 kms withKey'],
    ['ArnNotEquals', KEY_ARN, 'sseS3 kms'],
    ['ArnNotLikeIfExists', `${KEY_ARN.slice(0, -4)}*`, 'sseS3 kms'],
    ['StringEquals', KEY_ARN, 'withKey'],
    ['StringEqualsIfExists', KEY_ARN, 'sseS3 kms withKey'],
    ['ForAllValues:StringEquals', KEY_ARN, 'sseS3 kms withKey'],
    ['ForAnyValue:StringNotEquals', 'other', 'withKey'],
    ['ForAnyValue:StringEqualsIfExists', KEY_ARN, 'withKey'],
    ['Null', 'true', 'sseS3 kms'],
    ['Null', 'false', 'withKey'],
    ['Null', ['true', 'false'], 'sseS3 kms withKey'],
  ])('the key: %s %j', (operator, value, expected) => {
    expect(refused(deny(when(operator, KEY, value)))).toBe(expected);
  });

  it.each<[string, Part, string]>([
    ['no condition', deny(), 'sseS3 kms withKey'],
    ['both must hold', deny(whenAll(when('StringEquals', SSE, 'aws:kms'), when('Null', KEY, 'true'))), 'kms'],
    ['an upload comes over TLS', deny(when('Bool', 'aws:SecureTransport', 'false')), ''],
    ['and is refused for that', deny(when('Bool', 'aws:SecureTransport', 'TRUE')), 'sseS3 kms withKey'],
    ['it brings no key of its own', deny(when('Null', CUSTOMER, 'false')), ''],
    ['another header', deny(when('StringNotEquals', 's3:x-amz-acl', 'private')), ''],
    ['a header beside it', deny(whenAll(when('Null', SSE, 'false'), when('Null', 's3:x-amz-acl', 'true'))), ''],
    ['an Allow', deny({ Effect: 'Allow' }), ''],
    ['one account', deny({ Principal: { AWS: OWN } }), ''],
    ['another action', deny({ Action: 's3:GetObject' }), ''],
    ['s3:Put*', deny({ Action: 's3:Put*' }), 'sseS3 kms withKey'],
    ['some objects', deny({ Resource: `${BUCKET}/a/*` }), ''],
  ])('%s', (_, statement, expected) => {
    expect(refused(statement)).toBe(expected);
  });
});

describe('refusals', () => {
  const of = (statement: Part, upload = sseS3): number => refusals(policy(statement), BUCKET, upload).length;
  const other = when('StringNotEquals', SSE, 'aws:kms');

  it.each<[string, Part, number]>([
    ['a Deny that looks at the header', deny(other), 1],
    ['for some callers', deny(other, { Principal: { AWS: OWN } }), 1],
    ['for some objects', deny(other, { Resource: `${BUCKET}/a/*` }), 1],
    ['with a condition that some upload meets', deny(whenAll(other, when('StringLike', 'aws:PrincipalArn', '*x'))), 1],
    ['with a condition that no upload over TLS meets', deny(whenAll(other, when('Bool', 'aws:SecureTransport', 'false'))), 0],
    ['that does not hold', deny(when('StringEquals', SSE, 'aws:kms')), 0],
    ['an Allow', deny(other, { Effect: 'Allow' }), 0],
    ['another action', deny(other, { Action: 's3:GetObject' }), 0],
    ['another bucket', deny(other, { Resource: 'arn:aws:s3:::c/*' }), 0],
    ['a Deny that looks at nothing of the kind', deny(), 0],
  ])('%s', (_, statement, expected) => {
    expect(of(statement)).toBe(expected);
  });

  it('names the statements', () => {
    expect(refusals(policy(deny(), deny({ Sid: 'Kms' }, other)), BUCKET, sseS3)).toEqual([{ index: 1, sid: 'Kms' }]);
  });
});

it.each<[string, boolean]>([
  [SSE, true],
  [KEY.toUpperCase(), true],
  [CUSTOMER, true],
  ['s3:x-amz-acl', false],
])('looksAtEncryption: %s', (key, expected) => {
  expect(policy(deny(when('Null', key, 'true'))).statements.map(looksAtEncryption)).toEqual([expected]);
});

it('keysNamed: each ARN once, wildcards filled in, other texts and keys left out', () => {
  const named = policy(
    deny(when('StringNotEquals', KEY, [KEY_ARN, 'alias/a'])),
    deny(when('StringNotLike', KEY, [KEY_ARN, 'arn:aws:kms:*:222222222222:key/?-*'])),
    deny(when('StringNotLike', 'aws:PrincipalArn', 'arn:aws:iam::222222222222:role/r')),
  );
  expect(keysNamed(named)).toEqual([KEY_ARN, 'arn:aws:kms:0:222222222222:key/0-0']);
});
