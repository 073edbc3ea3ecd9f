import type { Cause, Missing } from '#model/attempt.js';
import { isGap } from '#model/attempt.js';
import { refusals, type CellCoverage, type ListCoverage, type OperationCoverage, type Refusal } from '#model/coverage.js';
import type { ResourceRecord } from '#model/resources/index.js';

interface Tally {
  calls: number;
  errors: number;
  code: string | null;
  throttles?: number;
}

/** What one cell could and could not read: the coverage ledger's rows for it. */
export class CellLedger {
  readonly #operations = new Map<string, Tally>();
  readonly #unread = new Map<string, { missing: Missing; count: number }>();
  #answers = 0;
  #notOffered: string | null = null;
  readonly #refusals: Cause[] = [];
  readonly #refusedBy = new Set<Refusal | null>();

  /** A call that AWS answered, be it to say that there is none. */
  answered(operation: string): void {
    this.#tally(operation).calls += 1;
    this.#answers += 1;
  }

  failed(operation: string, code: string, cause: Cause, by: Refusal | null): void {
    const tally = this.#tally(operation);
    tally.calls += 1;
    tally.errors += 1;
    tally.code = code;
    this.#refusals.push(cause);
    this.#refusedBy.add(by);
  }

  /** A call, whatever became of it, was told so often to come back later. */
  throttled(operation: string, times: number): void {
    if (times === 0) return;
    const tally = this.#tally(operation);
    tally.throttles = (tally.throttles ?? 0) + times;
  }

  /** AWS has none of it in the region: whatever the call said, nothing is missing. */
  notOffered(what: string): void {
    this.#notOffered = what;
  }

  /** Counts the facets that stayed unread on a resource that is about to be written. */
  record({ kind, unread, gone }: ResourceRecord): void {
    if (gone === true || unread === undefined) return;
    for (const [name, missing] of Object.entries(unread)) {
      // A facet that was not called because of another's failure is counted there.
      if (!isGap(missing.cause) || missing.facet !== `${kind}/${name}`) continue;
      const id = `${missing.facet} ${missing.code ?? ''}`;
      const found = this.#unread.get(id);
      if (found === undefined) this.#unread.set(id, { missing, count: 1 });
      else found.count += 1;
    }
  }

  isTransient({ cause }: Missing): boolean {
    return cause === 'throttled' || cause === 'unreachable';
  }

  operations(): readonly OperationCoverage[] {
    return [...this.#operations]
      .map(([operation, tally]) => ({ operation, ...tally }))
      .sort((a, b) => (a.operation < b.operation ? -1 : 1));
  }

  unread(): readonly { readonly missing: Missing; readonly count: number }[] {
    return [...this.#unread].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
  }

  /** denied and unreachable say that nothing at all was answered; one refusal among answers is partial. */
  state(lists: readonly ListCoverage[]): Pick<CellCoverage, 'state' | 'reason' | 'refusedBy'> {
    const gaps = lists.filter(({ complete }) => !complete).length + this.#unread.size;
    if (gaps === 0 && this.#answers === 0 && this.#notOffered !== null)
      return { state: 'skipped', reason: `AWS has no endpoint for ${this.#notOffered} in the region` };
    if (gaps === 0) return { state: 'complete', reason: null };
    const codes = [...this.unread(), ...lists].flatMap(({ missing }) => missing?.code ?? []);
    const reason = [...new Set(codes)].sort().join(', ');
    if (this.#answers > 0) return { state: 'partial', reason };
    const [refusedBy, ...others] = this.#refusedBy;
    if (refusedBy !== undefined && refusedBy !== null && others.length === 0)
      return { state: 'denied', reason: refusals[refusedBy], refusedBy };
    return { state: this.#refusals.every((cause) => cause === 'unreachable') ? 'unreachable' : 'denied', reason };
  }

  #tally(operation: string): Tally {
    const found = this.#operations.get(operation);
    if (found !== undefined) return found;
    const tally = { calls: 0, errors: 0, code: null };
    this.#operations.set(operation, tally);
    return tally;
  }
}
