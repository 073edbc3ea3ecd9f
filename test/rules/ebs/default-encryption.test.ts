import rule from '#rules/ebs/default-encryption.js';
import { defaults, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

testRule(rule, {
  pass: [
    {
      name: 'on',
      resource: defaults(),
      message: 'EBS encryption by default is on in us-east-1.',
      evidence: { EbsEncryptionByDefault: true },
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
  notApplicable: 'every enabled region has this setting',
});
