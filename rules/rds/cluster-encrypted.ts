import { encryptedMessages, encryptedStates, judgeEncrypted } from '#model/encrypted.js';
import { judgedDatabase } from '#model/judged.js';
import { reencrypt } from '#model/reencrypt.js';
import { defineRule } from '#model/rule.js';

export default defineRule({
  id: 'rds/cluster-encrypted',
  kind: 'rds.cluster',
  severity: 'high',
  title: 'Database clusters are encrypted: Aurora, Multi-AZ, Neptune and DocumentDB',
  needs: ['details', 'encryption'],
  decidedBy: 'encryption',
  docs: {
    why: 'A cluster shares one volume among its instances, so all of them, their backups and their snapshots are as plain as it is. Aurora encrypts new clusters under a key that AWS owns since February 2026; older ones stay as they were.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html',
    waive: 'A cluster of test data that is thrown away soon.',
  },
  messages: encryptedMessages,
  states: encryptedStates,
  remediation: reencrypt,
  evaluate: (cluster, context) => judgeEncrypted(judgedDatabase(cluster), context),
});
