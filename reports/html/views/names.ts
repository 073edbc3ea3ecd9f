import type { ReportHeader } from '#model/report.js';
import type { Kind } from '#model/resources/index.js';

/** An account as people read it: its name and id, or the id alone. */
export function accountNames({ scope }: ReportHeader): (id: string) => string {
  const names = new Map(scope.accounts.map(({ id, name }) => [id, name]));
  return (id) => {
    const name = names.get(id);
    return name === undefined || name === null || name === '' ? id : `${name} (${id})`;
  };
}

const kindNames: Readonly<Record<Kind, readonly [singular: string, plural: string]>> = {
  'ebs.defaults': ['EBS defaults', 'EBS defaults'],
  'ebs.snapshot': ['EBS snapshot', 'EBS snapshots'],
  'ebs.volume': ['EBS volume', 'EBS volumes'],
  'ec2.image': ['machine image', 'machine images'],
  'ec2.launch-template': ['launch template', 'launch templates'],
  'kms.alias': ['KMS alias', 'KMS aliases'],
  'kms.custom-key-store': ['custom key store', 'custom key stores'],
  'kms.key': ['KMS key', 'KMS keys'],
  'rds.automated-backup': ['RDS automated backup', 'RDS automated backups'],
  'rds.cluster': ['RDS cluster', 'RDS clusters'],
  'rds.cluster-snapshot': ['RDS cluster snapshot', 'RDS cluster snapshots'],
  'rds.export-task': ['RDS export', 'RDS exports'],
  'rds.instance': ['RDS instance', 'RDS instances'],
  'rds.integration': ['zero-ETL integration', 'zero-ETL integrations'],
  'rds.snapshot': ['RDS snapshot', 'RDS snapshots'],
  's3.bucket': ['S3 bucket', 'S3 buckets'],
  's3.directory-bucket': ['S3 directory bucket', 'S3 directory buckets'],
};

/** The record's own value: a key such as `constructor` finds nothing that every object has. */
export function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** A kind in words; one that we have no words for by its id. */
export function kindName(kind: string, count = 1): string {
  return own<readonly [string, string]>(kindNames, kind)?.[count === 1 ? 0 : 1] ?? kind;
}
