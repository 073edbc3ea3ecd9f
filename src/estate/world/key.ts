import { delegatingPolicy } from './policies.js';
import type { KeyRecord } from './records.js';
import { hashText, hex8, mix } from './hash.js';

/** The moment the made-up history ends. Fixed, so that two worlds of one seed are equal. */
export const EPOCH = Date.UTC(2026, 10, 20, 3, 0, 0);
const DAY = 86_400_000;

export function daysBefore(days: number): Date {
  return new Date(EPOCH - Math.round(days * DAY));
}

/** Completes a key: what AWS would derive from spec, origin and state is derived here. */
export function completeKey(account: string, region: string, given: Partial<KeyRecord> & { KeyId: string }): KeyRecord {
  const spec = given.KeySpec ?? 'SYMMETRIC_DEFAULT';
  const state = given.KeyState ?? 'Enabled';
  const origin = given.Origin ?? 'AWS_KMS';
  const managed = given.KeyManager === 'AWS';
  const usage = given.KeyUsage ?? usageOf(spec);
  const pending = state === 'PendingDeletion' || state === 'PendingReplicaDeletion';
  return {
    AWSAccountId: account,
    Arn: `arn:aws:kms:${region}:${account}:key/${given.KeyId}`,
    CreationDate: daysBefore(100 + (hashText(given.KeyId) % 900)),
    Enabled: state === 'Enabled',
    Description: '',
    KeyManager: 'CUSTOMER',
    KeySpec: spec,
    CustomerMasterKeySpec: spec,
    KeyState: state,
    KeyUsage: usage,
    Origin: origin,
    MultiRegion: false,
    ...(state === 'PendingDeletion' && { DeletionDate: daysBefore(-20) }),
    ...(state === 'PendingReplicaDeletion' && { PendingDeletionWindowInDays: 30 }),
    ...(origin === 'EXTERNAL' && state !== 'PendingImport' && { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }),
    ...algorithms(spec, usage),
    ...(spec === 'SYMMETRIC_DEFAULT' && canRotate(origin) && { CurrentKeyMaterialId: materialId(given.KeyId) }),
    rotation: { enabled: managed && !pending, ...(managed && { periodInDays: 365 }) },
    policy: delegatingPolicy(account),
    tags: [],
    aliases: [],
    grants: [],
    rotations: [],
    admits: [],
    ...given,
  };
}

function canRotate(origin: string): boolean {
  return origin === 'AWS_KMS' || origin === 'EXTERNAL';
}

export function materialId(keyId: string): string {
  const base = hashText(keyId);
  return Array.from({ length: 8 }, (_, i) => hex8(mix(base, i))).join('');
}

function usageOf(spec: string): string {
  if (spec.startsWith('HMAC_')) return 'GENERATE_VERIFY_MAC';
  if (spec.startsWith('ML_KEM_')) return 'ENCAPSULATE_DECAPSULATE';
  return spec.startsWith('ECC_') || spec.startsWith('ML_DSA_') ? 'SIGN_VERIFY' : 'ENCRYPT_DECRYPT';
}

function algorithms(spec: string, usage: string): Record<string, unknown> {
  if (spec.startsWith('HMAC_')) return { MacAlgorithms: [spec] };
  if (spec.startsWith('RSA_')) {
    return usage === 'SIGN_VERIFY'
      ? { SigningAlgorithms: ['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PSS_SHA_256'] }
      : { EncryptionAlgorithms: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] };
  }
  if (spec.startsWith('ECC_')) {
    return usage === 'KEY_AGREEMENT' ? { KeyAgreementAlgorithms: ['ECDH'] } : { SigningAlgorithms: ['ECDSA_SHA_256'] };
  }
  if (spec.startsWith('ML_DSA_')) return { SigningAlgorithms: ['ML_DSA_SHAKE_256'] };
  return spec === 'SYMMETRIC_DEFAULT' ? { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] } : {};
}
