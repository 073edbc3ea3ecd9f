import { expect, test } from 'vitest';
import rule from '#rules/ebs/snapshot-not-public.js';
import { defaults, snapshot, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const plain = { encrypted: false, kmsKeyId: null };
const open = { public: true, seenBy: 'RestorableByUserIds' } as const;
const everybody = snapshot('snap-1', plain, { public: open });
const blockUnread = 'The snapshot is public, by RestorableByUserIds; whether us-east-1 blocks public access could not be read.';

testRule(rule, {
  pass: [
    {
      name: 'encrypted, without a call',
      resource: snapshot('snap-1'),
      message: 'The snapshot is encrypted: AWS does not let it be public.',
      evidence: { public: false, seenBy: 'encrypted' },
    },
    {
      name: 'not listed as restorable by everybody',
      resource: snapshot('snap-1', plain, { public: { public: false, seenBy: 'RestorableByUserIds' } }),
      others: [defaults({ snapshotBlockPublicAccess: 'unblocked' })],
      message: 'The snapshot is not public, by RestorableByUserIds.',
    },
    {
      name: 'by its attribute, the block state unread',
      resource: snapshot('snap-1', plain, { public: { public: false, seenBy: 'createVolumePermission' } }),
      others: [defaults({ snapshotBlockPublicAccess: unread() })],
      message: 'The snapshot is not public, by createVolumePermission.',
    },
  ],
  fail: [
    {
      name: 'public, unblocked',
      resource: everybody,
      others: [defaults({ snapshotBlockPublicAccess: 'unblocked' })],
      message: 'The snapshot is public, by RestorableByUserIds; block public access for snapshots in us-east-1 is unblocked.',
      evidence: { public: true, snapshotBlockPublicAccess: 'unblocked' },
    },
    {
      name: 'public under block-new-sharing, which leaves old shares open',
      resource: everybody,
      others: [defaults({ snapshotBlockPublicAccess: 'block-new-sharing' })],
      message:
        'The snapshot is public, by RestorableByUserIds; block public access for snapshots in us-east-1 is block-new-sharing.',
    },
    {
      name: 'latent under block-all-sharing',
      resource: snapshot('snap-1', plain, { public: { public: true, seenBy: 'createVolumePermission' } }),
      others: [defaults()],
      severity: 'medium',
      message:
        'The snapshot is shared with everybody, by createVolumePermission, and not public only as long as us-east-1 keeps block-all-sharing.',
    },
    {
      name: 'public, block state denied',
      resource: everybody,
      others: [defaults({ snapshotBlockPublicAccess: unread() })],
      message: blockUnread,
    },
    {
      name: 'latent in an account of its own',
      resource: snapshot('snap-1', plain, { public: open }, { account: '222222222222', region: 'eu-west-1' }),
      others: [
        defaults({}, { account: '222222222222', region: 'eu-west-1' }),
        defaults({ snapshotBlockPublicAccess: 'unblocked' }),
      ],
      severity: 'medium',
      message:
        'The snapshot is shared with everybody, by RestorableByUserIds, and not public only as long as eu-west-1 keeps block-all-sharing.',
    },
    { name: 'public, block state not in the run', resource: everybody, message: blockUnread },
    {
      name: 'public, blocked in another region only',
      resource: everybody,
      others: [defaults({}, { region: 'eu-west-1' })],
      message: blockUnread,
    },
    {
      name: 'public, blocked in another account only',
      resource: everybody,
      others: [defaults({}, { account: '222222222222' })],
      message: blockUnread,
    },
  ],
  unknown: [
    {
      name: 'the permission was denied',
      resource: snapshot('snap-1', plain, { public: unread() }),
      missing: [{ facet: 'ebs.snapshot/public', cause: 'denied' }],
    },
    {
      name: 'the listing was denied',
      resource: snapshot('snap-1', plain, { details: unread() }),
      missing: [{ facet: 'ebs.snapshot/details' }],
    },
  ],
  notApplicable: [
    {
      name: 'in error',
      resource: snapshot('snap-1', { ...plain, state: 'error' }, { public: open }),
      reason: 'the snapshot failed: it is in state error',
    },
  ],
});

test('the remediation takes the permission back by the id, whatever the name', () => {
  const { cli } = rule.remediation({ ...everybody.record, account: everybody.account, partition: 'aws', name: '$(reboot)' });
  expect(cli?.split('\n')[0]).toBe(
    'aws ec2 modify-snapshot-attribute --region us-east-1 --snapshot-id snap-1 --attribute createVolumePermission --operation-type remove --group-names all',
  );
});
