/**
 * The IAM actions of finding out what there is to scan. `sts:GetCallerIdentity` is not among them: it needs no permission.
 */

/** In every account that is scanned. */
export const regionActions = ['account:ListRegions', 'ec2:DescribeRegions'] as const;

/** In the account from which the organisation is listed. */
export const organizationActions = ['organizations:DescribeOrganization', 'organizations:ListAccounts'] as const;
