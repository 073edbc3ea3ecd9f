import type { Plan } from '#model/plan.js';
import { partsOf } from './bound.js';
import type { CallPlan } from './planned.js';

interface Price {
  readonly what: string;
  readonly usdPer1000: number;
  readonly source: string;
  readonly matches: (operation: string) => boolean;
}

const s3Pricing = 'https://aws.amazon.com/s3/pricing/';

/**
 * List prices of US East (N. Virginia), without free tiers; the first that matches counts. Calls of EC2, RDS and STS
 * cost nothing.
 */
const prices: readonly Price[] = [
  { what: 'S3 LIST requests', usdPer1000: 0.005, source: s3Pricing, matches: (operation) => operation.startsWith('s3:List') },
  {
    what: 'S3 GET and all other requests',
    usdPer1000: 0.0004,
    source: s3Pricing,
    matches: (operation) => operation.startsWith('s3:'),
  },
  {
    what: 'KMS requests',
    usdPer1000: 0.003,
    source: 'https://aws.amazon.com/kms/pricing/',
    matches: (operation) => operation.startsWith('kms:'),
  },
];

/** What AWS charges for the calls. */
export function costOf(calls: CallPlan): Plan['cost'] {
  const counts = new Map<Price, number>();
  for (const [id, count] of calls) {
    const price = prices.find(({ matches }) => matches(partsOf(id).operation));
    if (price !== undefined) counts.set(price, (counts.get(price) ?? 0) + count);
  }
  const lines = prices.flatMap((price) => {
    const { what, usdPer1000, source } = price;
    const count = counts.get(price) ?? 0;
    return count === 0 ? [] : [{ what, calls: count, usdPer1000, usd: rounded((count / 1000) * usdPer1000), source }];
  });
  return { usd: rounded(lines.reduce((sum, { usd }) => sum + usd, 0)), lines };
}

/** To a hundredth of a cent. */
function rounded(usd: number): number {
  return Math.round(usd * 10_000) / 10_000;
}
