/**
 * Which actions the patterns of a statement mean. KMS actions are listed, so that `kms:*` and NotAction can be told by
 * name; other services are matched by pattern only.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 */

import type { PatternSet } from './document.js';
import { matchesGlob } from '#model/glob.js';

/** `read` = Describe, Get, List. `account` = actions on no key at all (a key policy cannot really give them). */
export type ActionClass = 'read' | 'cryptographic' | 'grants' | 'administration' | 'account' | 'unknown';

const BY_CLASS: Readonly<Record<Exclude<ActionClass, 'unknown'>, readonly string[]>> = {
  read: [
    'DescribeCustomKeyStores',
    'DescribeKey',
    'GetKeyLastUsage',
    'GetKeyPolicy',
    'GetKeyRotationStatus',
    'GetParametersForImport',
    'GetPublicKey',
    'ListAliases',
    'ListGrants',
    'ListKeyPolicies',
    'ListKeyRotations',
    'ListKeys',
    'ListResourceTags',
    'ListRetirableGrants',
  ],
  // ReEncrypt is authorised as ReEncryptFrom on one key and ReEncryptTo on the other; there is no kms:ReEncrypt.
  cryptographic: [
    'Decapsulate',
    'Decrypt',
    'DeriveSharedSecret',
    'Encapsulate',
    'Encrypt',
    'GenerateDataKey',
    'GenerateDataKeyPair',
    'GenerateDataKeyPairWithoutPlaintext',
    'GenerateDataKeyWithoutPlaintext',
    'GenerateMac',
    'ReEncryptFrom',
    'ReEncryptTo',
    'Sign',
    'Verify',
    'VerifyMac',
  ],
  grants: ['CreateGrant', 'RetireGrant', 'RevokeGrant'],
  administration: [
    'CancelKeyDeletion',
    'CreateAlias',
    'DeleteAlias',
    'DeleteImportedKeyMaterial',
    'DisableKey',
    'DisableKeyRotation',
    'EnableKey',
    'EnableKeyRotation',
    'ImportKeyMaterial',
    'PutKeyPolicy',
    'ReplicateKey',
    'RotateKeyOnDemand',
    'ScheduleKeyDeletion',
    'SynchronizeMultiRegionKey',
    'TagResource',
    'UntagResource',
    'UpdateAlias',
    'UpdateKeyDescription',
    'UpdatePrimaryRegion',
  ],
  account: [
    'ConnectCustomKeyStore',
    'CreateCustomKeyStore',
    'CreateKey',
    'DeleteCustomKeyStore',
    'DisconnectCustomKeyStore',
    'GenerateRandom',
    'UpdateCustomKeyStore',
  ],
};

const CLASSES: ReadonlyMap<string, ActionClass> = new Map(
  (Object.keys(BY_CLASS) as (keyof typeof BY_CLASS)[]).flatMap((group) =>
    BY_CLASS[group].map((name) => [`kms:${name}`, group] as const),
  ),
);

/** Every KMS action we know, `kms:Decrypt` style, in alphabetical order. */
export const KMS_ACTIONS: readonly string[] = [...CLASSES.keys()].sort();

const LOWER = KMS_ACTIONS.map((name) => ({ name, lower: name.toLowerCase() }));
const KNOWN = new Set(LOWER.map(({ lower }) => lower));
const NO_ACTION = 'kms:reencrypt';

/** The class of a KMS action; one that we do not know is judged by its verb. */
export function classOf(action: string): ActionClass {
  return CLASSES.get(action) ?? (/^kms:(?:describe|get|list)/i.test(action) ? 'read' : 'unknown');
}

/** Only Describe, Get and List. */
export function isReadOnly(actions: readonly string[]): boolean {
  return actions.every((action) => classOf(action) === 'read');
}

/** Whether the patterns mean this action (of any service). */
export function coversAction(set: PatternSet | null, action: string): boolean {
  if (set === null) return false;
  const lower = action.toLowerCase();
  return set.patterns.some((pattern) => matchesGlob(pattern, lower)) !== set.negated;
}

/**
 * The KMS actions that the patterns mean, by name. A KMS name without wildcard that we do not know is kept as written
 * (lower-cased): it may be newer than this list.
 */
export function expandKmsActions(set: PatternSet | null): readonly string[] {
  if (set === null) return [];
  const known = LOWER.filter(({ lower }) => coversAction(set, lower)).map(({ name }) => name);
  if (set.negated) return known;
  const newer = set.patterns.filter((item) => /^kms:[a-z0-9]+$/.test(item) && !KNOWN.has(item) && item !== NO_ACTION);
  return [...known, ...[...new Set(newer)].sort()];
}
