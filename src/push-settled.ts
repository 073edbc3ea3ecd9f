import type { RunDocument } from '#inventory/run-folder.js';
import type { ReportHeader } from '#model/report.js';
import { serviceOfKind, type Kind } from '#model/resources/index.js';

/** What a finding in Security Hub says it is about. */
export interface Subject {
  readonly rule: string;
  readonly kind: string;
  readonly resource: string;
  readonly account: string;
  readonly region: string;
}

/**
 * Whether the run would have the finding if it still were so: its rule was on and threw nowhere, and the service that
 * lists its kind was read completely in its account and region. Anything less, and it may be there unseen.
 */
export function settledBy(header: ReportHeader, run: RunDocument): (subject: Subject) => boolean {
  const complete = new Set(
    header.coverage.flatMap(({ account, region, service, state }) =>
      state === 'complete' ? [`${account}/${region}/${service}`] : [],
    ),
  );
  const rules = new Map(header.rules.map(({ id, offIn }) => [id, new Set(offIn)]));
  const threw = new Set(header.errors.map(({ rule }) => rule));
  const regions = new Map(run.accounts.map((account) => [account.id, new Set(account.regions)]));
  return ({ rule, kind, resource, account, region }) => {
    const offIn = rules.get(rule);
    if (offIn === undefined || offIn.has(account) || threw.has(rule)) return false;
    if (!Object.hasOwn(serviceOfKind, kind)) return false;
    const service = serviceOfKind[kind as Kind];
    if (kind !== 's3.bucket') return complete.has(`${account}/${region}/${service}`);
    // All buckets of an account are listed at once, and of those only the asked regions' are read.
    const wasAsked = resource.endsWith(':s3.bucket/*') || regions.get(account)?.has(region) === true;
    return wasAsked && complete.has(`${account}/global/${service}`);
  };
}
