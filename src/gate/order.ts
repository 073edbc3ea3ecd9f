import { AtrestError } from '#model/errors.js';
import { compareText } from '#model/place.js';
import type { Finding } from '#model/report.js';
import { serviceOfKind, type Kind } from '#model/resources/index.js';

/** What of a finding says where it stands in a report. */
export type Placed = Pick<Finding, 'account' | 'region' | 'kind' | 'resource' | 'rule'>;

/** The one unknown that a rule has of a kind whose listing could not be read to its end. */
export function isListing({ kind, resource }: Pick<Placed, 'kind' | 'resource'>): boolean {
  return resource.endsWith(`:${kind}/*`);
}

/** The region of the cell that a resource is read in: buckets are listed once per account. */
export function cellRegion({ kind, region }: Pick<Placed, 'kind' | 'region'>): string {
  return kind === 's3.bucket' ? 'global' : region;
}

export function serviceOf({ kind }: Pick<Placed, 'kind'>): string {
  return serviceOfKind[kind as Kind];
}

function compareCellsOf(a: Placed, b: Placed): number {
  return (
    compareText(a.account, b.account) || compareText(cellRegion(a), cellRegion(b)) || compareText(serviceOf(a), serviceOf(b))
  );
}

/** Report order: by cell, what could not be listed first, then kind, resource and rule. 0 is the same finding. */
export function compareFindings(a: Placed, b: Placed): number {
  return (
    compareCellsOf(a, b) ||
    Number(isListing(b)) - Number(isListing(a)) ||
    compareText(a.kind, b.kind) ||
    compareText(a.resource, b.resource) ||
    compareText(a.region, b.region) ||
    compareText(a.rule, b.rule)
  );
}

/**
 * Findings of a run in report order. A run has them so, but for what could not be listed, which a cell begins with in
 * the order in which its service lists. Rejects what is in another order: joined, it would be wrong without a word.
 */
export async function* inReportOrder(findings: AsyncIterable<Finding>, run: string): AsyncGenerator<Finding> {
  let last: Finding | undefined;
  for await (const finding of headsSorted(findings)) {
    if (last !== undefined && compareFindings(last, finding) >= 0)
      throw new AtrestError('run-folder', `The findings of ${run} are not in report order, at ${finding.id}`, {
        hint: 'Judge the run again with `atrest evaluate`.',
      });
    last = finding;
    yield finding;
  }
}

async function* headsSorted(findings: AsyncIterable<Finding>): AsyncGenerator<Finding> {
  let heads: Finding[] = [];
  for await (const finding of findings) {
    const [first] = heads;
    if (isListing(finding) && (first === undefined || compareCellsOf(first, finding) === 0)) {
      heads.push(finding);
      continue;
    }
    if (first !== undefined) yield* heads.sort(compareFindings);
    heads = isListing(finding) ? [finding] : [];
    if (heads.length === 0) yield finding;
  }
  yield* heads.sort(compareFindings);
}

/** A finding of two runs, or of one of them. */
export interface Joined {
  readonly before: Finding | null;
  readonly after: Finding | null;
}

/** Every finding of either run once, in report order, with no more than one of each in memory. */
export async function* join(before: AsyncIterable<Finding>, after: AsyncIterable<Finding>): AsyncGenerator<Joined> {
  const [left, right] = [before[Symbol.asyncIterator](), after[Symbol.asyncIterator]()];
  try {
    let a = await left.next();
    let b = await right.next();
    while (a.done !== true || b.done !== true) {
      const order = a.done === true ? 1 : b.done === true ? -1 : compareFindings(a.value, b.value);
      yield { before: order <= 0 ? (a.value as Finding) : null, after: order >= 0 ? (b.value as Finding) : null };
      if (order <= 0) a = await left.next();
      if (order >= 0) b = await right.next();
    }
  } finally {
    await left.return?.();
    await right.return?.();
  }
}
