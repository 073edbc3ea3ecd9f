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
  id: 'ebs/snapshot-cmk',
  kind: 'ebs.snapshot',
  severity: 'medium',
  title: 'EBS snapshots that need one are encrypted under a customer managed key',
  needs: ['details', 'encryption'],
  premises: ['encryption'],
  lookups: keyLookup,
  cmkRequired: 'condition',
  decidedBy: 'encryption',
  docs: {
    why: 'A snapshot under aws/ebs opens to everybody in the account who may use EBS, and can be restored in no other account. Under a customer managed key it can be closed to some, and its data be thrown away with the key when its time is over.',
    source: 'https://docs.aws.amazon.com/ebs/latest/userguide/how-ebs-encryption-works.html',
    waive: 'A snapshot that is deleted soon and whose data nobody beyond the account may ever need.',
  },
  messages: customerManagedMessages,
  states: [['Snapshot in state error', 'not applicable'], ...customerManagedStates],
  remediation: reencrypt,
  appliesTo: ({ encryption }) => mayBeCustomerManaged(encryption, 'ebs/snapshot-encrypted'),
  evaluate: (snapshot, context) => judgeCustomerManaged(judgedBlockStorage(snapshot), context),
});
