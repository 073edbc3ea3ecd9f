import { expect, test } from 'vitest';
import { keyCommand } from '#model/key-command.js';
import { withoutItsKey } from '#model/key-loss.js';
import { automatedBackup, home } from '../support/resources.js';

const backup = (of: 'instance' | 'cluster') => {
  const { record } = automatedBackup('ab-1', { of });
  return { ...home, kind: 'rds.automated-backup' as const, arn: record.arn, name: record.name };
};

test('the key of a backup is shown by the list that it is on', () => {
  expect(keyCommand(backup('instance'))).toContain(
    "aws rds describe-db-instance-automated-backups --db-instance-automated-backups-arn arn:aws:rds:us-east-1:111111111111:auto-backup:ab-1 --region us-east-1 --query 'DBInstanceAutomatedBackups[0].KmsKeyId'",
  );
  expect(keyCommand(backup('cluster'))).toContain(
    "aws rds describe-db-cluster-automated-backups --db-cluster-identifier db-1 --region us-east-1 --query 'DBClusterAutomatedBackups[0].KmsKeyId'",
  );
});

test('without its key, snapshots of the same database are looked for', () => {
  const ofInstance = withoutItsKey(backup('instance'));
  expect(ofInstance.cli).toContain('aws rds describe-db-snapshots --region us-east-1 --db-instance-identifier db-1');
  expect(ofInstance.terraform).toContain('resource "aws_db_instance"');
  const ofCluster = withoutItsKey(backup('cluster'));
  expect(ofCluster.cli).toContain('aws rds describe-db-cluster-snapshots --region us-east-1 --db-cluster-identifier db-1');
  expect(ofCluster.terraform).toContain('resource "aws_rds_cluster"');
});
