import type { Source } from '#collect/service.js';
import type { Estimate } from '#model/plan.js';

/** Calls by `ACCOUNT/REGION/service:Operation`, retries apart. */
export type CallPlan = ReadonlyMap<string, number>;

/** A list whose pages name one another, and so come one after the other. */
export interface Chain {
  /** `ACCOUNT/REGION`. */
  readonly place: string;
  readonly name: string;
  readonly operation: string;
  readonly items: number;
  readonly pages: number;
}

const worst: readonly Estimate[] = ['incomplete', 'not-listed', 'not-read'];

/** The calls of a run as they are counted, with what bounds them. */
export class Planned {
  readonly #calls = new Map<string, number>();
  readonly #estimates = new Map<string, Estimate>();
  readonly chains: Chain[] = [];
  resources = 0;

  get calls(): CallPlan {
    return this.#calls;
  }

  /** Why a count may differ from what will be asked; none: it is as exact as the inventory. */
  get estimates(): ReadonlyMap<string, Estimate> {
    return this.#estimates;
  }

  /** The worst reason that any count has. */
  get worstEstimate(): Estimate | undefined {
    const found = new Set(this.#estimates.values());
    return worst.find((estimate) => found.has(estimate));
  }

  add(account: string, region: string, operation: string, count = 1, estimate?: Estimate): void {
    const id = `${account}/${region}/${operation}`;
    if (count > 0) this.#calls.set(id, (this.#calls.get(id) ?? 0) + count);
    if (estimate !== undefined) this.mark(account, region, operation, estimate);
  }

  /** Says why a count is a guess; one that nothing was counted of yet stands at none. */
  mark(account: string, region: string, operation: string, estimate: Estimate): void {
    const id = `${account}/${region}/${operation}`;
    if (!this.#calls.has(id)) this.#calls.set(id, 0);
    const before = this.#estimates.get(id);
    if (before === undefined || worst.indexOf(estimate) < worst.indexOf(before)) this.#estimates.set(id, estimate);
  }

  /** An empty list still costs the call that finds it empty. `items`: undefined where nobody has counted them yet. */
  chain(account: string, region: string, { name, operation, pageSize }: Source, items: number | undefined): void {
    const pages = pageSize === null || items === undefined ? 1 : Math.max(1, Math.ceil(items / pageSize));
    this.chains.push({ place: `${account}/${region}`, name, operation, items: items ?? 0, pages });
    this.add(account, region, operation, pages, items === undefined ? 'not-read' : undefined);
  }
}
