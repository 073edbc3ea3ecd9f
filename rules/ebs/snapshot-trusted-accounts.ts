import { whyNotJudged } from '#model/encryption.js';
import { defineRule, keyLookup } from '#model/rule.js';
import { ebsShareRemediation } from '#model/shared-snapshot.js';
import { judgeShares, shareMessages, shareStates } from '#model/shares.js';

export default defineRule({
  id: 'ebs/snapshot-trusted-accounts',
  kind: 'ebs.snapshot',
  severity: 'high',
  title: 'EBS snapshots are shared with trusted accounts only',
  needs: ['details', 'encryption'],
  premises: ['details'],
  wants: ['sharedWith'],
  lookups: keyLookup,
  // A call for each snapshot: the page says what that takes.
  recommended: false,
  docs: {
    why: 'A share lets another account copy the whole disk and keep the copy. Nothing in the console of either account reminds anybody of it, and it outlives the project that it was made for.',
    source: 'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html',
    waive:
      'A vendor who is to have the data, until the handover is done. One who is to have it always belongs into trustedAccounts.',
  },
  messages: shareMessages,
  states: [
    ['Snapshot in state error', 'not applicable'],
    ['Under an AWS managed key', 'not applicable: AWS does not let it be shared'],
    ['createVolumePermission could not be read', 'unknown'],
    ['createVolumePermission names no account', 'not applicable'],
    ['The key could not be read', 'unknown'],
    ...shareStates,
  ],
  remediation: (snapshot) =>
    ebsShareRemediation(
      snapshot,
      'Take the permission back from every account that is not to have it, and treat what the snapshot held as known to them. An encrypted snapshot needs the key closed to them as well.',
    ),
  appliesTo: ({ kind, details }) => whyNotJudged({ kind, details }) ?? true,
  evaluate: ({ details, encryption, sharedWith }, context) => {
    const { notApplicable, unknown, key } = context;
    const used = encryption.by === 'kms' && encryption.key !== null ? key(encryption.key) : null;
    if (used?.state === 'aws-managed') return notApplicable('under an AWS managed key: AWS does not let it be shared');
    if (!sharedWith.known) return unknown(sharedWith.missing);
    const accounts = sharedWith.value;
    if (accounts.length === 0) return notApplicable('not shared with any account');
    if (used?.state === 'unread') return unknown(used.missing);
    const evidence = { createVolumePermission: accounts, Encrypted: details.encrypted };
    const shares = accounts.map((id) => ({ party: { kind: 'account', id } as const, name: id }));
    return judgeShares(shares, { subject: 'snapshot', evidence }, context);
  },
});
