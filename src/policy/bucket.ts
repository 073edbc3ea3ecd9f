/** What a bucket policy says of the bucket and its objects: is SSE-C refused, who delivers logs, is TLS demanded. */

import { coversAction } from './actions.js';
import { isFlag } from './conditions.js';
import type { Condition } from './operators.js';
import { refOf, type PatternSet, type PolicyDocument, type StatementRef } from './document.js';
import { ELB_ACCOUNTS } from './elb-accounts.js';
import { isForEveryone, type Principal } from './principals.js';
import { canBeginWith, coversAllUnder } from './wildcard.js';
import { matchesGlob } from '#model/glob.js';

const CUSTOMER_ALGORITHM = 's3:x-amz-server-side-encryption-customer-algorithm';

/**
 * The statement that refuses every upload under a customer-provided key; null when there is none.
 * `Null … = false` reads: the header is present.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 *
 * @param bucketArn such as `arn:aws:s3:::name`
 */
export function deniesCustomerKeys(policy: PolicyDocument, bucketArn: string): StatementRef | null {
  const found = policy.statements.find(
    ({ effect, principals, actions, resources, conditions }) =>
      effect === 'Deny' &&
      isForEveryone(principals) &&
      coversAction(actions, 's3:PutObject') &&
      coversAllObjects(resources, bucketArn) &&
      conditions.length > 0 &&
      conditions.every((condition) => condition.key === CUSTOMER_ALGORITHM && isFlag(condition, 'Null', 'false')),
  );
  return found === undefined ? null : refOf(found);
}

export interface LogDelivery extends StatementRef {
  /** The service, or the account of Elastic Load Balancing, that may write. */
  readonly principal: string;
  readonly source: 's3-access-logs' | 'elb-access-logs';
  /** Region of the load balancers, for an account of Elastic Load Balancing. */
  readonly region: string | null;
}

const LOG_SERVICES: ReadonlyMap<string, LogDelivery['source']> = new Map([
  ['logging.s3.amazonaws.com', 's3-access-logs'],
  ['logdelivery.elasticloadbalancing.amazonaws.com', 'elb-access-logs'],
]);

/**
 * The Allow statements by which AWS delivers logs that cannot be written under a customer managed key: S3 server
 * access logs and load balancer access logs. Conditions are not weighed: they narrow down whose logs these are.
 */
export function logDelivery(policy: PolicyDocument, bucketArn: string): readonly LogDelivery[] {
  const found: LogDelivery[] = [];
  for (const statement of policy.statements) {
    const { effect, principals, actions, resources } = statement;
    if (effect !== 'Allow' || principals === null || principals.negated) continue;
    if (!coversAction(actions, 's3:PutObject') || !touchesObjects(resources, bucketArn)) continue;
    for (const member of principals.members) {
      const writer = logWriter(member);
      if (writer !== null) found.push({ ...refOf(statement), ...writer });
    }
  }
  return found;
}

function logWriter(principal: Principal): Omit<LogDelivery, keyof StatementRef> | null {
  if (principal.kind === 'service') {
    const source = LOG_SERVICES.get(principal.name);
    return source === undefined ? null : { principal: principal.name, source, region: null };
  }
  if (principal.kind !== 'account') return null;
  const region = ELB_ACCOUNTS.get(principal.account);
  return region === undefined ? null : { principal: principal.account, source: 'elb-access-logs', region };
}

/** Whether every object of the bucket is meant. */
export function coversAllObjects(resources: PatternSet | null, bucketArn: string): boolean {
  if (resources === null) return false;
  const prefix = `${bucketArn}/`;
  if (resources.negated) return !resources.patterns.some((pattern) => canBeginWith(pattern, prefix));
  return resources.patterns.some((pattern) => coversAllUnder(pattern, prefix));
}

/** Whether the bucket itself is meant. */
export function coversBucket(resources: PatternSet | null, bucketArn: string): boolean {
  return resources !== null && resources.patterns.some((pattern) => matchesGlob(pattern, bucketArn)) !== resources.negated;
}

/** Whether any object of the bucket is meant. */
export function touchesObjects(resources: PatternSet | null, bucketArn: string): boolean {
  if (resources === null) return false;
  const prefix = `${bucketArn}/`;
  if (resources.negated) return !resources.patterns.some((pattern) => coversAllUnder(pattern, prefix));
  return resources.patterns.some((pattern) => canBeginWith(pattern, prefix));
}

export interface TlsDemand {
  /** The statements that refuse requests without TLS to everyone, in the policy's order. */
  readonly statements: readonly StatementRef[];
  readonly onBucket: boolean;
  readonly onObjects: boolean;
}

/**
 * Which part of a bucket the policy closes to requests without TLS, or with one that is too old, for everyone. An
 * Allow under TLS closes nothing: other statements may allow the rest.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
 */
export function tlsDemand(policy: PolicyDocument, bucketArn: string): TlsDemand {
  const found = { statements: [] as StatementRef[], onBucket: false, onObjects: false };
  for (const statement of policy.statements) {
    const { effect, principals, actions, resources, conditions } = statement;
    if (effect !== 'Deny' || !isForEveryone(principals) || !coversAllActions(actions)) continue;
    if (!conditions.some(isWithoutTls) || !conditions.every((each) => isWithoutTls(each) || isServiceExemption(each))) continue;
    if (conditions.filter(isWithoutTls).length > 1) continue;
    const onBucket = coversBucket(resources, bucketArn);
    const onObjects = coversAllObjects(resources, bucketArn);
    if (!onBucket && !onObjects) continue;
    found.statements.push(refOf(statement));
    found.onBucket ||= onBucket;
    found.onObjects ||= onObjects;
  }
  return found;
}

const OLDEST_TLS = 1.2;

/** Meets requests without TLS, or with a version older than 1.2. One value that is high enough suffices. */
function isWithoutTls(condition: Condition): boolean {
  if (condition.key === 'aws:securetransport') return isFlag(condition, 'Bool', 'false');
  return (
    condition.key === 's3:tlsversion' &&
    condition.operator === 'NumericLessThan' &&
    condition.quantifier === 'none' &&
    condition.values.some((value) => Number(value) >= OLDEST_TLS)
  );
}

/** Services of AWS call each other in ways of their own, so a Deny may leave them out. */
function isServiceExemption(condition: Condition): boolean {
  return condition.key === 'aws:principalisawsservice' && isFlag(condition, 'Bool', 'false');
}

/** Whether every action of S3 is meant. */
function coversAllActions(actions: PatternSet | null): boolean {
  if (actions === null) return false;
  if (actions.negated) return !actions.patterns.some((pattern) => canBeginWith(pattern, 's3:'));
  return actions.patterns.some((pattern) => coversAllUnder(pattern, 's3:'));
}
