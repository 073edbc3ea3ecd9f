import { CallFailed } from '#aws/ask.js';
import {
  batchBytesMax,
  batchFindingsMax,
  isNotEnabled,
  type HubFinding,
  type ImportFailure,
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
  /** When the run ended. */
  readonly #at: string;
  readonly #dryRun: boolean;
  readonly #known = new Map<string, Known>();
  readonly #done = { imported: 0, passed: 0, archived: 0, upToDate: 0 };
  readonly #failures: ImportFailure[] = [];
  #problem: ImportFailure | null = null;
  #batch: { readonly finding: HubFinding; readonly deed: Deed }[] = [];
  #batchBytes = 0;

  /** `hub` is null where the account could not be entered, and `problem` says why. */
  constructor(
    { account, region }: { readonly account: string; readonly region: string },
    { hub, problem, at, dryRun }: { hub: SecurityHub | null; problem: string | null; at: string; dryRun: boolean },
  ) {
    this.account = account;
    this.region = region;
    this.#hub = hub;
    this.#at = at;
    this.#dryRun = dryRun;
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
    const { Id = '', CreatedAt = this.#at, FirstObservedAt = CreatedAt, UpdatedAt = this.#at, RecordState } = finding;
    const updatedAt = Date.parse(UpdatedAt);
    if (current.has(Id) || isSettled(finding)) {
      this.#known.set(Id, { createdAt: CreatedAt, firstObservedAt: FirstObservedAt, updatedAt });
    }
    // What a later run wrote is none of this one's business.
    const isOlder = updatedAt < Date.parse(this.#at);
    if (RecordState !== 'ARCHIVED' && isOlder && !current.has(Id) && isSettled(finding)) this.orphans.add(Id);
  }

  /** Takes a finding of the run; resolves when there is room for another. */
  async take(finding: HubFinding, deed: Deed): Promise<void> {
    const id = finding.Id ?? '';
    this.orphans.delete(id);
    const known = this.#known.get(id);
    if (known === undefined) return this.#add(finding, deed);
    // Security Hub would ignore it.
    if (known.updatedAt >= Date.parse(this.#at)) this.#done.upToDate += 1;
    else await this.#add({ ...finding, CreatedAt: known.createdAt, FirstObservedAt: known.firstObservedAt }, deed);
  }

  /** Sends what is left and archives the orphans. */
  async finish(): Promise<void> {
    if (this.#hub !== null && this.#problem === null && this.orphans.size > 0) {
      try {
        for await (const finding of this.#hub.withIds([...this.orphans])) {
          if (!this.orphans.has(finding.Id ?? '')) continue;
          const kept = Object.fromEntries(providers.map((name) => [name, finding[name]])) as unknown as HubFinding;
          await this.#add({ ...kept, UpdatedAt: this.#at, RecordState: 'ARCHIVED' }, 'archived');
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
      const failures = this.#dryRun ? [] : await this.#hub.import(batch.map(({ finding }) => finding));
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
