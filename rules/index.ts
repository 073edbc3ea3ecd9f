// Generated from the files in rules/. Run `npm run generate` to update.
import type { Rule } from '#model/rule.js';
import ebsDefaultEncryption from './ebs/default-encryption.js';
import ebsDefaultKeyCmk from './ebs/default-key-cmk.js';
import ebsDefaultKeyUsable from './ebs/default-key-usable.js';
import ebsSnapshotBlockPublicAccess from './ebs/snapshot-block-public-access.js';
import ebsSnapshotCmk from './ebs/snapshot-cmk.js';
import ebsSnapshotCrossRegionKey from './ebs/snapshot-cross-region-key.js';
import ebsSnapshotEncrypted from './ebs/snapshot-encrypted.js';
import ebsSnapshotNotPublic from './ebs/snapshot-not-public.js';
import ebsSnapshotOrphanUnencrypted from './ebs/snapshot-orphan-unencrypted.js';
import ebsSnapshotSharedDecryptable from './ebs/snapshot-shared-decryptable.js';
import ebsSnapshotTrustedAccounts from './ebs/snapshot-trusted-accounts.js';
import ebsVolumeCmk from './ebs/volume-cmk.js';
import ebsVolumeDefaultKey from './ebs/volume-default-key.js';
import ebsVolumeEncrypted from './ebs/volume-encrypted.js';
import ebsVolumePlaintextAncestor from './ebs/volume-plaintext-ancestor.js';
import ec2AmiBlockPublicAccess from './ec2/ami-block-public-access.js';
import ec2AmiEncrypted from './ec2/ami-encrypted.js';
import ec2AmiNotPublic from './ec2/ami-not-public.js';
import ec2AmiTrustedAccounts from './ec2/ami-trusted-accounts.js';
import ec2LaunchTemplateEncrypted from './ec2/launch-template-encrypted.js';
import keyAdmitsAccount from './key/admits-account.js';
import keyApproved from './key/approved.js';
import keyExists from './key/exists.js';
import keyTagMatch from './key/tag-match.js';
import keyTrustedAccount from './key/trusted-account.js';
import keyUsable from './key/usable.js';
import kmsAliasPresent from './kms/alias-present.js';
import kmsAliasTargetUsable from './kms/alias-target-usable.js';
import kmsCustomStoreConnected from './kms/custom-store-connected.js';
import kmsDisabledWithDependants from './kms/disabled-with-dependants.js';
import kmsGrantRedelegation from './kms/grant-redelegation.js';
import kmsGrantStale from './kms/grant-stale.js';
import kmsGrantTrusted from './kms/grant-trusted.js';
import kmsImportedMaterialExpiring from './kms/imported-material-expiring.js';
import kmsImportedMaterialMissing from './kms/imported-material-missing.js';
import kmsKeySpecApproved from './kms/key-spec-approved.js';
import kmsLastRotation from './kms/last-rotation.js';
import kmsMrkConsistent from './kms/mrk-consistent.js';
import kmsMrkPrimaryReachable from './kms/mrk-primary-reachable.js';
import kmsMrkRegionsApproved from './kms/mrk-regions-approved.js';
import kmsNotPendingDeletion from './kms/not-pending-deletion.js';
import kmsPolicyConfusedDeputy from './kms/policy-confused-deputy.js';
import kmsPolicyCreateGrantScoped from './kms/policy-create-grant-scoped.js';
import kmsPolicyLockout from './kms/policy-lockout.js';
import kmsPolicyNotPublic from './kms/policy-not-public.js';
import kmsPolicyOrphanPrincipal from './kms/policy-orphan-principal.js';
import kmsPolicySeparationOfDuties from './kms/policy-separation-of-duties.js';
import kmsPolicyTrustedAccounts from './kms/policy-trusted-accounts.js';
import kmsRotationEnabled from './kms/rotation-enabled.js';
import kmsRotationPeriod from './kms/rotation-period.js';
import kmsRotationStuck from './kms/rotation-stuck.js';
import kmsTagged from './kms/tagged.js';
import kmsUnused from './kms/unused.js';
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
import rdsSnapshotSharedDecryptable from './rds/snapshot-shared-decryptable.js';
import rdsSnapshotTrustedAccounts from './rds/snapshot-trusted-accounts.js';
import s3BucketKey from './s3/bucket-key.js';
import s3DefaultEncryption from './s3/default-encryption.js';
import s3DefaultEncryptionCmk from './s3/default-encryption-cmk.js';
import s3DefaultEncryptionKms from './s3/default-encryption-kms.js';
import s3DefaultKeyArn from './s3/default-key-arn.js';
import s3DefaultKeyRegion from './s3/default-key-region.js';
import s3Dsse from './s3/dsse.js';
import s3InventoryEncrypted from './s3/inventory-encrypted.js';
import s3LogTargetDeliverable from './s3/log-target-deliverable.js';
import s3ObjectsMatchDefault from './s3/objects-match-default.js';
import s3PolicyDefaultConflict from './s3/policy-default-conflict.js';
import s3PolicyEnforcesEncryption from './s3/policy-enforces-encryption.js';
import s3PolicyNoExternalEncryptionChange from './s3/policy-no-external-encryption-change.js';
import s3ReplicationKey from './s3/replication-key.js';
import s3SseCBlocked from './s3/sse-c-blocked.js';
import s3TlsOnly from './s3/tls-only.js';

