import type { BucketEncryption, Kind, Kinds, RdsStorage, TemplateVersion } from './resources/index.js';

/** How a resource is encrypted at rest: one meaning for all services. */
export type Encryption =
  | { readonly by: 'none' }
  /** A key that AWS owns and shows nobody: SSE-S3, sse-rds, sse-ebs. */
  | { readonly by: 'aws-owned'; readonly mode: string }
  /** `key` as the service wrote it; null when AWS left it out of the answer. */
  | {
      readonly by: 'kms';
      readonly key: string | null;
      readonly mode: string;
      readonly checkedOnWrite: boolean;
      /** Instances that hold a volume's data key in memory: their I/O goes on whatever becomes of the key. */
      readonly attachedTo?: readonly string[];
    }
  /** The file system's or vault's own key decides: no level of its own. */
  | { readonly by: 'service'; readonly mode: string }
  /** No rule judges it: a cluster's member, a volume on its way out, a failed snapshot. `key`: what it still depends on. */
  | { readonly by: 'not-judged'; readonly reason: string; readonly key: string | null }
  /** AWS left out the field that says it, or wrote a value that this version does not know. */
  | { readonly by: 'unknown'; readonly field: string; readonly written: string | null };

/** The facet that holds the storage key of each kind that has one. */
export const keyFacets = {
  'ebs.defaults': 'defaultKey',
  'ebs.snapshot': 'details',
  'ebs.volume': 'details',
  'ec2.launch-template': 'versions',
  'rds.automated-backup': 'details',
  'rds.cluster': 'details',
  'rds.cluster-snapshot': 'details',
  'rds.instance': 'details',
  'rds.snapshot': 'details',
  's3.bucket': 'defaultEncryption',
  's3.directory-bucket': 'defaultEncryption',
} as const satisfies Partial<Record<Kind, string>>;

export type KeyBearing = keyof typeof keyFacets;
export const keyBearingKinds = Object.keys(keyFacets) as KeyBearing[];

/** The value of the facet that holds the storage key. */
export type KeyFacetValue<K extends KeyBearing> = K extends KeyBearing
  ? (typeof keyFacets)[K] extends infer F
    ? F extends keyof Kinds[K]
      ? Kinds[K][F]
      : never
    : never
  : never;

/** A resource together with the facet that holds its storage key. */
export type WithKeyFacet<K extends KeyBearing = KeyBearing> = K extends KeyBearing
  ? { readonly kind: K } & { readonly [F in (typeof keyFacets)[K]]: KeyFacetValue<K> }
  : never;

export function isKeyBearing(kind: Kind): kind is KeyBearing {
  return Object.hasOwn(keyFacets, kind);
}

/**
 * Why no rule judges the resource by its storage, whatever it says of it; null for all others. Rules that do not need
 * `encryption` ask it in `appliesTo`: `whyNotJudged(snapshot) ?? true`.
 */
export function whyNotJudged(resource: WithKeyFacet): string | null {
  switch (resource.kind) {
    case 'ebs.volume': {
      const { state } = resource.details;
      return state === 'deleting' || state === 'deleted' ? `the volume is ${state}` : null;
    }
    case 'ebs.snapshot':
      return resource.details.state === 'error' ? 'the snapshot failed: it is in state error' : null;
    case 'rds.instance': {
      const { clusterId } = resource.details;
      return clusterId === null ? null : `member of the cluster ${clusterId}: judged at the cluster`;
    }
    case 'ebs.defaults':
    case 'ec2.launch-template':
    case 'rds.automated-backup':
    case 'rds.cluster':
    case 'rds.cluster-snapshot':
    case 'rds.snapshot':
    case 's3.bucket':
    case 's3.directory-bucket':
      return null;
  }
}

/** The same for a facet that stands by itself. */
export function encryptionOfFacet(kind: KeyBearing, value: unknown): Encryption {
  return encryptionOf({ kind, [keyFacets[kind]]: value } as unknown as WithKeyFacet);
}

