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
  };
  'kms.alias': { details: AliasDetails };
}
