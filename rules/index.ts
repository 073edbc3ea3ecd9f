// Generated from the files in rules/. Run `npm run generate` to update.
import type { Rule } from '#model/rule.js';
import ebsDefaultEncryption from './ebs/default-encryption.js';
import ebsSnapshotCrossRegionKey from './ebs/snapshot-cross-region-key.js';
import ebsSnapshotEncrypted from './ebs/snapshot-encrypted.js';
import ebsSnapshotNotPublic from './ebs/snapshot-not-public.js';
import ebsVolumeCmk from './ebs/volume-cmk.js';
import ebsVolumeEncrypted from './ebs/volume-encrypted.js';
import keyApproved from './key/approved.js';
import keyExists from './key/exists.js';
import keyTagMatch from './key/tag-match.js';
import keyTrustedAccount from './key/trusted-account.js';
import keyUsable from './key/usable.js';
import kmsAliasTargetUsable from './kms/alias-target-usable.js';
import kmsCustomStoreConnected from './kms/custom-store-connected.js';
import kmsDisabledWithDependants from './kms/disabled-with-dependants.js';
import kmsImportedMaterialExpiring from './kms/imported-material-expiring.js';
import kmsImportedMaterialMissing from './kms/imported-material-missing.js';
import kmsLastRotation from './kms/last-rotation.js';
import kmsMrkConsistent from './kms/mrk-consistent.js';
import kmsMrkPrimaryReachable from './kms/mrk-primary-reachable.js';
import kmsMrkRegionsApproved from './kms/mrk-regions-approved.js';
import kmsNotPendingDeletion from './kms/not-pending-deletion.js';
import kmsPolicyNotPublic from './kms/policy-not-public.js';
import kmsRotationEnabled from './kms/rotation-enabled.js';
import kmsRotationPeriod from './kms/rotation-period.js';
import kmsRotationStuck from './kms/rotation-stuck.js';
import kmsTagged from './kms/tagged.js';
import kmsUnused from './kms/unused.js';
import rdsClusterCmk from './rds/cluster-cmk.js';
import rdsClusterEncrypted from './rds/cluster-encrypted.js';
import rdsInstanceCmk from './rds/instance-cmk.js';
import rdsInstanceEncrypted from './rds/instance-encrypted.js';
import rdsSnapshotCrossRegionKey from './rds/snapshot-cross-region-key.js';
import rdsSnapshotEncrypted from './rds/snapshot-encrypted.js';
import rdsSnapshotNotPublic from './rds/snapshot-not-public.js';
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
  keyApproved,
  keyExists,
  keyTagMatch,
  keyTrustedAccount,
  keyUsable,
  kmsAliasTargetUsable,
  kmsCustomStoreConnected,
  kmsDisabledWithDependants,
  kmsImportedMaterialExpiring,
  kmsImportedMaterialMissing,
  kmsLastRotation,
  kmsMrkConsistent,
  kmsMrkPrimaryReachable,
  kmsMrkRegionsApproved,
  kmsNotPendingDeletion,
  kmsPolicyNotPublic,
  kmsRotationEnabled,
  kmsRotationPeriod,
  kmsRotationStuck,
  kmsTagged,
  kmsUnused,
  rdsClusterCmk,
  rdsClusterEncrypted,
  rdsInstanceCmk,
  rdsInstanceEncrypted,
  rdsSnapshotCrossRegionKey,
  rdsSnapshotEncrypted,
  rdsSnapshotNotPublic,
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
  | 'key/approved'
  | 'key/exists'
  | 'key/tag-match'
  | 'key/trusted-account'
  | 'key/usable'
  | 'kms/alias-target-usable'
  | 'kms/custom-store-connected'
  | 'kms/disabled-with-dependants'
  | 'kms/imported-material-expiring'
  | 'kms/imported-material-missing'
  | 'kms/last-rotation'
  | 'kms/mrk-consistent'
  | 'kms/mrk-primary-reachable'
  | 'kms/mrk-regions-approved'
  | 'kms/not-pending-deletion'
  | 'kms/policy-not-public'
  | 'kms/rotation-enabled'
  | 'kms/rotation-period'
  | 'kms/rotation-stuck'
  | 'kms/tagged'
  | 'kms/unused'
  | 'rds/cluster-cmk'
  | 'rds/cluster-encrypted'
  | 'rds/instance-cmk'
  | 'rds/instance-encrypted'
  | 'rds/snapshot-cross-region-key'
  | 'rds/snapshot-encrypted'
  | 'rds/snapshot-not-public'
  | 's3/bucket-key'
  | 's3/default-encryption'
  | 's3/default-encryption-cmk'
  | 's3/sse-c-blocked';
