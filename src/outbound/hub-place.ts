import { createHash } from 'node:crypto';
import { CallFailed } from '#aws/ask.js';
import {
  batchBytesMax,
  batchFindingsMax,
  isNotEnabled,
  type HubFinding,
  type ImportFailure,
  type Product,
  type SecurityHub,
} from './security-hub.js';

/** What became of the findings of one account and region. */
export interface PushedPlace {
  readonly account: string;
  readonly region: string;
  /** Created or updated. */
  readonly imported: number;
  /** Updated to PASSED. */
  readonly passed: number;
  /** What they were about is gone, or does not matter any more. */
  readonly archived: number;
  /** Security Hub has them as new as they are, or newer. */
  readonly upToDate: number;
  readonly failures: readonly ImportFailure[];
  /** What kept all of them away; null: nothing did. */
  readonly problem: string | null;
}

/** What is to be done with a finding. */
type Deed = 'imported' | 'passed' | 'archived';

/** What Security Hub remembers of a finding of ours. */
interface Known {
  readonly createdAt: string;
  readonly firstObservedAt: string;
  readonly updatedAt: number;
  /** When the run ended that wrote it last. */
  readonly asOf: number;
  readonly digest: string | undefined;
  readonly isActive: boolean;
}

/** What a push is told of the run and of itself. */
interface Push {
  readonly product: Product;
  /** When the run ended. */
  readonly at: string;
  readonly now: Date;
  readonly dryRun: boolean;
}

/** Fields of a finding that are the provider's; sent back, the others would be refused or would overwrite the customer's. */
const providers = [
  ...['SchemaVersion', 'Id', 'ProductArn', 'ProductName', 'CompanyName', 'GeneratorId', 'AwsAccountId', 'Title', 'Description'],
  ...['CreatedAt', 'FirstObservedAt', 'LastObservedAt', 'Remediation', 'ProductFields', 'Resources', 'Compliance'],
  'FindingProviderFields',
] as const satisfies readonly (keyof HubFinding)[];

/** The findings of one account and region on their way into its Security Hub. */
export class HubPlace {
  readonly account: string;
  readonly region: string;
  /** Active findings of ours that the run does not have any more although it would. */
  readonly orphans = new Set<string>();
  readonly #hub: SecurityHub | null;
  readonly #push: Push;
  readonly #known = new Map<string, Known>();
  readonly #done = { imported: 0, passed: 0, archived: 0, upToDate: 0 };
  readonly #failures: ImportFailure[] = [];
  #problem: ImportFailure | null = null;
  #batch: { readonly finding: HubFinding; readonly deed: Deed }[] = [];
  #batchBytes = 0;

  /** `hub` is null where the account could not be entered, and `problem` says why. */
  constructor(
    { account, region }: { readonly account: string; readonly region: string },
    { hub, problem, push }: { hub: SecurityHub | null; problem: string | null; push: Push },
  ) {
    this.account = account;
    this.region = region;
    this.#hub = hub;
    this.#push = push;
    if (problem !== null) this.#problem = { id: '', code: 'NotEntered', message: problem };
  }

