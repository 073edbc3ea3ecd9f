import { expect, test } from 'vitest';
import rule from '#rules/ec2/ami-not-public.js';
import { image, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

testRule(rule, {
  pass: [
    { name: 'private', resource: image('ami-1'), message: 'The image is not public.', evidence: { Public: false } },
    { name: 'disabled', resource: image('ami-1', { state: 'disabled' }), message: 'The image is not public.' },
  ],
  fail: [
    {
      name: 'public, shares unread',
      resource: image('ami-1', { public: true }, { sharedWith: unread() }),
      message: 'The image is public: everybody with an AWS account can launch it and read its disks.',
      evidence: { Public: true },
    },
  ],
  unknown: [
    {
      name: 'AWS left it out',
      resource: image('ami-1', { public: null }),
      missing: [
        {
          facet: 'ec2.image/details',
          operation: 'ec2:DescribeImages',
          action: 'ec2:DescribeImages',
          code: 'Public',
          cause: 'absent-field',
        },
      ],
    },
    {
      name: 'the listing was denied',
      resource: image('ami-1', {}, { details: unread() }),
      missing: [{ facet: 'ec2.image/details', cause: 'denied' }],
    },
  ],
  notApplicable: 'every image is public or not',
});

test('the remediation takes the permission back by the id, whatever the name', () => {
  const { record, account } = image('ami-1');
  const { cli } = rule.remediation({ ...record, account, partition: 'aws', name: '$(reboot)' });
  expect(cli?.split('\n')[0]).toBe(
    "aws ec2 modify-image-attribute --region us-east-1 --image-id ami-1 --launch-permission 'Remove=[{Group=all}]'",
  );
});
