import type { Operation } from '#collect/service.js';
import type { CellFooter } from '#inventory/cell-file.js';
import type { CellEdges } from '#inventory/edges-file.js';
import type { FollowUpCell } from '#inventory/follow-up-plan.js';
import type { RunCell, RunDocument } from '#inventory/run-folder.js';
import type { Missing } from '#model/attempt.js';
import { parseArn } from '#model/arn.js';
import { recordOf, type FacetState, type Kind } from '#model/resources/index.js';

/** By facet, what is called for it. */
type Operations = ReadonlyMap<string, Operation>;

/** A cell that the run did not come to: every listing asked of it is a gap. */
export function unfinishedCell({ account, region, service, asked }: RunCell, operations: Operations): CellFooter {
  const lists = (Object.keys(asked) as Kind[]).map((kind) => ({
    kind,
    complete: false,
    count: 0,
    missing: unfinished(operations, `${kind}/*`),
  }));
  return { ...emptyFooter, account, region, service, lists };
}

/** Keys that the run did not come to ask: every facet wanted of them is a gap. */
export function unfinishedFollowUp(
  { account, region, keys }: FollowUpCell,
  { partition }: RunDocument,
  operations: Operations,
): CellEdges {
  const cell = { account, region, service: 'kms' as const };
  const values = keys.map(({ arn, facets }) => {
    const states = facets.map((facet): [string, FacetState] => [
      facet,
      { state: 'unread', missing: unfinished(operations, `kms.key/${facet}`) },
    ]);
    return recordOf('kms.key', { arn, name: parseArn(arn)?.resource ?? arn, region }, Object.fromEntries(states));
  });
  return { header: { ...cell, cell: '1.0', partition, asked: {} }, edges: [], values, footer: { ...emptyFooter, ...cell } };
}

const emptyFooter = {
  footer: true,
  state: 'partial',
  reason: 'the run ended before it',
  operations: [],
  lists: [],
  unread: [],
  sources: [],
} as const;

function unfinished(operations: Operations, facet: string): Missing {
  const { operation = null, action = null } = operations.get(facet) ?? {};
  return { facet, operation, action, code: null, cause: 'unfinished' };
}
