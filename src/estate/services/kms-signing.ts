import { createECDH, createHash, createPublicKey } from 'node:crypto';
import { AwsError } from '../errors.js';
import { required, text, type Context, type Fields } from '../operation.js';
import type { KeyRecord } from '../world/records.js';

/** Order of the group of P-256. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const rawMax = 4096;

/** DER of the public key, and what it is for. */
export function getPublicKey(_context: Context, key: KeyRecord): Fields {
  const curve = curveOf(key);
  const point = curve.getPublicKey();
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  return {
    KeyId: key.Arn,
    PublicKey: createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' }).toString('base64'),
    CustomerMasterKeySpec: key.KeySpec,
    KeySpec: key.KeySpec,
    KeyUsage: key.KeyUsage,
    SigningAlgorithms: ['ECDSA_SHA_256'],
  };
}

/** ECDSA over a digest, or over a message that is digested first; DER, as KMS answers it. */
export function sign(context: Context, key: KeyRecord): Fields {
  const curve = curveOf(key);
  const message = Buffer.from(required(context, 'Message'), 'base64');
  const algorithm = required(context, 'SigningAlgorithm');
  if (algorithm !== 'ECDSA_SHA_256')
    throw new AwsError('InvalidKeyUsageException', 400, `Algorithm ${algorithm} is incompatible with key spec ${key.KeySpec}.`);
  const isDigest = text(context.params, 'MessageType') === 'DIGEST';
  if (isDigest && message.length !== 32)
    throw new AwsError('ValidationException', 400, `Digest is invalid length for algorithm ${algorithm}.`);
  if (message.length > rawMax) {
    const bound = `Member must have length less than or equal to ${rawMax}`;
    throw new AwsError(
      'ValidationException',
      400,
      `1 validation error detected: Value at 'message' failed to satisfy constraint: ${bound}`,
    );
  }
  const digest = isDigest ? message : createHash('sha256').update(message).digest();
  return { KeyId: key.Arn, Signature: ecdsa(curve.getPrivateKey(), digest).toString('base64'), SigningAlgorithm: algorithm };
}

/** The key pair of a key follows from its id. Refuses what KMS would not sign with. */
function curveOf(key: KeyRecord): ReturnType<typeof createECDH> {
  if (key.KeyState === 'Disabled') throw new AwsError('DisabledException', 400, `${key.Arn} is disabled.`);
  if (key.KeyState !== 'Enabled')
    throw new AwsError(
      'KMSInvalidStateException',
      400,
      `${key.Arn} is ${key.KeyState === 'PendingDeletion' ? 'pending deletion' : key.KeyState}.`,
    );
  if (key.KeySpec === 'SYMMETRIC_DEFAULT')
    throw new AwsError(
      'UnsupportedOperationException',
      400,
      `${key.Arn} key usage is ${key.KeyUsage} which is not valid for this operation.`,
    );
  if (key.KeyUsage !== 'SIGN_VERIFY')
    throw new AwsError(
      'InvalidKeyUsageException',
      400,
      `${key.Arn} key usage is ${key.KeyUsage} which is not valid for this operation.`,
    );
  if (key.KeySpec !== 'ECC_NIST_P256') throw new Error(`The estate signs with ECC_NIST_P256, not with ${key.KeySpec}`);
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(createHash('sha256').update(key.KeyId).digest());
  return curve;
}

/** By hand, for Node signs no digest that was made elsewhere. The nonce follows from key and digest. */
function ecdsa(secret: Buffer, digest: Buffer): Buffer {
  const nonce = createHash('sha256').update(secret).update(digest).digest();
  const point = createECDH('prime256v1');
  point.setPrivateKey(nonce);
  const r = numberOf(point.getPublicKey().subarray(1, 33)) % order;
  const s = (inverse(numberOf(nonce)) * (numberOf(digest) + r * numberOf(secret))) % order;
  const integers = Buffer.concat([r, s].map(derInteger));
  return Buffer.concat([Buffer.from([0x30, integers.length]), integers]);
}

function numberOf(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

/** By Fermat: the order is a prime. */
function inverse(value: bigint): bigint {
  let result = 1n;
  let base = value % order;
  for (let exponent = order - 2n; exponent > 0n; exponent >>= 1n) {
    if ((exponent & 1n) === 1n) result = (result * base) % order;
    base = (base * base) % order;
  }
  return result;
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  const padded = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, padded.length]), padded]);
}