  get result(): PushedPlace {
    const { account, region } = this;
    return { account, region, ...this.#done, failures: this.#failures, problem: this.#problem?.message ?? null };
  }

  /**
   * Learns what of ours is there. `current` are the ids that the run has; `isSettled` says of another finding of ours
   * whether the run would have it if it still were so, and false of what is not ours. Without it nothing is sent:
   * times would be lost.
   */
  async read(current: ReadonlySet<string>, isSettled: (finding: HubFinding) => boolean): Promise<void> {
    if (this.#hub === null) return;
    try {
      for await (const finding of this.#hub.ours()) this.#learn(finding, current, isSettled);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      // Nothing is there and nothing is to be sent.
      if (isNotEnabled(error) && current.size === 0) return;
      const { code, message } = error.failure;
      const text = isNotEnabled(error)
        ? `Security Hub is not enabled in ${this.region} of ${this.account}, or the role may not use it (${code})`
        : `${error.meta.operation}: ${code} ${message}`.trim();
      this.#problem = { id: '', code, message: text };
    }
  }

  #learn(finding: HubFinding, current: ReadonlySet<string>, isSettled: (finding: HubFinding) => boolean): void {
    const { Id = '' } = finding;
    if (!current.has(Id) && !isSettled(finding)) return;
    const known = this.#knownOf(finding);
    this.#known.set(Id, known);
    // What a later run wrote is none of this one's business.
    if (!current.has(Id) && known.isActive && known.asOf <= Date.parse(this.#push.at)) this.orphans.add(Id);
  }

  #knownOf({ CreatedAt, FirstObservedAt, UpdatedAt, RecordState, ProductFields = {} }: HubFinding): Known {
    const { at, product } = this.#push;
    const createdAt = CreatedAt ?? at;
    return {
      createdAt,
      firstObservedAt: FirstObservedAt ?? createdAt,
      updatedAt: Date.parse(UpdatedAt ?? at),
      asOf: Date.parse(ProductFields[product.asOfKey] ?? '') || 0,
      digest: ProductFields[product.digestKey],
      isActive: RecordState !== 'ARCHIVED',
    };
  }

  /** Takes a finding of the run; resolves when there is room for another. */
  async take(finding: HubFinding, deed: Deed): Promise<void> {
    const id = finding.Id ?? '';
    this.orphans.delete(id);
    const known = this.#known.get(id);
    const digest = createHash('sha256').update(JSON.stringify(finding)).digest('hex').slice(0, 32);
    const isThere = known !== undefined && known.isActive && known.digest === digest;
    const isNewerThere = known !== undefined && known.asOf > Date.parse(this.#push.at);
    if (isThere || isNewerThere) this.#done.upToDate += 1;
    else await this.#add(this.#stamped(finding, digest, known), deed);
  }

  /** With the times it had, and one of update that is later: without that, Security Hub ignores it. */
  #stamped(finding: HubFinding, digest: string, known: Known | undefined): HubFinding {
    const { at, now, product } = this.#push;
    const updatedAt = Math.max(now.getTime(), known === undefined ? 0 : known.updatedAt + 1);
    return {
      ...finding,
      ...(known === undefined ? {} : { CreatedAt: known.createdAt, FirstObservedAt: known.firstObservedAt }),
      UpdatedAt: new Date(updatedAt).toISOString(),
      ProductFields: { ...finding.ProductFields, [product.asOfKey]: at, [product.digestKey]: digest },
    };
  }

  /** Sends what is left and archives the orphans. */
  async finish(): Promise<void> {
    if (this.#hub !== null && this.#problem === null && this.orphans.size > 0) {
      try {
        for await (const finding of this.#hub.withIds([...this.orphans])) {
          const id = finding.Id ?? '';
          if (!this.orphans.has(id)) continue;
          const kept = Object.fromEntries(providers.map((name) => [name, finding[name]])) as unknown as HubFinding;
          await this.#add({ ...this.#stamped(kept, 'archived', this.#known.get(id)), RecordState: 'ARCHIVED' }, 'archived');
        }
      } catch (error) {
        this.#fail([...this.orphans], error);
      }
    }
    await this.#send();
  }

  async #add(finding: HubFinding, deed: Deed): Promise<void> {
    const bytes = Buffer.byteLength(JSON.stringify(finding)) + 1;
    if (this.#batch.length === batchFindingsMax || this.#batchBytes + bytes > batchBytesMax) await this.#send();
    this.#batch.push({ finding, deed });
    this.#batchBytes += bytes;
  }

  async #send(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    if (batch.length === 0) return;
    const ids = batch.map(({ finding }) => finding.Id ?? '');
    if (this.#hub === null || this.#problem !== null) {
      this.#failures.push(...ids.map((id) => ({ code: '', message: '', ...this.#problem, id })));
      return;
    }
    try {
      const failures = this.#push.dryRun ? [] : await this.#hub.import(batch.map(({ finding }) => finding));
      const failed = new Set(failures.map(({ id }) => id));
      this.#failures.push(...failures);
      for (const { finding, deed } of batch) if (!failed.has(finding.Id ?? '')) this.#done[deed] += 1;
    } catch (error) {
      this.#fail(ids, error);
    }
  }

  /** A refusal will be the same for what comes after it. */
  #fail(ids: readonly string[], error: unknown): void {
    if (!(error instanceof CallFailed)) throw error;
    const { code, message, class: kind } = error.failure;
    const text = `${error.meta.operation}: ${code} ${message}`.trim();
    this.#failures.push(...ids.map((id) => ({ id, code, message: text })));
    if (kind === 'denied' || kind === 'not-enabled') this.#problem = { id: '', code, message: text };
  }
}
