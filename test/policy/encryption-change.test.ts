import { describe, expect, it } from 'vitest';
import { externalChanges } from '#policy/encryption-change.js';
import { OTHER, OWN, policy, when, whenAll, type Part } from './support.js';

const BUCKET = 'arn:aws:s3:::b';
const both = { Resource: [BUCKET, `${BUCKET}/*`] };
const allow = (...parts: readonly Part[]): Part =>
  Object.assign({ Effect: 'Allow', Principal: { AWS: OTHER }, Action: 's3:PutBucketPolicy' }, both, ...parts) as Part;
const everyone = { Principal: '*' };
const all = ['PutEncryptionConfiguration', 'PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketAcl', 'PutObjectAcl'].map(
  (name) => `s3:${name}`,
);
const [encryption = '', put = '', remove = '', acl = '', objectAcl = ''] = all;
const of = (...statements: readonly Part[]) => externalChanges(policy(...statements), BUCKET, OWN);

describe('which actions', () => {
  it.each<[string, Part, readonly string[]]>([
    ['each by name', { Action: all }, all],
    ['in another case', { Action: 'S3:putbucketACL' }, [acl]],
    ['s3:*', { Action: 's3:*' }, all],
    ['*', { Action: '*' }, all],
    ['s3:Put*', { Action: 's3:Put*' }, [encryption, put, acl, objectAcl]],
    ['s3:*Policy', { Action: 's3:*Policy' }, [put, remove]],
    ['reading', { Action: ['s3:Get*', 's3:List*', 's3:PutObject'] }, []],
    ['only on the bucket', { Action: 's3:*', Resource: BUCKET }, [encryption, put, remove, acl]],
    ['only on objects', { Action: 's3:*', Resource: `${BUCKET}/*` }, [objectAcl]],
    ['only on some objects', { Action: 's3:*', Resource: `${BUCKET}/a/*` }, [objectAcl]],
    ['on another bucket', { Action: 's3:*', Resource: 'arn:aws:s3:::c' }, []],
    ['a Deny', { Effect: 'Deny', Action: 's3:*' }, []],
  ])('%s', (_, part, expected) => {
    expect(of(allow(part)).flatMap(({ actions }) => actions)).toEqual(expected);
  });

  it('NotAction', () => {
    const { Action: _, ...rest } = allow() as Record<string, never>;
    expect(of({ ...rest, NotAction: 's3:Put*' })).toMatchObject([{ actions: [remove] }]);
  });
});

