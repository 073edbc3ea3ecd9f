import { known } from '#model/attempt.js';
import { serviceOf } from '#model/database.js';
import { databaseSubject } from '#model/judged.js';
import { defineRule } from '#model/rule.js';
import { shareRemediation, whyNotShareable, withItsKey } from '#model/shared-snapshot.js';
import { judgeSharedKey, sharedKeyMessages, sharedKeyStates } from '#policy/shared-key.js';

export default defineRule({
  id: 'rds/snapshot-shared-decryptable',
  kind: ['rds.snapshot', 'rds.cluster-snapshot'],
  severity: 'high',
  title: 'The key of a shared database snapshot admits every account that it is shared with, all of them trusted',
  needs: ['details', 'encryption'],
  premises: ['details'],
  wants: ['restore'],
  lookups: { 'kms.key': ['metadata', 'aliases', 'policy', 'grants'] },
  docs: {
    why: 'An encrypted snapshot opens with two keys: the share and the KMS key. Where both are open to an account that is not trusted, it can read the whole database. Where the share is open and the key is closed, a copy that somebody counts on, say for recovery, cannot be restored.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/share-encrypted-snapshot.html',
    waive:
      'A snapshot handed to a partner on purpose; or a share whose key was closed on purpose, until the share is taken back.',
  },
  messages: sharedKeyMessages,
  states: [
    ['SnapshotType other than manual', 'not applicable'],
    ['Unencrypted, or under a key that AWS owns', 'not applicable'],
    ['Under an AWS managed key', 'not applicable: AWS does not let it be shared'],
    ['The key is gone', 'not applicable: see key/exists'],
    ['The attributes could not be read', 'unknown'],
    ['The restore attribute names no account, or all alone', 'not applicable'],
    ['AWS left out how it is encrypted or the key, or the key could not be read', 'unknown'],
    ['Key of an account outside the scope that DescribeKey did not show', 'unknown, naming the account'],
    ...sharedKeyStates,
  ],
  remediation: (snapshot, facts) =>
    withItsKey(
      shareRemediation(
        snapshot,
        serviceOf(facts),
        'ACCOUNT_ID',
        'Take every account that is not to have the snapshot out of the restore attribute, each in place of ACCOUNT_ID, close the key to it by its policy and grants, and treat what the snapshot held as known to it. For a broken share, admit the account to the key by its policy instead, or take the share back.',
      ),
      snapshot,
    ),
  appliesTo: ({ details }) => whyNotShareable(details) ?? true,
  evaluate: ({ kind, details, encryption, restore }, context) =>
    judgeSharedKey(
      {
        subject: databaseSubject({ kind, details }),
        encryption,
        via: 'rds',
        attribute: 'restore',
        accounts: restore.known ? known(restore.value.accounts) : restore,
        unshared:
          restore.known && restore.value.all
            ? 'shared with everybody, with no account by its id: see rds/snapshot-not-public'
            : 'not shared',
      },
      context,
    ),
});
