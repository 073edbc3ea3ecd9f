import rule from '#rules/ebs/default-encryption.js';
import { defaults, snapshot, template, unread, volume } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

/** Off, and unused regions are passed over. */
const offIn = () => ({
  resource: defaults({ encryptionByDefault: false }),
  options: { skipUnusedRegions: true },
  message: 'EBS encryption by default is off in us-east-1.',
});

testRule(rule, {
  pass: [
    {
      name: 'on',
      resource: defaults(),
      message: 'EBS encryption by default is on in us-east-1.',
      evidence: { EbsEncryptionByDefault: true },
    },
    {
      name: 'on in a region that holds nothing',
      resource: defaults(),
      options: { skipUnusedRegions: true },
      message: 'EBS encryption by default is on in us-east-1.',
    },
    {
      name: 'on, other settings unread',
      resource: defaults({ defaultKey: unread(), snapshotBlockPublicAccess: unread() }),
      message: 'EBS encryption by default is on in us-east-1.',
    },
  ],
  fail: [
    {
      name: 'off in a region that holds nothing',
      resource: defaults({ encryptionByDefault: false }, { region: 'eu-north-1' }),
      message: 'EBS encryption by default is off in eu-north-1.',
      evidence: { EbsEncryptionByDefault: false },
    },
    {
      name: 'off though a customer managed default key is set',
      resource: defaults({ encryptionByDefault: false, defaultKey: 'alias/mine' }),
      message: 'EBS encryption by default is off in us-east-1.',
    },
    { name: 'off in a region that holds a volume', ...offIn(), others: [volume('vol-1')] },
    { name: 'off in a region that holds a snapshot', ...offIn(), others: [snapshot('snap-1')] },
    { name: 'off in a region that holds a launch template', ...offIn(), others: [template('lt-1')] },
    { name: 'off, its volumes could not be listed', ...offIn(), unreadLists: [{ kind: 'ebs.volume' }] },
    { name: 'off, the run did not list launch templates', ...offIn(), unlisted: ['ec2.launch-template'] },
  ],
  unknown: [
    {
      name: 'denied',
      resource: defaults({ encryptionByDefault: unread() }),
      missing: [{ facet: 'ebs.defaults/encryptionByDefault', cause: 'denied' }],
    },
    {
      name: 'left out of the answer',
      resource: defaults({ encryptionByDefault: unread({ cause: 'absent-field', code: 'EbsEncryptionByDefault' }) }),
      missing: [{ cause: 'absent-field' }],
    },
  ],
  notApplicable: [
    {
      name: 'off in a region that holds nothing, others do',
      resource: defaults({ encryptionByDefault: false }),
      others: [volume('vol-1', {}, {}, { region: 'eu-west-1' }), volume('vol-1', {}, {}, { account: '222222222222' })],
      unreadLists: [{ kind: 'ebs.volume', region: 'eu-west-1' }],
      options: { skipUnusedRegions: true },
      reason: 'the region holds no volume, snapshot or launch template',
    },
  ],
});
