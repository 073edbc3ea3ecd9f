import { ask, CallFailed, type CallMeta } from '#aws/ask.js';
import type { Connection, CredentialProvider } from '#aws/connection.js';
import { explainS3, type S3Place, type S3Use } from './s3-errors.js';
import type * as sdk from './s3-sdk.js';

export type Sdk = typeof sdk;
export type Client = InstanceType<Sdk['Client']>;
type Send<Output> = (client: Client, sdk: Sdk) => Promise<Output>;

/** Calls of S3 about one bucket, in its region, with an error that a user can act on in place of AWS's. */
export class S3Calls {
  readonly place: S3Place;
  readonly #sdk: Sdk;
  readonly #client: Client;
  readonly #connection: Connection;
  readonly #region: string;
  readonly #use: S3Use;

  constructor(
    sdk: Sdk,
    connection: Connection,
    {
      region,
      credentials,
      place,
      use,
    }: {
      readonly region: string;
      readonly credentials: CredentialProvider;
      readonly place: S3Place;
      readonly use: S3Use;
    },
  ) {
    this.place = place;
    this.#use = use;
    this.#sdk = sdk;
    this.#connection = connection;
    this.#region = region;
    this.#client = connection.client(sdk.Client, region, credentials);
  }

  /** What every object is encrypted with; nothing: as the bucket says. */
  get encryption():
    { readonly ServerSideEncryption: 'aws:kms'; readonly SSEKMSKeyId: string; readonly BucketKeyEnabled: true } | object {
    const { kmsKey } = this.place;
    return kmsKey === null ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKey, BucketKeyEnabled: true };
  }

  /** Rejects with an AtrestError. */
  async call<Output extends object>(operation: string, send: Send<Output>): Promise<Output> {
    return (await this.attempt(operation, [], send)).output;
  }

  /** With codes that are answers to the caller: for these `output` is undefined and `code` says which. */
  async attempt<Output extends object, Code extends string>(
    operation: string,
    accepts: readonly Code[],
    send: Send<Output>,
  ): Promise<
    | { readonly output: Output; readonly code: null; readonly meta: CallMeta }
    | (Code extends never ? never : { readonly output: undefined; readonly code: Code; readonly meta: CallMeta })
  > {
    const where = { account: '*', region: this.#region };
    try {
      const { output, meta } = await ask(this.#connection, where, `s3:${operation}`, () => send(this.#client, this.#sdk));
      return { output, code: null, meta };
    } catch (error) {
      if (error instanceof CallFailed) {
        const code = accepts.find((each) => each === error.failure.code);
        if (code !== undefined) return { output: undefined, code, meta: error.meta } as never;
      }
      throw explainS3(error, this.place, this.#use);
    }
  }
}
