import { defaultShare, quotaOf } from '#aws/quotas.js';
import type { CallPlan, Chain } from './planned.js';

/** One of the times that a crawl cannot undercut, with what it comes from. */
export interface Term {
  readonly seconds: number;
  readonly at: string;
}

/** Milliseconds of one process that the SDK takes: for a call by protocol, and for an item of a page in XML. */
export interface SdkCosts {
  readonly json: number;
  readonly restXml: number;
  readonly query: number;
  readonly item: number;
}

/** As measured with the SDK alone on one core of a common machine: 700 to 1,000 calls a second. */
export const usualCosts: SdkCosts = { json: 1.22, restXml: 1.37, query: 1, item: 0.036 };

/**
 * The operation whose quota holds up longest, in one account and region: max(0, calls - burst) / rate, both at the
 * share of the quota that a scan takes. `unpublished`: with the operations of which AWS publishes no quota, at the
 * pace that a scan keeps there.
 */
export function quotaTerm(calls: CallPlan, { unpublished }: { readonly unpublished: boolean }): Term {
  let worst: Term = { seconds: 0, at: 'no operation waits for its quota' };
  for (const [id, count] of calls) {
    const { place, operation } = partsOf(id);
    const { rate, burst, published } = quotaOf(operation);
    const seconds = Math.max(0, count - burst * defaultShare) / (rate * defaultShare);
    if ((published || unpublished) && seconds > worst.seconds)
      worst = { seconds, at: `${String(count)} ${operation} in ${place} at ${String(rate * defaultShare)} a second` };
  }
  return worst;
}

/** The longest chain: each of its pages takes one answer's time. */
export function pagingTerm(chains: readonly Chain[], latencyMs: number): Term {
  const longest = chains.reduce<Chain | undefined>((a, b) => (a !== undefined && a.pages >= b.pages ? a : b), undefined);
  if (longest === undefined) return { seconds: 0, at: 'no lists' };
  const { pages, name, place } = longest;
  return { seconds: (pages * latencyMs) / 1000, at: `${String(pages)} ${pages === 1 ? 'page' : 'pages'} of ${name} in ${place}` };
}

/** What the SDK alone takes of one process. */
export function cpuTerm(calls: CallPlan, chains: readonly Chain[], costs: SdkCosts): Term {
  let milliseconds = 0;
  let total = 0;
  for (const [id, count] of calls) {
    const { service } = partsOf(id);
    total += count;
    milliseconds += count * (service === 'kms' ? costs.json : service === 's3' ? costs.restXml : costs.query);
  }
  for (const { operation, items } of chains) if (/^(ec2|rds):/.test(operation)) milliseconds += items * costs.item;
  return { seconds: milliseconds / 1000, at: `${String(total)} calls` };
}

/** The account that `--max-rps` holds up longest. */
export function rateTerm(calls: CallPlan, maxRps: number): Term {
  const byAccount = new Map<string, number>();
  for (const [id, count] of calls) {
    const account = id.slice(0, id.indexOf('/'));
    byAccount.set(account, (byAccount.get(account) ?? 0) + count);
  }
  const [most = ['', 0] as const] = [...byAccount].sort((a, b) => b[1] - a[1]);
  const seconds = Math.max(0, most[1] - Math.max(1, maxRps)) / maxRps;
  return { seconds, at: `${String(most[1])} calls in ${most[0]} at ${String(maxRps)} a second` };
}

/** The parts of a count's name. */
export function partsOf(id: string): { place: string; account: string; region: string; operation: string; service: string } {
  const [account = '', region = '', operation = ''] = id.split('/');
  return { place: `${account}/${region}`, account, region, operation, service: operation.slice(0, operation.indexOf(':')) };
}
