import { encryptedMessages, encryptedStates, judgeEncrypted } from '#model/encrypted.js';
import { judgedDatabase } from '#model/judged.js';
import { reencrypt } from '#model/reencrypt.js';
import { defineRule } from '#model/rule.js';

export default defineRule({
  id: 'rds/instance-encrypted',
  kind: 'rds.instance',
  severity: 'high',
  title: 'Database instances are encrypted',
  needs: ['details', 'encryption'],
  decidedBy: 'encryption',
  docs: {
    why: 'The storage, the logs, the automated backups and every snapshot of a plain instance are plain as well. It cannot be changed in place, so it is cheapest while the instance is small.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html',
    waive: 'An instance of test data that is thrown away soon.',
  },
  messages: encryptedMessages,
  states: [
    ['Member of an Aurora, Multi-AZ, Neptune or DocumentDB cluster', 'not applicable: judged at the cluster'],
    ...encryptedStates,
  ],
  remediation: reencrypt,
  evaluate: (instance, context) => judgeEncrypted(judgedDatabase(instance), context),
});
