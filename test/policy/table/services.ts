import { deny, OWN, when, whenAll } from '../support.js';
import { ORG, root, service, equals, like, outside, act, viaS3, type Row } from './row.js';

/** Services. */
export const services: readonly Row[] = [
  {
    name: 'a service without a source',
    from: 'CHECKS D.63: the helper exists, the check leaves it off',
    policy: [root, service('s3.amazonaws.com')],
    answers: { deputies: ['s3.amazonaws.com'] },
  },
  {
    name: 'a service that may create grants',
    policy: [root, service('ec2.amazonaws.com', act('kms:CreateGrant'))],
    answers: { deputies: ['ec2.amazonaws.com'], creators: [] },
  },
  {
    name: 'a service that only reads',
    policy: [root, service('config.amazonaws.com', act('kms:Describe*', 'kms:Get*', 'kms:List*'))],
    answers: { deputies: [] },
  },
  {
    name: 'a service by kms:*',
    policy: [root, service('config.amazonaws.com', act('kms:*'))],
    answers: { deputies: ['config.amazonaws.com'], duties: [] },
  },
  {
    name: 'bound by aws:SourceAccount',
    from: 'CHECKS D.63',
    policy: [root, service('s3.amazonaws.com', equals('aws:SourceAccount', OWN))],
    answers: { deputies: [], parties: [] },
  },
  {
    name: 'bound by aws:SourceArn of a bucket',
    policy: [root, service('s3.amazonaws.com', when('ArnLike', 'aws:SourceArn', 'arn:aws:s3:::my-bucket'))],
    answers: { deputies: [] },
  },
  {
    name: 'aws:SourceArn of any bucket',
    policy: [root, service('s3.amazonaws.com', when('ArnLike', 'aws:SourceArn', 'arn:aws:s3:::*'))],
    answers: { deputies: ['s3.amazonaws.com'] },
  },
  {
    name: 'bound by aws:SourceOrgID',
    from: 'CHECKS D.63',
    policy: [root, service('s3.amazonaws.com', equals('aws:SourceOrgID', ORG))],
    answers: { deputies: [] },
  },
  {
    name: 'aws:SourceOrgID of any organisation',
    policy: [root, service('s3.amazonaws.com', like('aws:SourceOrgID', '*'))],
    answers: { deputies: ['s3.amazonaws.com'] },
  },
  {
    name: 'aws:SourceAccount by IfExists',
    policy: [root, service('s3.amazonaws.com', when('StringEqualsIfExists', 'aws:SourceAccount', OWN))],
    answers: { deputies: ['s3.amazonaws.com'] },
  },
  {
    name: 'kms:CallerAccount says nothing of the source',
    policy: [root, service('s3.amazonaws.com', equals('kms:CallerAccount', OWN))],
    answers: { deputies: ['s3.amazonaws.com'] },
  },
  {
    name: 'kms:ViaService says nothing of the source',
    policy: [root, service('s3.amazonaws.com', viaS3)],
    answers: { deputies: ['s3.amazonaws.com'] },
  },
  {
    name: 'a bucket in the encryption context, which names no account',
    policy: [root, service('s3.amazonaws.com', like('kms:EncryptionContext:aws:s3:arn', 'arn:aws:s3:::my-bucket/*'))],
    answers: { deputies: ['s3.amazonaws.com'] },
  },
  {
    name: 'a log group of the own account in the context',
    policy: [
      root,
      service('logs.amazonaws.com', when('ArnLike', 'kms:EncryptionContext:aws:logs:arn', `arn:aws:logs:*:${OWN}:*`)),
    ],
    answers: { deputies: [] },
  },
  {
    name: 'a context by IfExists',
    policy: [
      root,
      service('logs.amazonaws.com', when('ArnLikeIfExists', 'kms:EncryptionContext:aws:logs:arn', `arn:aws:logs:*:${OWN}:*`)),
    ],
    answers: { deputies: ['logs.amazonaws.com'] },
  },
  {
    name: 'two services, one of them exempt',
    policy: [root, service(['s3.amazonaws.com', 'dynamodb.amazonaws.com'])],
    exempt: ['dynamodb.amazonaws.com'],
    answers: { deputies: ['s3.amazonaws.com'] },
  },
  {
    name: 'a Deny of other sources',
    policy: [root, service('s3.amazonaws.com'), deny(outside('aws:SourceAccount', OWN))],
    answers: { deputies: [] },
  },
  {
    name: 'a Deny of other sources that exempts services',
    policy: [
      root,
      service('s3.amazonaws.com'),
      deny(whenAll(outside('aws:SourceAccount', OWN), when('Bool', 'aws:PrincipalIsAWSService', false))),
    ],
    answers: { deputies: ['s3.amazonaws.com'] },
  },
  {
    name: 'a Deny of some of its actions',
    policy: [
      root,
      service('s3.amazonaws.com', act('kms:Decrypt', 'kms:GenerateDataKey')),
      deny(outside('aws:SourceAccount', OWN), act('kms:Decrypt')),
    ],
    answers: { deputies: ['s3.amazonaws.com'] },
  },
];
