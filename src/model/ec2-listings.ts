import type { Missing } from './attempt.js';

const listings = {
  'ebs.snapshot': 'ec2:DescribeSnapshots',
  'ebs.volume': 'ec2:DescribeVolumes',
  'ec2.image': 'ec2:DescribeImages',
} as const;

/** AWS listed the resource, but without this field. */
export function leftOut(kind: keyof typeof listings, field: string): Missing {
  const operation = listings[kind];
  return { facet: `${kind}/details`, operation, action: operation, code: field, cause: 'absent-field' };
}

/** No complete listing of the run holds it: deleted, or somebody else's. */
export function notOurs(kind: keyof typeof listings, id: string): Missing {
  const operation = listings[kind];
  return { facet: `${kind}/details`, operation, action: operation, code: id, cause: 'foreign' };
}
