import { encryptedMessages, encryptedStates, judgeEncrypted } from '#model/encrypted.js';
import { judgedBlockStorage } from '#model/judged.js';
import { reencrypt } from '#model/reencrypt.js';
import { defineRule } from '#model/rule.js';

export default defineRule({
  id: 'ebs/volume-encrypted',
  kind: 'ebs.volume',
  severity: 'high',
  title: 'EBS volumes are encrypted, attached or not',
  needs: ['details', 'encryption'],
  decidedBy: 'encryption',
  docs: {
    why: 'Every snapshot and every volume made from a plain volume is plain again, and can be shared with anybody. A volume that nothing is attached to holds its data all the same.',
    source: 'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html',
    waive: 'A volume of public data only, such as a mirror of an open data set.',
  },
  messages: encryptedMessages,
  states: [['Volume deleting or deleted', 'not applicable'], ...encryptedStates],
  remediation: reencrypt,
  evaluate: (volume, context) => judgeEncrypted(judgedBlockStorage(volume), context),
});
