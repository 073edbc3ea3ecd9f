import { describe, expect, it } from 'vitest';
import { deniesCustomerKeys, logDelivery, tlsDemand } from '#policy/bucket.js';
import { ELB_ACCOUNTS } from '#policy/elb-accounts.js';
import { deny, OWN, policy, when, whenAll, type Part } from './support.js';

const BUCKET = 'arn:aws:s3:::my-bucket';
const HEADER = 's3:x-amz-server-side-encryption-customer-algorithm';
const present = when('Null', HEADER, 'false');
const blocks = (...parts: readonly Part[]): Part => deny({ Action: 's3:PutObject', Resource: `${BUCKET}/*` }, present, ...parts);

describe('deniesCustomerKeys', () => {
  it.each<[string, Part, boolean]>([
    ['the statement from the S3 guide', blocks(), true],
    ['false as a JSON boolean', blocks(when('Null', HEADER, false)), true],
    ['the header in another case', blocks(when('null', HEADER.toUpperCase(), 'False')), true],
    ['{AWS: *}', blocks({ Principal: { AWS: '*' } }), true],
    ['s3:Put*', blocks({ Action: ['s3:GetObject', 's3:Put*'] }), true],
    ['s3:*', blocks({ Action: 's3:*' }), true],
    ['a wider resource', blocks({ Resource: [BUCKET, `${BUCKET}*`] }), true],
    ['every resource', blocks({ Resource: '*' }), true],
    ['an Allow', blocks({ Effect: 'Allow' }), false],
    ['Null true, the header absent', blocks(when('Null', HEADER, 'true')), false],
    ['both values', blocks(when('Null', HEADER, ['true', 'false'])), false],
    ['one account only', blocks({ Principal: { AWS: OWN } }), false],
    ['another action', blocks({ Action: 's3:GetObject' }), false],
    ['a prefix only', blocks({ Resource: `${BUCKET}/logs/*` }), false],
    ['the bucket without its objects', blocks({ Resource: BUCKET }), false],
    ['another bucket', blocks({ Resource: `${BUCKET}-2/*` }), false],
    ['a further condition', blocks(whenAll(present, when('StringEquals', 'aws:PrincipalOrgID', 'o-a1'))), false],
    ['no condition at all', deny({ Action: 's3:PutObject', Resource: `${BUCKET}/*` }), false],
    ['StringEquals AES256', blocks(when('StringEquals', HEADER, 'AES256')), false],
    ['the aws-kms header', blocks(when('Null', 's3:x-amz-server-side-encryption', 'false')), false],
  ])('%s', (_, statement, expected) => {
    expect(deniesCustomerKeys(policy(statement), BUCKET) !== null).toBe(expected);
  });

  it('reads NotAction, NotResource and NotPrincipal', () => {
    const bare = { Effect: 'Deny', ...present };
    const all = { Principal: '*', Resource: `${BUCKET}/*` };
    expect(deniesCustomerKeys(policy({ ...bare, ...all, NotAction: 's3:Get*' }), BUCKET)).not.toBeNull();
    expect(deniesCustomerKeys(policy({ ...bare, ...all, NotAction: 's3:Put*' }), BUCKET)).toBeNull();
    const put = { Principal: '*', Action: 's3:PutObject' };
    expect(deniesCustomerKeys(policy({ ...bare, ...put, NotResource: 'arn:aws:s3:::other/*' }), BUCKET)).not.toBeNull();
    expect(deniesCustomerKeys(policy({ ...bare, ...put, NotResource: `${BUCKET}/public/*` }), BUCKET)).toBeNull();
    const some = { Action: 's3:PutObject', Resource: '*', NotPrincipal: { AWS: OWN } };
    expect(deniesCustomerKeys(policy({ ...bare, ...some }), BUCKET)).toBeNull();
  });

  it('names the statement', () => {
    expect(deniesCustomerKeys(policy(deny(), blocks({ Sid: 'NoSseC' })), BUCKET)).toEqual({ index: 1, sid: 'NoSseC' });
  });
});

