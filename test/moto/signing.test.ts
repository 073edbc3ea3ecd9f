import { createHash } from 'node:crypto';
import { CreateKeyCommand, GetPublicKeyCommand, SignCommand, type CreateKeyCommandInput } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isSignedBy } from '#evidence/dsse.js';
import { openKmsSigner } from '#evidence/kms-signer.js';
import { A, Cloud, enterMotoByEnvironment, keysOfA, US } from './cloud.js';
import { startMoto, type Moto } from './server.js';

let moto: Moto;
let cloud: Cloud;
beforeAll(async () => {
  moto = await startMoto();
  cloud = new Cloud(moto.url, A, keysOfA, new Map());
  enterMotoByEnvironment(moto.url);
});
afterAll(() => moto.stop());

const signing = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } as const;

async function keyOf(wish: CreateKeyCommandInput): Promise<string> {
  const { KeyMetadata } = await cloud.kms(US).send(new CreateKeyCommand(wish));
  return KeyMetadata?.Arn ?? '';
}

test('the public key of KMS and what it says of the key are read', async () => {
  const arn = await keyOf(signing);
  const { PublicKey = new Uint8Array() } = await cloud.kms(US).send(new GetPublicKeyCommand({ KeyId: arn }));
  const signer = await openKmsSigner(arn, {});
  expect(signer.algorithm).toBe('ECDSA P-256');
  expect(signer.fingerprint).toBe(createHash('sha256').update(PublicKey).digest('hex'));
  expect(signer.publicKey.export({ type: 'spki', format: 'der' }).equals(Buffer.from(PublicKey))).toBe(true);
});

test('keys that sign no packs are refused by what moto says of them', async () => {
  const p384 = await keyOf({ ...signing, KeySpec: 'ECC_NIST_P384' });
  await expect(openKmsSigner(p384, {})).rejects.toThrow(/is a key of spec secp384r1 for SIGN_VERIFY/);
  await expect(openKmsSigner(`arn:aws:kms:${US}:${A}:key/none`, {})).rejects.toThrow(/cannot sign: kms:GetPublicKey: NotFound/);
});

/**
 * AWS signs a Message of type DIGEST as it is. moto signs the digest of that digest: openssl and Node refuse its signature
 * over the bytes, and so does AWS's own Verify. When the first expectation fails, moto has improved, and what it
 * signs is to be verified instead of refused. The signature of a key that hashes once is tested against the estate.
 */
test('moto hashes a digest once more: its signature is over other bytes, and no pack is made with it', async () => {
  const arn = await keyOf(signing);
  const signer = await openKmsSigner(arn, {});
  const { publicKey } = signer;
  const bytes = Buffer.from('what is signed');
  const digest = createHash('sha256').update(bytes).digest();
  const request = { KeyId: arn, Message: digest, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' } as const;
  const { Signature = new Uint8Array() } = await cloud.kms(US).send(new SignCommand(request));
  expect(isSignedBy(publicKey, bytes, Buffer.from(Signature))).toBe(false);
  expect(isSignedBy(publicKey, digest, Buffer.from(Signature))).toBe(true);

  await expect(signer.sign(bytes)).rejects.toThrow(/is no signature under its own public key/);
});
