import { ask, CallFailed, type CallMeta } from '#aws/ask.js';
import type { Connection, CredentialProvider } from '#aws/connection.js';
import { causeOf, isNoSuchHost, isTransient, type Failure } from '#aws/failure.js';
import type { CallLine } from '#inventory/cell-file.js';
import type { Missing } from '#model/attempt.js';
import type { Refusal } from '#model/coverage.js';
import { AtrestError } from '#model/errors.js';
import type { CellLedger } from './ledger.js';
import type { Operation, Pages, Sdk, ServiceSpec, Source } from './service.js';

/** A chain that was read to its end, or to where it failed. */
export interface WholeSource {
  readonly items: readonly unknown[];
  readonly pages: readonly { readonly items: readonly unknown[]; readonly call: number }[];
  readonly gap: Gap | null;
}

/** What is missing, and the call that should have brought it. */
export interface Gap {
  readonly missing: Missing;
  readonly call: number;
}

/** Calls whose answers belong together, by the first of them. */
export interface Together {
  first?: number;
}

/** A list of pages that AWS answered in a way that cannot be followed. */
export class BrokenChain extends Error {
  readonly code: 'EmptyAnswer' | 'RepeatedToken';
  readonly call: number;

  constructor(code: BrokenChain['code'], call: number) {
    super(code);
    this.code = code;
    this.call = call;
  }
}

/** Whose calls they are, and from where. */
interface Caller {
  readonly account: string;
  readonly region: string;
  readonly homeRegion: string;
  readonly credentials: CredentialProvider;
  /** Whether they are those that the run was begun with, from which all others come. */
  readonly ownCredentials: boolean;
}

/** The region whose endpoint lists a cell's resources. */
export function listRegion({ region, homeRegion }: Pick<Caller, 'region' | 'homeRegion'>): string {
  return region === 'global' ? homeRegion : region;
}

/** Makes the calls of one cell: numbered, counted in the ledger, through clients that live as long as the cell. */
export class CellCalls {
  readonly #job: Caller;
  readonly #spec: ServiceSpec;
  readonly #connection: Connection;
  readonly #ledger: CellLedger;
  readonly #line: (line: CallLine) => void;
  readonly #clients = new Map<string, unknown>();
  #sdk: Promise<Sdk> | undefined;
  #calls = 0;

  constructor(job: Caller, spec: ServiceSpec, connection: Connection, ledger: CellLedger, line: (line: CallLine) => void) {
    this.#job = job;
    this.#spec = spec;
    this.#connection = connection;
    this.#ledger = ledger;
    this.#line = line;
  }

