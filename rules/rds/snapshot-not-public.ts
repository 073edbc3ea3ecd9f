import { isUnderKms, serviceOf } from '#model/database.js';
import { databaseSubject } from '#model/judged.js';
import { defineRule } from '#model/rule.js';
import { shareRemediation, whyNotShareable } from '#model/shared-snapshot.js';

export default defineRule({
  id: 'rds/snapshot-not-public',
  kind: ['rds.snapshot', 'rds.cluster-snapshot'],
  severity: 'critical',
  title: 'Database snapshots are not public',
  needs: ['details'],
  premises: ['details'],
  wants: ['restore'],
  docs: {
    why: 'Everybody with an AWS account can list a public snapshot, restore it as a database of their own, and read all of it. RDS has no setting that blocks this for a region.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html',
    waive: 'A snapshot of an open data set that is published on purpose.',
  },
  messages: {
    encrypted: 'The {subject} is encrypted under a KMS key: AWS does not let it be public.',
    notPublic: 'The {subject} is not public: its restore attribute does not hold all.',
    public: 'The {subject} is public: its restore attribute holds all.',
  },
  states: [
    ['SnapshotType other than manual', 'not applicable'],
    ['StorageEncryptionType sse-kms', 'pass, whether the attribute was read or not'],
    ['The attributes could not be read', 'unknown'],
    ['The restore attribute holds all, alone or beside accounts', 'fail'],
    ['The restore attribute does not hold all', 'pass'],
  ],
  remediation: (snapshot, facts) =>
    shareRemediation(
      snapshot,
      serviceOf(facts),
      'all',
      'Take all out of the restore attribute; accounts that need the snapshot stay listed. Treat what it held as disclosed.',
    ),
  appliesTo: ({ details }) => whyNotShareable(details) ?? true,
  evaluate: ({ kind, details, restore }, { pass, fail, unknown }) => {
    const data = { subject: databaseSubject({ kind, details }) };
    const evidence = {
      Engine: details.engine,
      SnapshotType: details.type,
      StorageEncryptionType: details.encryptionType,
      all: restore.known ? restore.value.all : null,
    };
    const facts = { data, expected: 'not public', evidence };
    if (isUnderKms({ details })) return pass('encrypted', { ...facts, actual: 'not public' });
    if (!restore.known) return unknown(restore.missing);
    if (restore.value.all) return fail('public', { ...facts, actual: 'public' });
    return pass('notPublic', { ...facts, actual: 'not public' });
  },
});
