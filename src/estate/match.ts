/** What a denial or a fault applies to. What is not given matches everything. */
export interface Match {
  account?: string;
  region?: string;
  /** `kms:DescribeKey`, `kms:*`, or several. */
  operation?: string | readonly string[];
  /** Id or ARN of the resource a call names: key, bucket, snapshot, role. */
  resource?: string;
  /** Only this page of a list, counted from 1. */
  page?: number;
  /** Only pages after this one. */
  afterPage?: number;
}

/** Which policy refuses; each has its own wording. */
export type DenyReason =
  | 'identity-policy'
  | 'identity-deny'
  | 'service-control-policy'
  | 'resource-control-policy'
  | 'resource-policy'
  | 'resource-deny'
  | 'permissions-boundary'
  | 'session-policy';

/** What a match looks at in a call. */
export interface Target {
  account: string;
  region: string;
  operation: string;
  resource?: string | undefined;
  page: number;
}

export function matches(rule: Match, target: Target): boolean {
  return (
    (rule.account === undefined || rule.account === target.account) &&
    (rule.region === undefined || rule.region === target.region) &&
    (rule.operation === undefined || [rule.operation].flat().some((name) => isOperation(name, target.operation))) &&
    (rule.resource === undefined || (target.resource !== undefined && tail(rule.resource) === tail(target.resource))) &&
    (rule.page === undefined || rule.page === target.page) &&
    (rule.afterPage === undefined || target.page > rule.afterPage)
  );
}

function isOperation(name: string, operation: string): boolean {
  return name.endsWith('*') ? operation.startsWith(name.slice(0, -1)) : name === operation;
}

/** An ARN and the bare id name the same thing; `alias/…` and `rds:…` keep their prefix. */
function tail(name: string): string {
  const local = name.startsWith('arn:') ? name.split(':').slice(5).join(':') : name;
  return local.replace(/^(key|role|snapshot|cluster-snapshot|db|cluster)[:/]/, '');
}
