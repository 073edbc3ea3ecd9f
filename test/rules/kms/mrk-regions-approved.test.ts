import { expect, test } from 'vitest';
import rule from '#rules/kms/mrk-regions-approved.js';
import type { MultiRegion } from '#model/resources/index.js';
import { arnOfKey, awsManagedKey, key, metadata, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const multiRegion = (role: 'PRIMARY' | 'REPLICA', ...replicas: readonly string[]): MultiRegion => ({
  role,
  primaryArn: arnOfKey(1),
  primaryRegion: 'us-east-1',
  replicas: replicas.map((region) => ({ arn: arnOfKey(1, { region }), region })),
});
const primary = (...replicas: readonly string[]): TestResource =>
  key(1, { metadata: metadata({ multiRegion: multiRegion('PRIMARY', ...replicas) }) });
const options = { regions: ['us-east-1', 'eu-*'] };

testRule(rule, {
  pass: [
    {
      name: 'without replicas',
      resource: primary(),
      options,
      message: 'The key and its replicas lie in approved regions only: us-east-1.',
    },
    {
      name: 'replicas by a glob',
      resource: primary('eu-west-1', 'eu-central-1'),
      options,
      message: 'The key and its replicas lie in approved regions only: us-east-1, eu-west-1, eu-central-1.',
      evidence: { regions: ['us-east-1', 'eu-west-1', 'eu-central-1'] },
    },
  ],
  fail: [
    {
      name: 'a replica elsewhere',
      resource: primary('eu-west-1', 'ap-south-1', 'us-west-2'),
      options,
      message: 'The key or its replicas lie outside the approved regions, in ap-south-1, us-west-2.',
      evidence: { regions: ['us-east-1', 'eu-west-1', 'ap-south-1', 'us-west-2'] },
    },
    {
      name: 'the primary itself',
      resource: primary('eu-west-1'),
      options: { regions: ['eu-*'] },
      message: 'The key or its replicas lie outside the approved regions, in us-east-1.',
    },
  ],
  unknown: [
    { name: 'DescribeKey denied', resource: key(1, { metadata: unread() }), options, missing: [{ facet: 'kms.key/metadata' }] },
  ],
  notApplicable: [
    { name: 'none configured', resource: key(1, { metadata: unread() }), reason: 'no approved regions are configured' },
    { name: 'single-Region', resource: key(1), options, reason: 'a single-Region key' },
    {
      name: 'a replica',
      resource: key(1, { metadata: metadata({ multiRegion: multiRegion('REPLICA', 'ap-south-1') }) }),
      options,
      reason: 'a replica: judged at its primary',
    },
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), options, reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: key(1, { metadata: metadata({ manager: 'AWS', multiRegion: multiRegion('PRIMARY', 'ap-south-1') }) }),
      options,
      reason: 'AWS managed keys stay in their region',
    },
  ],
});

test('reads nothing until regions are configured', () => {
  expect([rule.configured({ regions: [] } as never), rule.configured(options as never)]).toEqual([false, true]);
});
