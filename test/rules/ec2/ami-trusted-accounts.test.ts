import { expect, test } from 'vitest';
import rule from '#rules/ec2/ami-trusted-accounts.js';
import { image, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const stranger = '999999999999';
const partner = '222222222222';
const shared = (...sharedWith: string[]) => image('ami-1', {}, { sharedWith });
const organisationArn = (id: string) => `arn:aws:organizations::111111111111:organization/${id}`;
const unitArn = (id: string) => `arn:aws:organizations::111111111111:ou/${id}/ou-ab12-cdefghij`;
const organisation = { id: { known: true as const, value: 'o-own' }, unlisted: null };
const unlisted = {
  facet: 'organization/accounts',
  operation: 'organizations:ListAccounts',
  action: 'organizations:ListAccounts',
  code: 'AccessDeniedException',
  cause: 'denied' as const,
};
const ofOrganisation = 'the accounts of the organisation and those configured';

testRule(rule, {
  pass: [
    {
      name: 'with an account of the run',
      resource: shared(partner),
      accounts: [partner],
      message: `The image is shared with ${partner}. Trusted are the accounts of this run and those configured.`,
      evidence: { launchPermission: [partner] },
    },
    {
      name: 'with a configured account',
      resource: shared(stranger),
      trustedAccounts: [stranger],
      message: `The image is shared with ${stranger}. Trusted are the accounts of this run and those configured.`,
    },
    {
      name: 'with the own organisation, its accounts unlisted',
      resource: shared(organisationArn('o-own')),
      organisation: { ...organisation, unlisted },
      message: `The image is shared with ${organisationArn('o-own')}. Trusted are ${ofOrganisation}.`,
    },
    {
      name: 'with a unit of the own organisation',
      resource: shared(unitArn('o-own')),
      organisation,
      message: `The image is shared with ${unitArn('o-own')}. Trusted are ${ofOrganisation}.`,
    },
  ],
  fail: [
    {
      name: 'with a stranger beside a trusted account',
      resource: shared(partner, stranger),
      accounts: [partner],
      message: `The image is shared with ${stranger}. Trusted are only the accounts of this run and those configured.`,
      evidence: { launchPermission: [partner, stranger] },
    },
    {
      name: 'with another organisation',
      resource: shared(organisationArn('o-other')),
      organisation,
      message: `The image is shared with ${organisationArn('o-other')}. Trusted are only ${ofOrganisation}.`,
    },
    {
      name: 'with a unit of another organisation, beside an account that could not be judged',
      resource: shared(stranger, unitArn('o-other')),
      organisation: { ...organisation, unlisted },
      message: `The image is shared with ${unitArn('o-other')}. Trusted are only ${ofOrganisation}.`,
    },
  ],
  unknown: [
    {
      name: 'the permission was denied',
      resource: image('ami-1', {}, { sharedWith: unread() }),
      missing: [{ facet: 'ec2.image/sharedWith', cause: 'denied' }],
    },
    {
      name: 'with an account, and those of the organisation could not be listed',
      resource: shared(stranger),
      organisation: { ...organisation, unlisted },
      missing: [unlisted],
    },
    {
      name: 'with an organisation, and there is none in the scope',
      resource: shared(organisationArn('o-own')),
      missing: [{ facet: 'organization/id', operation: 'organizations:DescribeOrganization' }],
    },
  ],
  notApplicable: [{ name: 'not shared', resource: shared(), reason: 'not shared with any account' }],
});

test('the remediation takes the permission back by the id', () => {
  const { record, account } = shared(stranger);
  expect(rule.remediation({ ...record, account, partition: 'aws', name: '$(reboot)' }).cli).toContain(
    'aws ec2 modify-image-attribute --region us-east-1 --image-id ami-1 --attribute launchPermission --operation-type remove --user-ids "${ACCOUNT:?}"',
  );
});
