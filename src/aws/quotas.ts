/** A token bucket as AWS publishes it: calls a second, and how many may come at once. */
export interface Quota {
  readonly rate: number;
  readonly burst: number;
}

const ec2 = { rate: 20, burst: 100 };

/**
 * Published request quotas per account and region.
 * KMS: https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
 * EC2: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 * Organizations: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 * Account: https://docs.aws.amazon.com/accounts/latest/reference/quotas.html
 * Security Hub: https://docs.aws.amazon.com/securityhub/1.0/APIReference/Welcome.html
 * STS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const published: Readonly<Record<string, Quota>> = {
  'account:ListRegions': { rate: 5, burst: 5 },
  'kms:DescribeCustomKeyStores': { rate: 5, burst: 5 },
  'kms:DescribeKey': { rate: 2000, burst: 2000 },
  'kms:GetKeyLastUsage': { rate: 5, burst: 5 },
  'kms:GetKeyPolicy': { rate: 1000, burst: 1000 },
  'kms:GetKeyRotationStatus': { rate: 1000, burst: 1000 },
  'kms:ListAliases': { rate: 500, burst: 500 },
  'kms:ListKeyRotations': { rate: 100, burst: 100 },
  'kms:ListKeys': { rate: 500, burst: 500 },
  'kms:ListResourceTags': { rate: 2000, burst: 2000 },
  'organizations:ListAccounts': { rate: 8, burst: 12 },
  'organizations:ListOrganizationalUnitsForParent': { rate: 5, burst: 8 },
  'organizations:ListParents': { rate: 5, burst: 8 },
  'organizations:ListRoots': { rate: 1, burst: 2 },
  'organizations:ListTagsForResource': { rate: 10, burst: 15 },
  'securityhub:BatchImportFindings': { rate: 10, burst: 30 },
  'securityhub:GetFindings': { rate: 3, burst: 6 },
  'sts:AssumeRole': { rate: 600, burst: 600 },
  'sts:GetCallerIdentity': { rate: 600, burst: 600 },
};

/** AWS publishes no figure for these services; a throttle slows the one operation down from here. */
const unpublished: Readonly<Record<string, Quota>> = {
  ec2,
  kms: { rate: 100, burst: 100 },
  rds: { rate: 40, burst: 80 },
  s3: { rate: 400, burst: 400 },
  sts: { rate: 600, burst: 600 },
};

/** The quota of `service:Operation`, and whether AWS publishes it. */
export function quotaOf(operation: string): Quota & { readonly published: boolean } {
  const service = operation.slice(0, operation.indexOf(':'));
  const exact = published[operation];
  if (exact !== undefined) return { ...exact, published: true };
  return { ...(unpublished[service] ?? { rate: 10, burst: 10 }), published: service === 'ec2' };
}

/** The part of a quota that a scan takes, so that the account's own workload keeps the rest. */
export const defaultShare = 0.5;