  /**
   * One call. `accepts` lists error codes that are answers to the caller, not failures; `together` is the same for all
   * calls that give one answer.
   * Rejects with CallFailed, with the number of the call's line attached.
   */
  async one<Output extends object>(
    operation: Operation,
    region: string,
    accepts: readonly string[],
    request: (client: never, sdk: never) => Promise<Output>,
    together: Together = {},
  ): Promise<{ output: Output; call: number }> {
    const sdk = await (this.#sdk ??= this.#spec.sdk());
    const client = this.#client(sdk, region);
    const call = (this.#calls += 1);
    together.first ??= call;
    const place = { account: this.#job.account, region };
    const write = ({ requestId, date, attempts, throttles }: CallMeta, code: string | null) => {
      this.#ledger.throttled(operation.operation, throttles);
      this.#line({
        ...{ call, operation: operation.operation },
        ...(region !== this.#job.region && { region }),
        ...(together.first !== call && { first: together.first }),
        ...{ requestId, date, at: this.#connection.time(), attempts, code },
      });
    };
    try {
      const { output, meta } = await ask(this.#connection, place, operation.operation, () =>
        request(client as never, sdk as never),
      );
      this.#ledger.answered(operation.operation);
      write(meta, null);
      return { output, call };
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      const { meta, failure } = error;
      if (isExpired(error, this.#job)) {
        this.#connection.stop(expired(failure));
        this.#connection.signal.throwIfAborted();
      }
      if (accepts.includes(failure.code)) this.#ledger.answered(operation.operation);
      else this.#ledger.failed(operation.operation, failure.code, causeOf(failure), refusalOf(failure));
      write(meta, failure.code);
      throw Object.assign(error, { call });
    }
  }

  /**
   * Reads a list about one resource to its end and answers all items, with the number of the first call. What AWS
   * answers without a list, or with a token that it gave before, is no answer: rejects with BrokenChain.
   */
  async list(
    facet: Operation & { readonly pages: Pages },
    region: string,
    accepts: readonly string[],
    request: (client: never, sdk: never, token: string | undefined) => Promise<object>,
  ): Promise<{ output: readonly unknown[]; call: number }> {
    const all: unknown[] = [];
    const seen = new Set<string>();
    const together: Together = {};
    let token: string | undefined;
    do {
      const asked = token;
      const page = (client: never, sdk: never) => request(client, sdk, asked);
      const { output, call } = await this.one(facet, region, accepts, page, together);
      const { items, next } = facet.pages.page(output as never);
      if (items === undefined) throw new BrokenChain('EmptyAnswer', call);
      for (const item of items) all.push(item);
      if (next !== undefined && seen.has(next)) throw new BrokenChain('RepeatedToken', call);
      if (next !== undefined) seen.add(next);
      token = next;
    } while (token !== undefined);
    return { output: all, call: together.first ?? 0 };
  }

  /**
   * Reads a chain to its end, the next page on its way while `onPage` works on this one. Pages that were read stay
   * read: the answer is what is missing after them, or null. A token that comes back stops the chain.
   */
  async pages(source: Source, onPage: (items: readonly unknown[], call: number) => Promise<void>): Promise<Gap | null> {
    const seen = new Set<string>();
    const together: Together = {};
    let reading = this.#page(source, undefined, together);
    for (;;) {
      const page = await reading;
      if (page.missing !== undefined) return page;
      const { call } = page;
      const repeated = page.next !== undefined && seen.has(page.next);
      if (page.next !== undefined && !repeated) {
        seen.add(page.next);
        reading = this.#page(source, page.next, together);
        // Awaited next time round; until then a stopped run must not count it as unhandled.
        reading.catch(() => undefined);
      }
      // An empty list is an answer; an answer without a list is none, and must not read as zero resources.
      if (page.items === undefined) return { missing: missingOf(source, source.name, 'EmptyAnswer', 'unreachable'), call };
      await onPage(page.items, call);
      if (repeated) return { missing: missingOf(source, source.name, 'RepeatedToken', 'unreachable'), call };
      if (page.next === undefined) return null;
    }
  }

  async #page(source: Source, token: string | undefined, together: Together) {
    for (let tries = 1; ; tries += 1) {
      try {
        const request = (client: never, sdk: never) => source.request(client, sdk, token);
        const { output, call } = await this.one(source, listRegion(this.#job), [], request, together);
        return { ...source.page(output as never), call };
      } catch (error) {
        if (!(error instanceof CallFailed)) throw error;
        const { failure, call } = error as CallFailed & { call: number };
        if (this.#isNotOffered(source, failure)) {
          this.#ledger.notOffered(source.offered?.what ?? '');
          return { items: [], next: undefined, call };
        }
        if (tries === 1 && isTransient(failure)) continue;
        return { missing: missingOf(source, source.name, failure.code, causeOf(failure)), call };
      }
    }
  }

  /** The name of the endpoint does not exist, in a region where AWS does not say that it offers this. */
  #isNotOffered({ offered }: Source, failure: Failure): boolean {
    return offered !== undefined && isNoSuchHost(failure) && !offered.regions.has(listRegion(this.#job));
  }

  #client(sdk: Sdk, region: string): unknown {
    const found = this.#clients.get(region);
    if (found !== undefined) return found;
    const client = this.#connection.client(sdk.Client, region, this.#job.credentials);
    this.#clients.set(region, client);
    return client;
  }
}

/** Whose refusal may be that of everything in the region. */
function refusalOf({ class: of, deniedBy }: Failure): Refusal | null {
  if (of === 'not-enabled') return 'region';
  return of === 'denied' && deniedBy === 'service-control-policy' ? deniedBy : null;
}

/** Whether the credentials that the run was begun with have ended: every call from here on would be refused. */
function isExpired({ failure, cause }: CallFailed, { ownCredentials }: Caller): boolean {
  // The call that fetches an account's credentials is signed with the run's.
  if (cause instanceof CallFailed) return ['expired', 'no-credentials', 'not-enabled'].includes(failure.class);
  return ownCredentials && (failure.class === 'expired' || failure.class === 'no-credentials');
}

function expired({ code, message }: Failure): AtrestError {
  return new AtrestError('stopped', `The credentials have expired: ${code}: ${message}`, { hint: 'Log in again' });
}

export function missingOf(operation: Operation, facet: string, code: string, cause: Missing['cause']): Missing {
  return { facet, operation: operation.operation, action: operation.action, code, cause };
}
