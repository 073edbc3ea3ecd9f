import {
  customerManagedMessages,
  customerManagedStates,
  judgeCustomerManaged,
  mayBeCustomerManaged,
} from '#model/customer-managed.js';
import { judgedBlockStorage } from '#model/judged.js';
import { reencrypt } from '#model/reencrypt.js';
import { defineRule, keyLookup } from '#model/rule.js';

export default defineRule({
  id: 'ebs/volume-cmk',
  kind: 'ebs.volume',
  severity: 'medium',
  title: 'EBS volumes that need one are encrypted under a customer managed key',
  needs: ['details', 'encryption'],
  premises: ['encryption'],
  lookups: keyLookup,
  cmkRequired: 'condition',
  decidedBy: 'encryption',
  docs: {
    why: 'The policy of aws/ebs admits everybody in the account who may use EBS, and can be changed by nobody. Only a customer managed key can be closed to some, shared with another account, disabled or thrown away.',
    source: 'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html',
    waive: 'A volume that is replaced soon and whose data nobody beyond the account may ever need.',
  },
  messages: customerManagedMessages,
  states: [['Volume deleting or deleted', 'not applicable'], ...customerManagedStates],
  remediation: reencrypt,
  appliesTo: ({ encryption }) => mayBeCustomerManaged(encryption, 'ebs/volume-encrypted'),
  evaluate: (volume, context) => judgeCustomerManaged(judgedBlockStorage(volume), context),
});
