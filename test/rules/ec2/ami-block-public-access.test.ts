import rule from '#rules/ec2/ami-block-public-access.js';
import { defaults, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

testRule(rule, {
  pass: [
    {
      name: 'blocked, though snapshots are not',
      resource: defaults({ snapshotBlockPublicAccess: 'unblocked' }),
      message: 'Block public access for images in us-east-1 is block-new-sharing.',
      evidence: { ImageBlockPublicAccessState: 'block-new-sharing' },
    },
  ],
  fail: [
    {
      name: 'unblocked in a region that holds nothing',
      resource: defaults({ imageBlockPublicAccess: 'unblocked' }, { region: 'eu-north-1' }),
      message: 'Block public access for images in eu-north-1 is unblocked.',
      evidence: { ImageBlockPublicAccessState: 'unblocked' },
    },
    {
      name: 'a state of later years',
      resource: defaults({ imageBlockPublicAccess: 'block-some-sharing' }),
      message: 'Block public access for images in us-east-1 is block-some-sharing.',
    },
  ],
  unknown: [
    {
      name: 'denied',
      resource: defaults({ imageBlockPublicAccess: unread() }),
      missing: [{ facet: 'ebs.defaults/imageBlockPublicAccess', cause: 'denied' }],
    },
  ],
  notApplicable: 'every enabled region has this setting',
});
