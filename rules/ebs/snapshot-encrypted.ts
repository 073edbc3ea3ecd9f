import { encryptedMessages, encryptedStates, judgeEncrypted } from '#model/encrypted.js';
import { judgedBlockStorage } from '#model/judged.js';
import { reencrypt } from '#model/reencrypt.js';
import { defineRule } from '#model/rule.js';

export default defineRule({
  id: 'ebs/snapshot-encrypted',
  kind: 'ebs.snapshot',
  severity: 'high',
  title: 'EBS snapshots are encrypted',
  needs: ['details', 'encryption'],
  decidedBy: 'encryption',
  docs: {
    why: 'A plain snapshot is a whole disk that one call shares with another account or with everybody; an encrypted one stays closed to whoever may not use its key. Snapshots outlive the volumes they were taken of.',
    source: 'https://docs.aws.amazon.com/ebs/latest/userguide/how-ebs-encryption-works.html',
    waive: 'A snapshot behind an image that is published on purpose: AWS does not let encrypted ones be public.',
  },
  messages: encryptedMessages,
  states: [['Snapshot in state error', 'not applicable'], ...encryptedStates],
  remediation: reencrypt,
  evaluate: (snapshot, context) => judgeEncrypted(judgedBlockStorage(snapshot), context),
});
