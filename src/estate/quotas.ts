import type { ServiceName } from './errors.js';

/** Tokens a second, and how many the bucket holds. */
type Quota = readonly [rate: number, burst: number];

/** Published request quotas per account, region and operation (docs: KMS requests-per-second, EC2 API throttling, …). */
const published: Partial<Record<ServiceName, Record<string, Quota>>> = {
  kms: {
    DescribeKey: [2000, 2000],
    ListResourceTags: [2000, 2000],
    GetKeyRotationStatus: [1000, 1000],
    GetKeyPolicy: [1000, 1000],
    ListKeys: [500, 500],
    ListAliases: [500, 500],
    ListGrants: [100, 100],
    ListKeyRotations: [100, 100],
    DescribeCustomKeyStores: [5, 5],
    GetKeyLastUsage: [5, 5],
  },
  organizations: {
    ListAccounts: [8, 12],
    DescribeOrganization: [1, 2],
    ListRoots: [1, 2],
    ListOrganizationalUnitsForParent: [5, 8],
    ListParents: [5, 8],
    ListTagsForResource: [10, 15],
  },
  account: { ListRegions: [5, 5] },
  securityhub: { BatchImportFindings: [10, 30], GetFindings: [3, 6] },
};

const EC2: Quota = [20, 100];
/** DescribeVolumes and DescribeSnapshots without filter and without page size. */
const EC2_UNPAGED: Quota = [10, 50];
/** One bucket for all STS operations. */
const STS: Quota = [600, 600];

interface Bucket {
  tokens: number;
  at: number;
}

export class Quotas {
  readonly #buckets = new Map<string, Bucket>();

  /** Takes one token; false: the call is to be throttled. S3 and RDS publish no quota and always pass. */
  take(where: string, service: ServiceName, operation: string, params: Record<string, unknown>): boolean {
    const [name, quota] = this.#quotaOf(service, operation, params);
    if (quota === undefined) return true;
    const [rate, burst] = quota;
    const key = `${where}/${service}/${name}`;
    const now = performance.now();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * rate);
    this.#buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1;
  }

  #quotaOf(service: ServiceName, operation: string, params: Record<string, unknown>): [string, Quota | undefined] {
    if (service === 'sts') return ['*', STS];
    if (service !== 'ec2') return [operation, published[service]?.[operation]];
    const unpaged = params['MaxResults'] === undefined && params['Filters'] === undefined;
    const expensive = operation === 'DescribeVolumes' || operation === 'DescribeSnapshots';
    return expensive && unpaged ? [`${operation} unpaged`, EC2_UNPAGED] : [operation, EC2];
  }
}
