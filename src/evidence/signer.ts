import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { reasonOf } from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';
import { algorithmOf, fingerprintOf, type Algorithm } from './dsse.js';

/** What signs a pack. */
export interface Signer {
  readonly publicKey: KeyObject;
  readonly fingerprint: string;
  readonly algorithm: Algorithm;
  sign(bytes: Buffer): Promise<Buffer>;
}

/** How a key is made and its public part taken, with openssl alone. */
export const keygenHint =
  'Make one with `openssl genpkey -algorithm ED25519 -out key.pem`, and the public key that verifies with ' +
  '`openssl pkey -in key.pem -pubout -out pub.pem`.';

/** The signer of a private key file. */
export async function openFileSigner(named: string): Promise<Signer> {
  const key = readKey(await readKeyFile(named), named, createPrivateKey);
  if (algorithmOf(key) !== 'Ed25519')
    throw new AtrestError('usage', `${named} is a key of type ${String(key.asymmetricKeyType)}; packs are signed with Ed25519`, {
      hint: keygenHint,
    });
  return signerOf(createPublicKey(key), (bytes) => Promise.resolve(sign(null, bytes, key)));
}

export function signerOf(publicKey: KeyObject, signBytes: Signer['sign']): Signer {
  const algorithm = algorithmOf(publicKey);
  if (algorithm === null) throw new AtrestError('usage', 'Packs are signed with Ed25519 or ECDSA P-256');
  return { publicKey, fingerprint: fingerprintOf(publicKey), algorithm, sign: signBytes };
}

/** The public key that `--key` names. */
export async function readPublicKey(path: string): Promise<KeyObject> {
  const text = await readKeyFile(path);
  if (text.includes('PRIVATE KEY'))
    throw new AtrestError('usage', `${path} is a private key; a pack is verified with the public one`, {
      hint: `Take it out with \`openssl pkey -in ${path} -pubout\`.`,
    });
  const key = readKey(text, path, createPublicKey);
  if (algorithmOf(key) === null) throw new AtrestError('usage', `${path} is no key that signs packs: Ed25519 or ECDSA P-256`);
  return key;
}

async function readKeyFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new AtrestError('usage', `The key ${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

function readKey(text: string, path: string, read: (text: string) => KeyObject): KeyObject {
  try {
    return read(text);
  } catch (cause) {
    const why = text.includes('ENCRYPTED') ? 'is encrypted' : 'is not a key in PEM form';
    throw new AtrestError('usage', `${path} ${why}`, { cause, hint: keygenHint });
  }
}
