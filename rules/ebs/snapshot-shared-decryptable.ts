import { whyNotJudged } from '#model/encryption.js';
import { defineRule } from '#model/rule.js';
import { ebsShareRemediation, withItsKey } from '#model/shared-snapshot.js';
import { judgeSharedKey, sharedKeyMessages, sharedKeyStates } from '#policy/shared-key.js';

export default defineRule({
  id: 'ebs/snapshot-shared-decryptable',
  kind: 'ebs.snapshot',
  severity: 'high',
  title: 'The key of a shared EBS snapshot admits every account that it is shared with, all of them trusted',
  needs: ['details', 'encryption'],
  premises: ['details'],
  wants: ['sharedWith'],
  lookups: { 'kms.key': ['metadata', 'aliases', 'policy', 'grants'] },
  // A call for each snapshot, as for ebs/snapshot-trusted-accounts.
  recommended: false,
  docs: {
    why: 'An encrypted snapshot opens with two keys: the share and the KMS key. Where both are open to an account that is not trusted, it can read the whole disk. Where the share is open and the key is closed, a copy that somebody counts on, say for recovery, cannot be restored.',
    source: 'https://docs.aws.amazon.com/ebs/latest/userguide/share-kms-key.html',
    waive:
      'A vendor who is to have the data, until the handover is done; or a share whose key was closed on purpose, until the share is taken back.',
  },
  messages: sharedKeyMessages,
  states: [
    ['Snapshot in state error', 'not applicable'],
    ['Unencrypted, or under a key that AWS owns', 'not applicable'],
    ['Under an AWS managed key', 'not applicable: AWS does not let it be shared'],
    ['The key is gone', 'not applicable: see key/exists'],
    ['createVolumePermission could not be read', 'unknown'],
    ['createVolumePermission names no account', 'not applicable'],
    ['AWS left out the key, or it could not be read', 'unknown'],
    ['Key of an account outside the scope that DescribeKey did not show', 'unknown, naming the account'],
    ...sharedKeyStates,
  ],
  remediation: (snapshot) =>
    withItsKey(
      ebsShareRemediation(
        snapshot,
        'Take the share back from every account that is not to have the snapshot, close the key to it by its policy and grants, and treat what the snapshot held as known to it. For a broken share, admit the account to the key by its policy instead, or take the share back.',
      ),
      snapshot,
    ),
  appliesTo: ({ kind, details }) => whyNotJudged({ kind, details }) ?? true,
  evaluate: ({ encryption, sharedWith }, context) =>
    judgeSharedKey(
      {
        subject: 'snapshot',
        encryption,
        via: 'ec2',
        attribute: 'createVolumePermission',
        accounts: sharedWith,
        unshared: 'not shared with any account',
      },
      context,
    ),
});
