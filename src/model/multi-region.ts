import type { Missing } from './attempt.js';
import type { KeyMetadata } from './resources/index.js';

/** Whether a key is a replica, and settled enough to be compared with its primary. */
export function replicaToJudge({ manager, state, multiRegion }: KeyMetadata, passing: ReadonlySet<string>): true | string {
  if (manager === 'AWS') return 'AWS managed keys stay in their region';
  if (multiRegion === null) return 'a single-Region key';
  if (multiRegion.role !== 'REPLICA') return 'not a replica';
  return !passing.has(state) || `the key is in state ${state}`;
}

export const primaryAbsent: Missing = {
  facet: 'kms.key/metadata',
  operation: 'kms:DescribeKey',
  action: 'kms:DescribeKey',
  code: 'PrimaryKey',
  cause: 'absent-field',
};
