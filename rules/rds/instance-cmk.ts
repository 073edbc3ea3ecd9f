import {
  customerManagedMessages,
  customerManagedStates,
  judgeCustomerManaged,
  mayBeCustomerManaged,
} from '#model/customer-managed.js';
import { judgedDatabase } from '#model/judged.js';
import { reencrypt } from '#model/reencrypt.js';
import { defineRule, keyLookup } from '#model/rule.js';

export default defineRule({
  id: 'rds/instance-cmk',
  kind: 'rds.instance',
  severity: 'medium',
  title: 'Database instances that need one are encrypted under a customer managed key',
  needs: ['details', 'encryption'],
  premises: ['encryption'],
  lookups: keyLookup,
  cmkRequired: 'condition',
  decidedBy: 'encryption',
  docs: {
    why: 'The policy of aws/rds can be changed by nobody, and snapshots under it cannot be shared with another account, not even to rescue them. Only a customer managed key says who may restore a database.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html',
    waive: 'An instance that is replaced soon and whose snapshots never leave the account.',
  },
  messages: customerManagedMessages,
  states: [
    ['Member of an Aurora, Multi-AZ, Neptune or DocumentDB cluster', 'not applicable: judged at the cluster'],
    ...customerManagedStates,
  ],
  remediation: reencrypt,
  appliesTo: ({ encryption }) => mayBeCustomerManaged(encryption, 'rds/instance-encrypted'),
  evaluate: (instance, context) => judgeCustomerManaged(judgedDatabase(instance), context),
});
