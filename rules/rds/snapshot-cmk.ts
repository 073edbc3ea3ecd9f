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
  id: 'rds/snapshot-cmk',
  kind: ['rds.snapshot', 'rds.cluster-snapshot'],
  severity: 'medium',
  title: 'Database snapshots that need one are encrypted under a customer managed key',
  needs: ['details', 'encryption'],
  premises: ['encryption'],
  lookups: keyLookup,
  cmkRequired: 'condition',
  decidedBy: 'encryption',
  docs: {
    why: 'A snapshot under aws/rds can be shared with no other account, not even to rescue it from an account that is lost, and the policy of that key can be changed by nobody. Only a customer managed key says who may restore it.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/share-encrypted-snapshot.html',
    waive: 'An automated snapshot that goes with its retention, of a database that is under a customer managed key by now.',
  },
  messages: customerManagedMessages,
  states: customerManagedStates,
  remediation: reencrypt,
  appliesTo: ({ encryption }) => mayBeCustomerManaged(encryption, 'rds/snapshot-encrypted'),
  evaluate: (snapshot, context) => judgeCustomerManaged(judgedDatabase(snapshot), context),
});
