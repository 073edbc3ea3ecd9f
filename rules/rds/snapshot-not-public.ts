import { databaseSubject } from '#model/judged.js';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';
import { terraformString } from '#model/terraform.js';

export default defineRule({
  id: 'rds/snapshot-not-public',
  kind: ['rds.snapshot', 'rds.cluster-snapshot'],
  severity: 'critical',
  title: 'Database snapshots are not public',
  needs: ['details', 'public'],
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
    ['StorageEncryptionType sse-kms', 'pass, without a call'],
    ['The restore attribute holds all, alone or beside accounts', 'fail'],
    ['The restore attribute does not hold all', 'pass'],
    ['The attributes could not be read', 'unknown'],
  ],
  remediation: ({ kind, name, region }) => {
    const [at, id, written] = [shellQuote(region), shellQuote(name), terraformString(name)];
    const text =
      'Take all out of the restore attribute; accounts that need the snapshot stay listed. Treat what it held as disclosed.';
    if (kind === 'rds.snapshot') {
      return {
        text,
        cli: `aws rds modify-db-snapshot-attribute --region ${at} --db-snapshot-identifier ${id} --attribute-name restore --values-to-remove all`,
        terraform: `resource "aws_db_snapshot" "this" {\n  db_instance_identifier = var.instance\n  db_snapshot_identifier = ${written}\n  shared_accounts        = []\n}`,
      };
    }
    return {
      text,
      cli: `aws rds modify-db-cluster-snapshot-attribute --region ${at} --db-cluster-snapshot-identifier ${id} --attribute-name restore --values-to-remove all`,
      terraform: `resource "aws_db_cluster_snapshot" "this" {\n  db_cluster_identifier          = var.cluster\n  db_cluster_snapshot_identifier = ${written}\n  shared_accounts                = []\n}`,
    };
  },
  evaluate: ({ kind, details, public: sharing }, { pass, fail }) => {
    const data = { subject: databaseSubject({ kind, details }) };
    const evidence = { Engine: details.engine, SnapshotType: details.type, public: sharing.public, seenBy: sharing.seenBy };
    const facts = { data, expected: 'not public', evidence };
    if (sharing.public) return fail('public', { ...facts, actual: 'public' });
    return pass(sharing.seenBy === 'encrypted' ? 'encrypted' : 'notPublic', { ...facts, actual: 'not public' });
  },
});
