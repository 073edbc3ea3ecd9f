import { defineFramework } from './define.js';

export default defineFramework({
  id: 'dora',
  title: 'Digital Operational Resilience Act',
  version: '2022/2554',
  controls: [
    {
      id: 'DORA-Art7',
      title: null,
      rules: [
        'ebs/default-encryption',
        'kms/rotation-enabled',
        's3/default-encryption',
        's3/default-encryption-kms',
        's3/tls-only',
      ],
      notCovered: ['RDS encryption in transit'],
    },
    {
      id: 'DORA-Art9',
      title: null,
      rules: [
        'ebs/snapshot-block-public-access',
        'ebs/snapshot-encrypted',
        'ebs/snapshot-not-public',
        'ebs/volume-encrypted',
        'kms/policy-not-public',
        'rds/cluster-encrypted',
        'rds/instance-encrypted',
        'rds/snapshot-not-public',
      ],
      notCovered: [],
    },
    { id: 'DORA-Art12', title: null, rules: ['rds/snapshot-encrypted'], notCovered: [] },
    { id: 'DORA-Art19', title: null, rules: [], notCovered: ['an alarm when a key is disabled or its deletion is scheduled'] },
    { id: 'DORA-Art30', title: null, rules: [], notCovered: ['IAM policies that allow every action on every key'] },
  ],
});
