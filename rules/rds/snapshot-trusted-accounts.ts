import { serviceOf } from '#model/database.js';
import { databaseSubject } from '#model/judged.js';
import { defineRule } from '#model/rule.js';
import { shareRemediation, whyNotShareable } from '#model/shared-snapshot.js';

export default defineRule({
  id: 'rds/snapshot-trusted-accounts',
  kind: ['rds.snapshot', 'rds.cluster-snapshot'],
  severity: 'high',
  title: 'Database snapshots are shared with trusted accounts only',
  needs: ['details', 'restore'],
  premises: ['details'],
  docs: {
    why: 'An account that a snapshot is shared with can copy it, restore it and read the whole database, and keeps its copy when the sharing ends. Shares made for a migration or a supplier tend to be forgotten.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html',
    waive: 'A snapshot handed to a partner on purpose; name lasting partners in trustedAccounts instead.',
  },
  messages: {
    untrusted: 'The {subject} is shared with {accounts}, not among {trusted}.',
    trusted: 'The {subject} is shared with {accounts}, all among {trusted}.',
  },
  states: [
    ['SnapshotType other than manual', 'not applicable'],
    ['The attributes could not be read', 'unknown'],
    ['The restore attribute names no account, or all alone', 'not applicable'],
    ['It names an account that is not trusted', 'fail'],
    ['Whether an account is trusted could not be read', 'unknown'],
    ['It names trusted accounts only', 'pass'],
  ],
  remediation: (snapshot, facts) =>
    shareRemediation(
      snapshot,
      serviceOf(facts),
      'ACCOUNT_ID',
      'Take the accounts that the finding names out of the restore attribute, each in place of ACCOUNT_ID. Copies that they made stay theirs: treat what the snapshot held as disclosed to them.',
    ),
  appliesTo: ({ details }) => whyNotShareable(details) ?? true,
  evaluate: ({ kind, details, restore }, { pass, fail, unknown, notApplicable, trusts, trusted }) => {
    const { accounts } = restore;
    if (accounts.length === 0)
      return notApplicable(
        restore.all ? 'shared with everybody, with no account by its id: see rds/snapshot-not-public' : 'not shared',
      );
    const judged = accounts.map((id) => ({ id, trust: trusts({ kind: 'account', id }) }));
    const strangers = judged.filter(({ trust }) => trust.known && !trust.value).map(({ id }) => id);
    const subject = databaseSubject({ kind, details });
    const evidence = { Engine: details.engine, SnapshotType: details.type, accounts, untrusted: strangers };
    const facts = { expected: 'shared with trusted accounts only', evidence };
    if (strangers.length > 0) {
      const list = strangers.join(', ');
      return fail('untrusted', { ...facts, data: { subject, accounts: list, trusted }, actual: `shared with ${list}` });
    }
    const [open] = judged.flatMap(({ trust }) => (trust.known ? [] : [trust.missing]));
    if (open !== undefined) return unknown(open);
    const list = accounts.join(', ');
    return pass('trusted', { ...facts, data: { subject, accounts: list, trusted }, actual: `shared with ${list}` });
  },
});
