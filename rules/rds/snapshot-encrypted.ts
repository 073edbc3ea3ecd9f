import { encryptedMessages, encryptedStates, judgeEncrypted } from '#model/encrypted.js';
import { judgedDatabase } from '#model/judged.js';
import { reencrypt } from '#model/reencrypt.js';
import { defineRule } from '#model/rule.js';

export default defineRule({
  id: 'rds/snapshot-encrypted',
  kind: ['rds.snapshot', 'rds.cluster-snapshot'],
  severity: 'high',
  title: 'Database snapshots are encrypted',
  needs: ['details', 'encryption'],
  decidedBy: 'encryption',
  docs: {
    why: 'A plain snapshot is a whole database that one call shares with another account or with everybody; an encrypted one stays closed to whoever may not use its key. Manual snapshots outlive the databases they were taken of.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html',
    waive: 'A snapshot of public data, or an automated one that goes with its retention once the database is encrypted.',
  },
  messages: encryptedMessages,
  states: encryptedStates,
  remediation: reencrypt,
  evaluate: (snapshot, context) => judgeEncrypted(judgedDatabase(snapshot), context),
});