/** Every built-in rule, by id. */
export const rules: readonly Rule[] = [
  ebsDefaultEncryption,
  ebsDefaultKeyCmk,
  ebsDefaultKeyUsable,
  ebsSnapshotBlockPublicAccess,
  ebsSnapshotCmk,
  ebsSnapshotCrossRegionKey,
  ebsSnapshotEncrypted,
  ebsSnapshotNotPublic,
  ebsSnapshotOrphanUnencrypted,
  ebsSnapshotSharedDecryptable,
  ebsSnapshotTrustedAccounts,
  ebsVolumeCmk,
  ebsVolumeDefaultKey,
  ebsVolumeEncrypted,
  ebsVolumePlaintextAncestor,
  ec2AmiBlockPublicAccess,
  ec2AmiEncrypted,
  ec2AmiNotPublic,
  ec2AmiTrustedAccounts,
  ec2LaunchTemplateEncrypted,
  keyAdmitsAccount,
  keyApproved,
  keyExists,
  keyTagMatch,
  keyTrustedAccount,
  keyUsable,
  kmsAliasPresent,
  kmsAliasTargetUsable,
  kmsCustomStoreConnected,
  kmsDisabledWithDependants,
  kmsGrantRedelegation,
  kmsGrantStale,
  kmsGrantTrusted,
  kmsImportedMaterialExpiring,
  kmsImportedMaterialMissing,
  kmsKeySpecApproved,
  kmsLastRotation,
  kmsMrkConsistent,
  kmsMrkPrimaryReachable,
  kmsMrkRegionsApproved,
  kmsNotPendingDeletion,
  kmsPolicyConfusedDeputy,
  kmsPolicyCreateGrantScoped,
  kmsPolicyLockout,
  kmsPolicyNotPublic,
  kmsPolicyOrphanPrincipal,
  kmsPolicySeparationOfDuties,
  kmsPolicyTrustedAccounts,
  kmsRotationEnabled,
  kmsRotationPeriod,
  kmsRotationStuck,
  kmsTagged,
  kmsUnused,
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
  rdsSnapshotSharedDecryptable,
  rdsSnapshotTrustedAccounts,
  s3BucketKey,
  s3DefaultEncryption,
  s3DefaultEncryptionCmk,
  s3DefaultEncryptionKms,
  s3DefaultKeyArn,
  s3DefaultKeyRegion,
  s3Dsse,
  s3InventoryEncrypted,
  s3LogTargetDeliverable,
  s3ObjectsMatchDefault,
  s3PolicyDefaultConflict,
  s3PolicyEnforcesEncryption,
  s3PolicyNoExternalEncryptionChange,
  s3ReplicationKey,
  s3SseCBlocked,
  s3TlsOnly,
];

/** Their ids: data that names a rule is checked by the compiler. */
export type RuleId =
  | 'ebs/default-encryption'
  | 'ebs/default-key-cmk'
  | 'ebs/default-key-usable'
  | 'ebs/snapshot-block-public-access'
  | 'ebs/snapshot-cmk'
  | 'ebs/snapshot-cross-region-key'
  | 'ebs/snapshot-encrypted'
  | 'ebs/snapshot-not-public'
  | 'ebs/snapshot-orphan-unencrypted'
  | 'ebs/snapshot-shared-decryptable'
  | 'ebs/snapshot-trusted-accounts'
  | 'ebs/volume-cmk'
  | 'ebs/volume-default-key'
  | 'ebs/volume-encrypted'
  | 'ebs/volume-plaintext-ancestor'
  | 'ec2/ami-block-public-access'
  | 'ec2/ami-encrypted'
  | 'ec2/ami-not-public'
  | 'ec2/ami-trusted-accounts'
  | 'ec2/launch-template-encrypted'
  | 'key/admits-account'
  | 'key/approved'
  | 'key/exists'
  | 'key/tag-match'
  | 'key/trusted-account'
  | 'key/usable'
  | 'kms/alias-present'
  | 'kms/alias-target-usable'
  | 'kms/custom-store-connected'
  | 'kms/disabled-with-dependants'
  | 'kms/grant-redelegation'
  | 'kms/grant-stale'
  | 'kms/grant-trusted'
  | 'kms/imported-material-expiring'
  | 'kms/imported-material-missing'
  | 'kms/key-spec-approved'
  | 'kms/last-rotation'
  | 'kms/mrk-consistent'
  | 'kms/mrk-primary-reachable'
  | 'kms/mrk-regions-approved'
  | 'kms/not-pending-deletion'
  | 'kms/policy-confused-deputy'
  | 'kms/policy-create-grant-scoped'
  | 'kms/policy-lockout'
  | 'kms/policy-not-public'
  | 'kms/policy-orphan-principal'
  | 'kms/policy-separation-of-duties'
  | 'kms/policy-trusted-accounts'
  | 'kms/rotation-enabled'
  | 'kms/rotation-period'
  | 'kms/rotation-stuck'
  | 'kms/tagged'
  | 'kms/unused'
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
  | 'rds/snapshot-shared-decryptable'
  | 'rds/snapshot-trusted-accounts'
  | 's3/bucket-key'
  | 's3/default-encryption'
  | 's3/default-encryption-cmk'
  | 's3/default-encryption-kms'
  | 's3/default-key-arn'
  | 's3/default-key-region'
  | 's3/dsse'
  | 's3/inventory-encrypted'
  | 's3/log-target-deliverable'
  | 's3/objects-match-default'
  | 's3/policy-default-conflict'
  | 's3/policy-enforces-encryption'
  | 's3/policy-no-external-encryption-change'
  | 's3/replication-key'
  | 's3/sse-c-blocked'
  | 's3/tls-only';
