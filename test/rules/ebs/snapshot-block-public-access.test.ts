import rule from '#rules/ebs/snapshot-block-public-access.js';
import { defaults, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const state = (snapshotBlockPublicAccess: string) => defaults({ snapshotBlockPublicAccess });
const allowBlockNew = { allowBlockNew: true };

testRule(rule, {
  pass: [
    {
      name: 'all sharing blocked',
      resource: defaults(),
      message: 'Block public access for snapshots in us-east-1 is block-all-sharing.',
      evidence: { State: 'block-all-sharing' },
    },
    {
      name: 'all sharing blocked where less is accepted',
      resource: defaults(),
      options: allowBlockNew,
      message: 'Block public access for snapshots in us-east-1 is block-all-sharing.',
    },
    {
      name: 'new sharing blocked where that is accepted',
      resource: state('block-new-sharing'),
      options: allowBlockNew,
      message: 'Block public access for snapshots in us-east-1 is block-new-sharing, which the baseline accepts.',
    },
  ],
  fail: [
    {
      name: 'new sharing blocked',
      resource: state('block-new-sharing'),
      message:
        'Block public access for snapshots in us-east-1 is block-new-sharing: snapshots that were public before still are.',
      evidence: { State: 'block-new-sharing' },
    },
    {
      name: 'unblocked in a region that holds nothing',
      resource: defaults({ snapshotBlockPublicAccess: 'unblocked' }, { region: 'eu-north-1' }),
      message: 'Block public access for snapshots in eu-north-1 is unblocked.',
    },
    {
      name: 'unblocked where new sharing would be accepted',
      resource: state('unblocked'),
      options: allowBlockNew,
      message: 'Block public access for snapshots in us-east-1 is unblocked.',
    },
    {
      name: 'a state of later years',
      resource: state('block-some-sharing'),
      message: 'Block public access for snapshots in us-east-1 is block-some-sharing.',
    },
  ],
  unknown: [
    {
      name: 'denied',
      resource: defaults({ snapshotBlockPublicAccess: unread() }),
      missing: [{ facet: 'ebs.defaults/snapshotBlockPublicAccess', cause: 'denied' }],
    },
    {
      name: 'left out of the answer',
      resource: defaults({ snapshotBlockPublicAccess: unread({ cause: 'absent-field', code: 'State' }) }),
      missing: [{ cause: 'absent-field' }],
    },
  ],
  notApplicable: 'every enabled region has this setting',
});
