import type { Tags } from './tags.js';

/** DescribeKey, projected. https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html */
export interface KeyMetadata {
  readonly keyId: string;
  readonly manager: 'AWS' | 'CUSTOMER';
  readonly state: string;
  readonly spec: string | null;
  readonly usage: string | null;
  readonly origin: string | null;
  readonly createdAt: string | null;
  readonly deletionAt: string | null;
  readonly pendingDeletionWindowDays: number | null;
  readonly description: string;
  readonly multiRegion: MultiRegion | null;
  /** When the first of its imported materials expires; null: none does. */
  readonly validTo: string | null;
  readonly customKeyStoreId: string | null;
}

export interface MultiRegion {
  readonly role: 'PRIMARY' | 'REPLICA' | null;
  readonly primaryArn: string | null;
  readonly primaryRegion: string | null;
  readonly replicas: readonly { readonly arn: string; readonly region: string }[];
}

/** GetKeyRotationStatus; null where AWS says that the key cannot rotate by itself. */
export interface KeyRotation {
  readonly enabled: boolean;
  readonly periodDays: number | null;
  readonly nextAt: string | null;
  readonly onDemandStartedAt: string | null;
}

/** An entry of ListKeyRotations with all key material. https://docs.aws.amazon.com/kms/latest/APIReference/API_RotationsListEntry.html */
export interface KeyMaterial {
  readonly id: string | null;
  readonly description: string | null;
  readonly state: string | null;
  readonly importState: string | null;
  readonly validTo: string | null;
  /** Null for the first material, and for one that the key was not rotated to yet. */
  readonly rotatedAt: string | null;
  readonly rotationType: string | null;
}

/** GetKeyLastUsage. Primary and replicas of a multi-Region key are counted each by itself. */
export interface KeyLastUsage {
  readonly usedAt: string | null;
  readonly operation: string | null;
  /** Since when KMS records the use of this key. */
  readonly trackedSince: string | null;
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_CustomKeyStoresListEntry.html */
export interface CustomKeyStoreDetails {
  readonly state: string | null;
  readonly errorCode: string | null;
  readonly type: string | null;
}

export interface AliasDetails {
  readonly target: string | null;
  readonly updatedAt: string | null;
}

/** An entry of ListGrants. https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html */
export interface KeyGrant {
  readonly id: string;
  /** `Decrypt`, without the prefix of an action. */
  readonly operations: readonly string[];
  readonly granteePrincipal: string | null;
  readonly granteeServicePrincipal: string | null;
  readonly retiringPrincipal: string | null;
  readonly retiringServicePrincipal: string | null;
  readonly issuingAccount: string | null;
  readonly createdAt: string | null;
  /** The names of its constraints, such as `EncryptionContextEquals`; those without content left out. */
  readonly constraints: readonly string[];
}

export interface KmsKinds {
  'kms.key': {
    /** Alias names of the key, sorted; from one ListAliases chain for all keys. */
    aliases: readonly string[];
    metadata: KeyMetadata;
    rotation: KeyRotation | null;
    /** The key policy's text as AWS returned it. */
    policy: string;
    /** Every grant of the key, by id; from a chain of pages. */
    grants: readonly KeyGrant[];
    /** Null where AWS says that the key has one material for good. */
    rotations: readonly KeyMaterial[] | null;
    tags: Tags;
    /** Asked after the cells, and only of keys that nothing in the run depends on. */
    lastUsage: KeyLastUsage;
  };
  'kms.alias': { details: AliasDetails };
  'kms.custom-key-store': { details: CustomKeyStoreDetails };
}