/** How the resource is encrypted, from the facet that holds its storage key. */
export function encryptionOf(resource: WithKeyFacet): Encryption {
  const reason = whyNotJudged(resource);
  if (reason !== null)
    return { by: 'not-judged', reason, key: resource.kind === 'rds.instance' ? resource.details.kmsKeyId : null };
  switch (resource.kind) {
    case 's3.bucket':
      return bucketEncryption(resource.defaultEncryption, 'alias/aws/s3');
    case 's3.directory-bucket':
      // The AWS managed key is not for them: AWS always says which key it is.
      return bucketEncryption(resource.defaultEncryption, null);
    case 'ebs.volume':
      return ebsEncryption(resource.details, resource.details.attachedTo);
    case 'ebs.snapshot':
      return ebsEncryption(resource.details);
    case 'ebs.defaults':
      return { by: 'kms', key: resource.defaultKey, mode: 'sse-ebs', checkedOnWrite: true };
    case 'ec2.launch-template':
      return templateEncryptions(resource.versions)[0] ?? noTemplateKey;
    case 'rds.instance':
    case 'rds.cluster':
    case 'rds.cluster-snapshot':
      return rdsEncryption(resource.details, 'StorageEncrypted');
    case 'rds.snapshot':
      return rdsEncryption(resource.details, 'Encrypted');
    case 'rds.automated-backup':
      return rdsEncryption(resource.details, resource.details.of === 'instance' ? 'Encrypted' : 'StorageEncrypted');
  }
}

/** Kinds of which one resource may name several keys: rules that look at `encryption` judge each, and the worst counts. */
export const severalKeys: ReadonlySet<Kind> = new Set<KeyBearing>(['ec2.launch-template']);

/** How the resource is encrypted under each key that it names; one entry for all kinds that name one. */
export function encryptionsOfFacet(kind: KeyBearing, value: unknown): readonly Encryption[] {
  const resource = { kind, [keyFacets[kind]]: value } as unknown as WithKeyFacet;
  if (resource.kind !== 'ec2.launch-template') return [encryptionOf(resource)];
  const all = templateEncryptions(resource.versions);
  return all.length > 0 ? all : [noTemplateKey];
}

const noTemplateKey: Encryption = { by: 'not-judged', reason: 'no device of it names a key', key: null };

/** Nobody checks the key of a template until something is launched from it. */
function templateEncryptions(versions: readonly TemplateVersion[]): readonly Encryption[] {
  const keys = new Set(versions.flatMap(({ mappings }) => mappings.flatMap(({ kmsKeyId }) => kmsKeyId ?? [])));
  return [...keys].map((key) => ({ by: 'kms', key, mode: 'sse-kms', checkedOnWrite: false }));
}

/** S3 stores any key id unchecked. `unnamed`: the key that `aws:kms` means where it names none. */
function bucketEncryption(rule: BucketEncryption | null, unnamed: string | null): Encryption {
  if (rule === null) return { by: 'none' };
  switch (rule.algorithm) {
    case 'AES256':
      return { by: 'aws-owned', mode: 'SSE-S3' };
    case 'aws:kms':
    case 'aws:kms:dsse':
      return {
        by: 'kms',
        key: rule.keyId ?? unnamed,
        mode: rule.algorithm === 'aws:kms' ? 'SSE-KMS' : 'DSSE-KMS',
        checkedOnWrite: false,
      };
    case 'aws:fsx':
    case 'aws:backup':
      return { by: 'service', mode: rule.algorithm };
    default:
      return { by: 'unknown', field: 'SSEAlgorithm', written: rule.algorithm };
  }
}

function ebsEncryption(
  { encrypted, kmsKeyId, sseType }: { encrypted: boolean | null; kmsKeyId: string | null; sseType: string | null },
  attachedTo?: readonly string[],
): Encryption {
  if (sseType === 'sse-ebs') return { by: 'aws-owned', mode: 'sse-ebs' };
  if (encrypted === null) return { by: 'unknown', field: 'Encrypted', written: null };
  if (!encrypted) return { by: 'none' };
  const checkedOnWrite = true;
  if (attachedTo === undefined) return { by: 'kms', key: kmsKeyId, mode: 'sse-kms', checkedOnWrite };
  return { by: 'kms', key: kmsKeyId, mode: 'sse-kms', checkedOnWrite, attachedTo };
}

/**
 * `sse-rds` is encrypted under a key that AWS owns although StorageEncrypted is false; the boolean decides only
 * where the type is absent. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
 */
function rdsEncryption({ encrypted, encryptionType, kmsKeyId }: RdsStorage, field: 'Encrypted' | 'StorageEncrypted'): Encryption {
  switch (encryptionType) {
    case 'none':
      return { by: 'none' };
    case 'sse-rds':
      return { by: 'aws-owned', mode: 'sse-rds' };
    case 'sse-kms':
      return { by: 'kms', key: kmsKeyId, mode: 'sse-kms', checkedOnWrite: true };
    case null:
      if (encrypted === null) return { by: 'unknown', field, written: null };
      return encrypted ? { by: 'kms', key: kmsKeyId, mode: 'sse-kms', checkedOnWrite: true } : { by: 'none' };
    default:
      return { by: 'unknown', field: 'StorageEncryptionType', written: encryptionType };
  }
}
