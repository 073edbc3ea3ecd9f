import type { GrantConstraints, GrantListEntry, KeyMetadata as SdkKeyMetadata, RotationsListEntry } from '@aws-sdk/client-kms';
import type { KeyGrant, KeyMaterial, KeyMetadata } from '#model/resources/index.js';
import { AbsentField } from '../../service.js';

export function projectGrant(grant: GrantListEntry): KeyGrant {
  return {
    id: grant.GrantId ?? '',
    operations: grant.Operations ?? [],
    granteePrincipal: grant.GranteePrincipal ?? null,
    granteeServicePrincipal: grant.GranteeServicePrincipal ?? null,
    retiringPrincipal: grant.RetiringPrincipal ?? null,
    retiringServicePrincipal: grant.RetiringServicePrincipal ?? null,
    issuingAccount: grant.IssuingAccount ?? null,
    createdAt: grant.CreationDate?.toISOString() ?? null,
    constraints: constraintNames(grant.Constraints),
  };
}

/** An empty encryption context constrains nothing. What is in one is nobody's business here. */
function constraintNames(constraints: GrantConstraints = {}): readonly string[] {
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset, SourceArn } = constraints;
  const some = (context: Record<string, string> | undefined) => Object.keys(context ?? {}).length > 0;
  return [
    ...(some(equals) ? ['EncryptionContextEquals'] : []),
    ...(some(subset) ? ['EncryptionContextSubset'] : []),
    ...(SourceArn === undefined || SourceArn === '' ? [] : ['SourceArn']),
  ];
}

export function projectMaterial(entry: RotationsListEntry): KeyMaterial {
  return {
    id: entry.KeyMaterialId ?? null,
    description: entry.KeyMaterialDescription || null,
    state: entry.KeyMaterialState ?? null,
    importState: entry.ImportState ?? null,
    validTo: entry.ValidTo?.toISOString() ?? null,
    rotatedAt: entry.RotationDate?.toISOString() ?? null,
    rotationType: entry.RotationType ?? null,
  };
}

/** DescribeKey's answer, projected; a lesser field that AWS leaves out is null. */
export function projectMetadata(metadata: SdkKeyMetadata | undefined): KeyMetadata | AbsentField {
  if (metadata?.KeyManager === undefined) return new AbsentField('KeyManager');
  if (metadata.KeyState === undefined) return new AbsentField('KeyState');
  const multiRegion = metadata.MultiRegionConfiguration;
  return {
    keyId: metadata.KeyId ?? '',
    manager: metadata.KeyManager,
    state: metadata.KeyState,
    spec: metadata.KeySpec ?? null,
    usage: metadata.KeyUsage ?? null,
    origin: metadata.Origin ?? null,
    createdAt: metadata.CreationDate?.toISOString() ?? null,
    deletionAt: metadata.DeletionDate?.toISOString() ?? null,
    pendingDeletionWindowDays: metadata.PendingDeletionWindowInDays ?? null,
    description: metadata.Description ?? '',
    multiRegion:
      multiRegion === undefined
        ? null
        : {
            role: multiRegion.MultiRegionKeyType ?? null,
            primaryArn: multiRegion.PrimaryKey?.Arn ?? null,
            primaryRegion: multiRegion.PrimaryKey?.Region ?? null,
            replicas: (multiRegion.ReplicaKeys ?? []).map(({ Arn, Region }) => ({ arn: Arn ?? '', region: Region ?? '' })),
          },
    validTo: metadata.ValidTo?.toISOString() ?? null,
    customKeyStoreId: metadata.CustomKeyStoreId ?? null,
  };
}
