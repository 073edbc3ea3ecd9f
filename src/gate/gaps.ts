import type { CoverageRow, Finding } from '#model/report.js';
import { cellRegion, serviceOf } from './order.js';

/** Causes that are a gap: what the run asked for and did not get. Of a foreign key or of a field that AWS leaves out there is no more to get. */
const gapCauses: ReadonlySet<string> = new Set(['denied', 'throttled', 'unreachable', 'unfinished']);

/** Whether an unknown comes with a gap in the coverage. */
export function hasGap({ missing }: Finding): boolean {
  return missing?.some(({ cause }) => gapCauses.has(cause)) === true;
}

/**
 * Whether anything was listed. Settings of an account, which are got without a list, are nothing to speak of; what is
 * described one by one was listed before.
 */
export function anythingListed(coverage: readonly CoverageRow[]): boolean {
  return coverage.some(
    ({ state, operations }) =>
      state !== 'skipped' &&
      operations.some(({ operation, calls, errors }) => /:(List|Describe)/.test(operation) && calls > errors),
  );
}

/** Rows, by name, of which some unknown is not settled, and of which some is. */
export interface GapMarks {
  readonly open: readonly string[];
  readonly closed: readonly string[];
}

/** Rows of the coverage that are gaps, and which of them are closed by what was said of their unknowns. */
export class Gaps {
  readonly #open = new Set<string>();
  readonly #closed = new Set<string>();

  /** An unknown with a gap. `isSettled`: nobody waits for it to be read. */
  add(finding: Finding, isSettled: boolean): void {
    for (const key of keysOf(finding)) (isSettled ? this.#closed : this.#open).add(key);
  }

  marks(): GapMarks {
    return { open: [...this.#open], closed: [...this.#closed] };
  }

  addMarks({ open, closed }: GapMarks): void {
    for (const key of open) this.#open.add(key);
    for (const key of closed) this.#closed.add(key);
  }

  /** Rows that are still gaps: those of which some unknown is not settled, and those that no unknown speaks of. */
  left(coverage: readonly CoverageRow[]): readonly CoverageRow[] {
    return coverage.filter(({ state, ...row }) => {
      if (state === 'complete' || state === 'skipped') return false;
      const key = keyOf(row);
      return this.#open.has(key) || !this.#closed.has(key);
    });
  }
}

/** The rows that an unknown may come from: of its own cell, or of that of the fact that is missing. */
function keysOf(finding: Finding): ReadonlySet<string> {
  const { account, missing } = finding;
  const kinds = (missing ?? []).flatMap(({ facet, cause }) => (gapCauses.has(cause) ? [facet.slice(0, facet.indexOf('/'))] : []));
  const services = new Set(['*', serviceOf(finding), ...kinds.map((kind) => serviceOf({ kind }))]);
  const regions = new Set([cellRegion(finding), finding.region]);
  return new Set([...regions].flatMap((region) => [...services].map((service) => keyOf({ account, region, service }))));
}

function keyOf({ account, region, service }: Pick<CoverageRow, 'account' | 'region' | 'service'>): string {
  return `${account} ${region} ${service}`;
}
