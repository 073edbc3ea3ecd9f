import type { ServiceName } from '../errors.js';
import type { Operation } from '../operation.js';
import { account } from './account.js';
import { ec2 } from './ec2.js';
import { kms } from './kms.js';
import { organizations } from './organizations.js';
import { rds } from './rds.js';
import { s3 } from './s3.js';
import { securityhub } from './securityhub.js';
import { sts } from './sts.js';

const tables: Record<ServiceName, Record<string, Operation>> = { kms, s3, ec2, rds, sts, organizations, account, securityhub };

export function operationOf(service: ServiceName, name: string): Operation | undefined {
  const table = tables[service];
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Every operation that is simulated, as `kms:DescribeKey`. */
export const operations: readonly string[] = Object.entries(tables).flatMap(([service, table]) =>
  Object.keys(table).map((name) => `${service}:${name}`),
);
