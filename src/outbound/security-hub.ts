import type { AwsSecurityFinding, AwsSecurityFindingFilters } from '@aws-sdk/client-securityhub';
import { ask, CallFailed, emptyAnswer } from '#aws/ask.js';
import type { Connection, CredentialProvider } from '#aws/connection.js';
import type * as hubSdk from './security-hub-sdk.js';

export type HubFinding = AwsSecurityFinding;

/** What one request takes: https://docs.aws.amazon.com/securityhub/latest/partnerguide/guidelines-batchimportfindings.html */
export const batchFindingsMax = 100;
export const batchBytesMax = 6_000_000;
const pageSize = 100;
/** Values that one filter takes. */
const filterValuesMax = 20;

/** The product that is ours, and what tells our findings from those that others send with the same product. */
export interface Product {
  readonly arn: string;
  readonly field: { readonly key: string; readonly value: string };
  /** Product fields: the end of the run that wrote last, and a digest of what it wrote. */
  readonly asOfKey: string;
  readonly digestKey: string;
}

export interface ImportFailure {
  readonly id: string;
  readonly code: string;
  readonly message: string;
}

type Sdk = typeof hubSdk;
type Client = InstanceType<Sdk['Client']>;
type Send<Output> = (client: Client, sdk: Sdk) => Promise<Output>;

/** Security Hub of one account in one region. All calls reject with CallFailed. */
export class SecurityHub {
  readonly #sdk: Sdk;
  readonly #client: Client;
  readonly #connection: Connection;
  readonly #place: { readonly account: string; readonly region: string };
  readonly #product: Product;

  static async open(
    connection: Connection,
    place: { readonly account: string; readonly region: string },
    credentials: CredentialProvider,
    product: Product,
  ): Promise<SecurityHub> {
    const sdk = await import('./security-hub-sdk.js');
    return new SecurityHub(sdk, connection, place, credentials, product);
  }

  private constructor(
    sdk: Sdk,
    connection: Connection,
    place: { readonly account: string; readonly region: string },
    credentials: CredentialProvider,
    product: Product,
  ) {
    this.#sdk = sdk;
    this.#connection = connection;
    this.#place = place;
    this.#product = product;
    this.#client = connection.client(sdk.Client, place.region, credentials);
  }

  /** Every finding of the product that carries our field, archived ones too, page by page. */
  async *ours(): AsyncGenerator<HubFinding> {
    for await (const page of this.#pages({})) yield* page;
  }

  /** Those of our findings that have these ids. */
  async *withIds(ids: readonly string[]): AsyncGenerator<HubFinding> {
    for (let at = 0; at < ids.length; at += filterValuesMax) {
      const Id = ids.slice(at, at + filterValuesMax).map((Value) => ({ Value, Comparison: 'EQUALS' as const }));
      for await (const page of this.#pages({ Id })) yield* page;
    }
  }

  /** Creates or updates findings: at most a batch. Answers what was not taken. */
  async import(findings: readonly HubFinding[]): Promise<readonly ImportFailure[]> {
    const { output } = await this.#call('BatchImportFindings', (client, sdk) =>
      client.send(new sdk.BatchImportFindingsCommand({ Findings: [...findings] })),
    );
    return (output.FailedFindings ?? []).map(({ Id, ErrorCode, ErrorMessage }) => ({
      id: Id ?? '',
      code: ErrorCode ?? '',
      message: ErrorMessage ?? '',
    }));
  }

  async *#pages(more: AwsSecurityFindingFilters): AsyncGenerator<readonly HubFinding[]> {
    const { arn, field } = this.#product;
    const { account, region } = this.#place;
    const equals = (Value: string) => [{ Value, Comparison: 'EQUALS' as const }];
    const Filters = {
      ...more,
      ProductArn: equals(arn),
      // An administrator's hub has findings of its members, and one that aggregates has those of other regions.
      AwsAccountId: equals(account),
      Region: equals(region),
      ProductFields: [{ Key: field.key, Value: field.value, Comparison: 'EQUALS' as const }],
    };
    const seen = new Set<string>();
    for (let token: string | undefined; ;) {
      const request = { Filters, MaxResults: pageSize, NextToken: token };
      const { output, meta } = await this.#call('GetFindings', (client, sdk) => client.send(new sdk.GetFindingsCommand(request)));
      if (output.Findings === undefined) throw emptyAnswer(meta, 'the answer holds no list of findings');
      yield output.Findings;
      // Emulators end a list with null.
      token = output.NextToken ?? undefined;
      if (token === undefined) return;
      if (seen.has(token)) throw emptyAnswer(meta, 'the list comes back to a page that it gave before');
      seen.add(token);
    }
  }

  #call<Output extends object>(operation: string, send: Send<Output>) {
    return ask(this.#connection, this.#place, `securityhub:${operation}`, () => send(this.#client, this.#sdk));
  }
}

/** Whether the account does not use Security Hub in the region. */
export function isNotEnabled(error: unknown): boolean {
  return error instanceof CallFailed && error.failure.code === 'InvalidAccessException';
}
