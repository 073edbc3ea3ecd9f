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
  id: 'rds/cluster-cmk',
  kind: 'rds.cluster',
  severity: 'medium',
  title: 'Database clusters that need one are encrypted under a customer managed key: Aurora, Multi-AZ, Neptune and DocumentDB',
  needs: ['details', 'encryption'],
  premises: ['encryption'],
  lookups: keyLookup,
  cmkRequired: 'condition',
  decidedBy: 'encryption',
  docs: {
    why: 'A key that AWS owns or manages has no policy of yours: it can be closed to nobody, and snapshots under it cannot be shared with another account. Only a customer managed key says who may restore a cluster.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.Keys.html',
    waive: 'A cluster that is replaced soon and whose snapshots never leave the account.',
  },
  messages: customerManagedMessages,
  states: customerManagedStates,
  remediation: reencrypt,
  appliesTo: ({ encryption }) => mayBeCustomerManaged(encryption, 'rds/cluster-encrypted'),
  evaluate: (cluster, context) => judgeCustomerManaged(judgedDatabase(cluster), context),
});