describe('logDelivery', () => {
  const put = { Effect: 'Allow', Action: 's3:PutObject', Resource: `${BUCKET}/AWSLogs/${OWN}/*` };
  const writers = (statement: Part): string[] => logDelivery(policy(statement), BUCKET).map(({ principal }) => principal);

  it.each<[string, Part, string[]]>([
    ['S3 server access logs', { ...put, Principal: { Service: 'logging.s3.amazonaws.com' } }, ['logging.s3.amazonaws.com']],
    [
      'with a source account',
      { ...put, Principal: { Service: 'logging.s3.amazonaws.com' }, ...when('StringEquals', 'aws:SourceAccount', OWN) },
      ['logging.s3.amazonaws.com'],
    ],
    [
      'load balancers by service',
      { ...put, Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' } },
      ['logdelivery.elasticloadbalancing.amazonaws.com'],
    ],
    ['load balancers by account', { ...put, Principal: { AWS: 'arn:aws:iam::156460612806:root' } }, ['156460612806']],
    ['load balancers by digits', { ...put, Principal: { AWS: ['127311923021', OWN] } }, ['127311923021']],
    ['load balancers in China', { ...put, Principal: { AWS: 'arn:aws-cn:iam::638102146993:root' } }, ['638102146993']],
    ['s3:Put*', { ...put, Action: 's3:Put*', Principal: { Service: 'logging.s3.amazonaws.com' } }, ['logging.s3.amazonaws.com']],
    ['delivery.logs takes a customer managed key', { ...put, Principal: { Service: 'delivery.logs.amazonaws.com' } }, []],
    ['a Deny', { ...put, Effect: 'Deny', Principal: { Service: 'logging.s3.amazonaws.com' } }, []],
    ['another bucket', { ...put, Resource: 'arn:aws:s3:::other/*', Principal: { Service: 'logging.s3.amazonaws.com' } }, []],
    ['reading only', { ...put, Action: 's3:GetBucketAcl', Principal: { Service: 'logging.s3.amazonaws.com' } }, []],
    ['everyone', { ...put, Principal: '*' }, []],
    ['an ordinary account', { ...put, Principal: { AWS: OWN } }, []],
    ['NotPrincipal', { ...put, NotPrincipal: { Service: 'logging.s3.amazonaws.com' } }, []],
  ])('%s', (_, statement, expected) => expect(writers(statement)).toEqual(expected));

  it('says which logs and where from', () => {
    expect(logDelivery(policy({ ...put, Sid: 'Elb', Principal: { AWS: '054676820928' } }), BUCKET)).toEqual([
      { index: 0, sid: 'Elb', principal: '054676820928', source: 'elb-access-logs', region: 'eu-central-1' },
    ]);
  });

  it('has well-formed, distinct accounts', () => {
    expect(ELB_ACCOUNTS.size).toBe(26);
    for (const account of ELB_ACCOUNTS.keys()) expect(account).toMatch(/^\d{12}$/);
  });
});

describe('tlsDemand', () => {
  const plain = when('Bool', 'aws:SecureTransport', 'false');
  const both = { Resource: [BUCKET, `${BUCKET}/*`] };
  const demands = (...parts: readonly Part[]): Part => deny({ Action: 's3:*' }, both, plain, ...parts);
  const service = when('Bool', 'aws:PrincipalIsAWSService', 'false');

  it.each<[string, Part, string]>([
    ['as AWS writes it', demands(), 'bucket objects'],
    ['a boolean, IfExists, in another case', demands(when('boolIfExists', 'AWS:securetransport', false)), 'bucket objects'],
    ['every action of every service', demands({ Action: '*' }), 'bucket objects'],
    ['among other actions', demands({ Action: ['s3:GetObject', 'S3:*'] }), 'bucket objects'],
    ['every resource', demands({ Resource: '*' }), 'bucket objects'],
    ['one pattern over both', demands({ Resource: `${BUCKET}*` }), 'bucket objects'],
    ['{AWS: *}', demands({ Principal: { AWS: '*' } }), 'bucket objects'],
    ['services of AWS left out', demands(whenAll(plain, service)), 'bucket objects'],
    ['TLS below 1.2', demands(when('NumericLessThan', 's3:TlsVersion', 1.2)), 'bucket objects'],
    ['TLS below 1.3, IfExists', demands(when('NumericLessThanIfExists', 's3:tlsversion', '1.3')), 'bucket objects'],
    ['TLS below one of two', demands(when('NumericLessThan', 's3:TlsVersion', ['1.0', '1.2'])), 'bucket objects'],
    ['the bucket alone', demands({ Resource: BUCKET }), 'bucket'],
    ['the objects alone', demands({ Resource: `${BUCKET}/*` }), 'objects'],
    ['some objects', demands({ Resource: [BUCKET, `${BUCKET}/a*`] }), 'bucket'],
    ['another bucket', demands({ Resource: ['arn:aws:s3:::other', 'arn:aws:s3:::other/*'] }), ''],
    ['an Allow', demands({ Effect: 'Allow' }), ''],
    ['some actions', demands({ Action: ['s3:Get*', 's3:Put*'] }), ''],
    ['actions of another service', demands({ Action: 'sqs:*' }), ''],
    ['one account', demands({ Principal: { AWS: OWN } }), ''],
    ['SecureTransport true', demands(when('Bool', 'aws:SecureTransport', 'true')), ''],
    ['both values', demands(when('Bool', 'aws:SecureTransport', ['true', 'false'])), ''],
    ['another operator', demands(when('StringEquals', 'aws:SecureTransport', 'false')), ''],
    ['TLS below 1.1', demands(when('NumericLessThan', 's3:TlsVersion', 1.1)), ''],
    ['TLS above 1.2', demands(when('NumericGreaterThan', 's3:TlsVersion', 1.2)), ''],
    ['TLS below no number', demands(when('NumericLessThan', 's3:TlsVersion', 'new')), ''],
    ['TLS of any value', demands(when('ForAnyValue:NumericLessThan', 's3:TlsVersion', 1.2)), ''],
    ['below 1.2 of something else', demands(when('NumericLessThan', 's3:max-keys', 1.2)), ''],
    ['a further condition', demands(whenAll(plain, when('StringEquals', 'aws:PrincipalOrgID', 'o-a1'))), ''],
    ['only the services left out', demands(service), ''],
    ['services only', demands(whenAll(plain, when('Bool', 'aws:PrincipalIsAWSService', 'true'))), ''],
    ['what services call left out', demands(whenAll(plain, when('Bool', 'aws:ViaAWSService', 'false'))), ''],
    ['without and with an old TLS at once', demands(whenAll(plain, when('NumericLessThan', 's3:TlsVersion', 1.2))), ''],
    ['no condition', deny({ Action: 's3:*' }, both), ''],
  ])('%s', (_, statement, expected) => {
    const { onBucket, onObjects, statements } = tlsDemand(policy(statement), BUCKET);
    expect([...(onBucket ? ['bucket'] : []), ...(onObjects ? ['objects'] : [])].join(' ')).toBe(expected);
    expect(statements).toHaveLength(expected === '' ? 0 : 1);
  });

  it('reads NotAction and NotResource', () => {
    const bare = { Effect: 'Deny', Principal: '*', ...plain };
    const demand = (statement: Part) => tlsDemand(policy(statement), BUCKET);
    expect(demand({ ...bare, ...both, NotAction: 'sqs:*' })).toMatchObject({ onBucket: true, onObjects: true });
    expect(demand({ ...bare, ...both, NotAction: 's3:GetObject' })).toMatchObject({ onBucket: false, onObjects: false });
    expect(demand({ ...bare, Action: 's3:*', NotResource: BUCKET })).toMatchObject({ onBucket: false, onObjects: true });
    expect(demand({ ...bare, Action: 's3:*', NotResource: `${BUCKET}/a` })).toMatchObject({ onBucket: true, onObjects: false });
    expect(demand({ Effect: 'Deny', Principal: '*', Action: 's3:*', ...plain })).toMatchObject({ onBucket: false });
    expect(demand({ ...bare, ...both })).toMatchObject({ onBucket: false, onObjects: false });
  });

  it('names the statements of both halves', () => {
    const halves = policy(demands({ Resource: BUCKET }), deny(), demands({ Sid: 'B', Resource: `${BUCKET}/*` }));
    expect(tlsDemand(halves, BUCKET)).toEqual({
      statements: [
        { index: 0, sid: null },
        { index: 2, sid: 'B' },
      ],
      onBucket: true,
      onObjects: true,
    });
  });
});