describe('who', () => {
  const account = [[{ kind: 'account', id: OTHER }]];
  const anybody = { principal: '*', parties: [], certain: true };
  const unclear = { parties: [], certain: false };

  it.each<[string, Part, readonly object[]]>([
    ['an account', { Principal: { AWS: OTHER } }, [{ principal: OTHER, parties: account, certain: true }]],
    [
      'a role',
      { Principal: { AWS: `arn:aws:iam::${OTHER}:role/r` } },
      [{ principal: `arn:aws:iam::${OTHER}:role/r`, parties: account, certain: true }],
    ],
    ['roles by a pattern', { Principal: { AWS: `arn:aws:iam::${OTHER}:role/*` } }, [{ parties: account, certain: true }]],
    ['a provider of an account', { Principal: { Federated: `arn:aws:iam::${OTHER}:saml-provider/p` } }, [{ parties: account }]],
    ['the owner', { Principal: { AWS: [OWN, `arn:aws:iam::${OWN}:user/u`] } }, []],
    ['a provider of the owner', { Principal: { Federated: `arn:aws:iam::${OWN}:saml-provider/p` } }, []],
    ['the owner and another', { Principal: { AWS: [OWN, OTHER] } }, [{ principal: OTHER }]],
    ['a service', { Principal: { Service: 'logging.s3.amazonaws.com' } }, []],
    ['a deleted identity', { Principal: { AWS: 'AIDAJQABLZS4A3QDU576Q' } }, []],
    [
      'CloudFront',
      { Principal: { AWS: 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1' } },
      [{ parties: [], certain: true }],
    ],
    ['a canonical user', { Principal: { CanonicalUser: 'abc' } }, [{ principal: 'abc', ...unclear }]],
    ['a web identity', { Principal: { Federated: 'accounts.google.com' } }, [{ principal: 'accounts.google.com', ...unclear }]],
    ['everyone', everyone, [anybody]],
  ])('%s', (_, part, expected) => {
    expect(of(allow(part))).toMatchObject(expected);
  });

  it('NotPrincipal is everyone', () => {
    const { Principal: _, ...rest } = allow() as Record<string, never>;
    expect(of({ ...rest, NotPrincipal: { AWS: OTHER } })).toMatchObject([anybody]);
  });

  it.each<[string, Part, readonly object[]]>([
    ['the owner', when('StringEquals', 'aws:PrincipalAccount', OWN), []],
    ['the owner by a variable', when('StringEquals', 'aws:PrincipalAccount', '${aws:ResourceAccount}'), []],
    ['a role of the owner', when('ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${OWN}:role/*`), []],
    ['the owner as a source', when('StringEquals', 'aws:SourceAccount', OWN), []],
    [
      'another account',
      when('StringEquals', 'aws:PrincipalAccount', OTHER),
      [{ principal: '*', parties: account, certain: true }],
    ],
    ['the owner or another', when('StringEquals', 'aws:PrincipalAccount', [OWN, OTHER]), [{ parties: account }]],
    [
      'the owner by a variable or another',
      when('StringEquals', 'aws:PrincipalAccount', ['${aws:ResourceAccount}', OTHER]),
      [{ parties: account }],
    ],
    [
      'an organisation',
      when('StringEquals', 'aws:PrincipalOrgID', 'o-a1'),
      [{ parties: [[{ kind: 'organisation', id: 'o-a1' }]], certain: true }],
    ],
    [
      'an organisation and an account',
      whenAll(when('StringEquals', 'aws:PrincipalOrgID', 'o-a1'), when('StringEquals', 'aws:PrincipalAccount', OTHER)),
      [{ parties: [[{ kind: 'organisation', id: 'o-a1' }], [{ kind: 'account', id: OTHER }]] }],
    ],
    [
      'an organisation and the owner',
      whenAll(when('StringEquals', 'aws:PrincipalOrgID', 'o-a1'), when('StringEquals', 'aws:PrincipalAccount', OWN)),
      [],
    ],
    ['a network', when('StringEquals', 'aws:SourceVpce', 'vpce-1'), [anybody]],
    ['a bucket', when('ArnLike', 'aws:SourceArn', BUCKET), [anybody]],
    ['a bucket or a topic of the owner', when('ArnLike', 'aws:SourceArn', [BUCKET, `arn:aws:sns:us-east-1:${OWN}:t`]), [anybody]],
    ['a unique id', when('StringLike', 'aws:userid', 'AROAEXAMPLE:*'), [{ principal: '*', ...unclear }]],
    ['a unique id or the owner', when('StringLike', 'aws:userid', ['AROAEXAMPLE:*', OWN]), [{ ...unclear }]],
    [
      'a unique id of another account',
      whenAll(when('StringLike', 'aws:userid', 'AROAEXAMPLE:*'), when('StringEquals', 'aws:PrincipalAccount', OTHER)),
      [{ parties: account, certain: true }],
    ],
    ['nothing: IfExists', when('StringEqualsIfExists', 'aws:PrincipalAccount', OWN), [anybody]],
    ['nothing: negated', when('StringNotEquals', 'aws:PrincipalAccount', OTHER), [anybody]],
    ['nothing: TLS', when('Bool', 'aws:SecureTransport', 'true'), [anybody]],
  ])('everyone bound to %s', (_, condition, expected) => {
    expect(of(allow(everyone, condition))).toMatchObject(expected);
  });

  it('another account bound to the owner is nobody', () => {
    expect(of(allow(when('StringEquals', 'aws:PrincipalAccount', OWN)))).toEqual([]);
  });
});

describe('what a Deny takes back', () => {
  const deny = (...parts: readonly Part[]): Part =>
    Object.assign({ Effect: 'Deny', Principal: '*', Action: 's3:PutBucket*' }, both, ...parts) as Part;
  const others = when('StringNotEquals', 'aws:PrincipalAccount', OWN);

  it.each<[string, Part, readonly string[]]>([
    ['without conditions, for everyone', deny(), [encryption, remove, objectAcl]],
    ['for the account', deny({ Principal: { AWS: OTHER } }), [encryption, remove, objectAcl]],
    ['for another one', deny({ Principal: { AWS: OWN } }), all],
    ['for all but the owner', deny(others), [encryption, remove, objectAcl]],
    [
      'for all but the owner and services',
      deny(whenAll(others, when('Bool', 'aws:PrincipalIsAWSService', 'false'))),
      [encryption, remove, objectAcl],
    ],
    ['for all but two accounts', deny(when('StringNotEquals', 'aws:PrincipalAccount', [OWN, OTHER])), all],
    ['for all but an organisation', deny(when('StringNotEquals', 'aws:PrincipalOrgID', 'o-a1')), all],
    ['for all but a network', deny(when('StringNotEquals', 'aws:SourceVpce', 'vpce-1')), all],
    ['for an account, but the owner', deny({ Principal: { AWS: OTHER } }, others), all],
    ['under a condition', deny(when('Bool', 'aws:SecureTransport', 'false')), all],
    ['an Allow', deny({ Effect: 'Allow', Principal: { AWS: OWN } }), all],
    ['everything on the bucket', deny({ Action: '*', Resource: BUCKET }), [objectAcl]],
    ['everything on the objects', deny({ Action: '*', Resource: `${BUCKET}/*` }), [encryption, put, remove, acl]],
    ['everything on some objects', deny({ Action: '*', Resource: `${BUCKET}/a/*` }), all],
    ['everything', deny({ Action: '*' }), []],
  ])('%s', (_, statement, expected) => {
    expect(of(allow({ Action: all }), statement).flatMap(({ actions }) => actions)).toEqual(expected);
  });

  it('names the statement that is left', () => {
    expect(of(deny(), allow({ Sid: 'Open', Action: 's3:DeleteBucketPolicy' }))).toEqual([
      {
        index: 1,
        sid: 'Open',
        principal: OTHER,
        actions: [remove],
        parties: [[{ kind: 'account', id: OTHER }]],
        certain: true,
      },
    ]);
  });
});
