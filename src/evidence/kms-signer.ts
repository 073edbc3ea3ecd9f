import { createHash, createPublicKey } from 'node:crypto';
import { ask, CallFailed } from '#aws/ask.js';
import { Connection, type ConnectionOptions } from '#aws/connection.js';
import { defaultCredentials } from '#aws/identity.js';
import { AtrestError } from '#model/errors.js';
import { algorithmOf, isSignedBy } from './dsse.js';
import { signerOf, type Signer } from './signer.js';

/** A signer whose private key never leaves KMS. */
export async function openKmsSigner(arn: string, options: ConnectionOptions): Promise<Signer> {
  const [, region, account] = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):(?:key|alias)\/.+$/.exec(arn) ?? [];
  if (region === undefined || account === undefined)
    throw new AtrestError('usage', `kms:${arn} does not name a key by its ARN`, {
      hint: 'Write it as kms:arn:aws:kms:REGION:ACCOUNT:key/ID.',
    });
  const { Client, GetPublicKeyCommand, SignCommand } = await import('./kms-sdk.js');
  const call = async <Output extends object>(
    operation: string,
    send: (client: InstanceType<typeof Client>) => Promise<Output>,
  ): Promise<Output> => {
    const connection = await Connection.open(options);
    try {
      const client = connection.client(Client, region, await defaultCredentials(connection));
      return (await ask(connection, { account, region }, `kms:${operation}`, () => send(client))).output;
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      throw new AtrestError('usage', `${arn} cannot sign: ${error.message}`, {
        cause: error,
        hint: 'It takes kms:GetPublicKey and kms:Sign on an enabled key of spec ECC_NIST_P256 whose usage is SIGN_VERIFY.',
      });
    } finally {
      connection.close();
    }
  };

  const known = await call('GetPublicKey', (client) => client.send(new GetPublicKeyCommand({ KeyId: arn })));
  const publicKey = createPublicKey({ key: Buffer.from(known.PublicKey ?? []), type: 'spki', format: 'der' });
  // The key itself says what it is: not every service that speaks for KMS tells the spec.
  if (algorithmOf(publicKey) !== 'ECDSA P-256' || known.KeyUsage !== 'SIGN_VERIFY') {
    const spec = known.KeySpec ?? publicKey.asymmetricKeyDetails?.namedCurve ?? publicKey.asymmetricKeyType;
    throw new AtrestError('usage', `${arn} is a key of spec ${String(spec)} for ${String(known.KeyUsage)}`, {
      hint: 'Packs are signed with a key of spec ECC_NIST_P256 whose usage is SIGN_VERIFY.',
    });
  }
  return signerOf(publicKey, async (bytes) => {
    const request = {
      KeyId: arn,
      // The digest and not the bytes: KMS takes no more than 4,096 of these.
      Message: createHash('sha256').update(bytes).digest(),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
    } as const;
    const { Signature } = await call('Sign', (client) => client.send(new SignCommand(request)));
    const signature = Buffer.from(Signature ?? []);
    if (!isSignedBy(publicKey, bytes, signature))
      throw new AtrestError('usage', `What ${arn} answered is no signature under its own public key`);
    return signature;
  });
}
