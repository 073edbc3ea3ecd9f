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

export interface KmsKinds {
  'kms.key': {
    /** Alias names of the key, sorted; from one ListAliases chain for all keys. */
    aliases: readonly string[];
    metadata: KeyMetadata;
    rotation: KeyRotation | null;
    /** The key policy's text as AWS returned it. */
    policy: string;
  };
  'kms.alias': { details: AliasDetails };
}
