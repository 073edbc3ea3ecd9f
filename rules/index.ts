// Generated from the files in rules/. Run `npm run generate` to update.
import type { Rule } from '#model/rule.js';
import ebsDefaultEncryption from './ebs/default-encryption.js';
import ebsSnapshotCrossRegionKey from './ebs/snapshot-cross-region-key.js';
import ebsSnapshotEncrypted from './ebs/snapshot-encrypted.js';
import ebsSnapshotNotPublic from './ebs/snapshot-not-public.js';
import ebsVolumeCmk from './ebs/volume-cmk.js';
import ebsVolumeEncrypted from './ebs/volume-encrypted.js';
import keyAdmitsAccount from './key/admits-account.js';
import keyExists from './key/exists.js';
import keyUsable from './key/usable.js';
import kmsAliasPresent from './kms/alias-present.js';
import kmsGrantRedelegation from './kms/grant-redelegation.js';
import kmsGrantStale from './kms/grant-stale.js';
import kmsGrantTrusted from './kms/grant-trusted.js';
import kmsKeySpecApproved from './kms/key-spec-approved.js';
import kmsNotPendingDeletion from './kms/not-pending-deletion.js';
import kmsPolicyConfusedDeputy from './kms/policy-confused-deputy.js';
import kmsPolicyCreateGrantScoped from './kms/policy-create-grant-scoped.js';
import kmsPolicyLockout from './kms/policy-lockout.js';
import kmsPolicyNotPublic from './kms/policy-not-public.js';
import kmsPolicyOrphanPrincipal from './kms/policy-orphan-principal.js';
import kmsPolicySeparationOfDuties from './kms/policy-separation-of-duties.js';
import kmsPolicyTrustedAccounts from './kms/policy-trusted-accounts.js';
import kmsRotationEnabled from './kms/rotation-enabled.js';
import rdsActivityStreamKey from './rds/activity-stream-key.js';
import rdsAutomatedBackupEncrypted from './rds/automated-backup-encrypted.js';
import rdsClusterCmk from './rds/cluster-cmk.js';
import rdsClusterEncrypted from './rds/cluster-encrypted.js';
import rdsExportTaskKey from './rds/export-task-key.js';
import rdsInstanceCmk from './rds/instance-cmk.js';
import rdsInstanceEncrypted from './rds/instance-encrypted.js';
import rdsIntegrationKey from './rds/integration-key.js';
import rdsKeyAccessible from './rds/key-accessible.js';
import rdsMasterSecretKey from './rds/master-secret-key.js';
import rdsPerformanceInsightsKey from './rds/performance-insights-key.js';
import rdsReplicaKey from './rds/replica-key.js';
import rdsSnapshotCmk from './rds/snapshot-cmk.js';
import rdsSnapshotCrossRegionKey from './rds/snapshot-cross-region-key.js';
import rdsSnapshotEncrypted from './rds/snapshot-encrypted.js';
import rdsSnapshotNotPublic from './rds/snapshot-not-public.js';
import rdsSnapshotTrustedAccounts from './rds/snapshot-trusted-accounts.js';
import s3BucketKey from './s3/bucket-key.js';
import s3DefaultEncryption from './s3/default-encryption.js';
import s3DefaultEncryptionCmk from './s3/default-encryption-cmk.js';
import s3SseCBlocked from './s3/sse-c-blocked.js';

/** Every built-in rule, by id. */
export const rules: readonly Rule[] = [
  ebsDefaultEncryption,
  ebsSnapshotCrossRegionKey,
  ebsSnapshotEncrypted,
  ebsSnapshotNotPublic,
  ebsVolumeCmk,
  ebsVolumeEncrypted,
  keyAdmitsAccount,
  keyExists,
  keyUsable,
  kmsAliasPresent,
  kmsGrantRedelegation,
  kmsGrantStale,
  kmsGrantTrusted,
  kmsKeySpecApproved,
  kmsNotPendingDeletion,
  kmsPolicyConfusedDeputy,
  kmsPolicyCreateGrantScoped,
  kmsPolicyLockout,
  kmsPolicyNotPublic,
  kmsPolicyOrphanPrincipal,
  kmsPolicySeparationOfDuties,
  kmsPolicyTrustedAccounts,
  kmsRotationEnabled,
  rdsActivityStreamKey,
  rdsAutomatedBackupEncrypted,
  rdsClusterCmk,
  rdsClusterEncrypted,
  rdsExportTaskKey,
  rdsInstanceCmk,
  rdsInstanceEncrypted,
  rdsIntegrationKey,
  rdsKeyAccessible,
  rdsMasterSecretKey,
  rdsPerformanceInsightsKey,
  rdsReplicaKey,
  rdsSnapshotCmk,
  rdsSnapshotCrossRegionKey,
  rdsSnapshotEncrypted,
  rdsSnapshotNotPublic,
  rdsSnapshotTrustedAccounts,
  s3BucketKey,
  s3DefaultEncryption,
  s3DefaultEncryptionCmk,
  s3SseCBlocked,
];

/** Their ids: data that names a rule is checked by the compiler. */
export type RuleId =
  | 'ebs/default-encryption'
  | 'ebs/snapshot-cross-region-key'
  | 'ebs/snapshot-encrypted'
  | 'ebs/snapshot-not-public'
  | 'ebs/volume-cmk'
  | 'ebs/volume-encrypted'
  | 'key/admits-account'
  | 'key/exists'
  | 'key/usable'
  | 'kms/alias-present'
  | 'kms/grant-redelegation'
  | 'kms/grant-stale'
  | 'kms/grant-trusted'
  | 'kms/key-spec-approved'
  | 'kms/not-pending-deletion'
  | 'kms/policy-confused-deputy'
  | 'kms/policy-create-grant-scoped'
  | 'kms/policy-lockout'
  | 'kms/policy-not-public'
  | 'kms/policy-orphan-principal'
  | 'kms/policy-separation-of-duties'
  | 'kms/policy-trusted-accounts'
  | 'kms/rotation-enabled'
  | 'rds/activity-stream-key'
  | 'rds/automated-backup-encrypted'
  | 'rds/cluster-cmk'
  | 'rds/cluster-encrypted'
  | 'rds/export-task-key'
  | 'rds/instance-cmk'
  | 'rds/instance-encrypted'
  | 'rds/integration-key'
  | 'rds/key-accessible'
  | 'rds/master-secret-key'
  | 'rds/performance-insights-key'
  | 'rds/replica-key'
  | 'rds/snapshot-cmk'
  | 'rds/snapshot-cross-region-key'
  | 'rds/snapshot-encrypted'
  | 'rds/snapshot-not-public'
  | 'rds/snapshot-trusted-accounts'
  | 's3/bucket-key'
  | 's3/default-encryption'
  | 's3/default-encryption-cmk'
  | 's3/sse-c-blocked';
