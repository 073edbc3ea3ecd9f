/**
 * The IAM actions of finding out what there is to scan. `sts:GetCallerIdentity` is not among them: it needs no permission.
 */

/** In every account that is scanned. */
export const regionActions = ['account:ListRegions', 'ec2:DescribeRegions'] as const;

/** In the account from which the organisation is listed: its accounts, and the OUs and tags by which they are chosen. */
export const organizationActions = [
  'organizations:ListAccounts',
  'organizations:ListOrganizationalUnitsForParent',
  'organizations:ListParents',
  'organizations:ListRoots',
  'organizations:ListTagsForResource',
] as const;
