import { defineFramework } from './define.js';

export default defineFramework({
  id: 'secnumcloud-3.2',
  title: 'SecNumCloud',
  version: '3.2',
  controls: [
    {
      id: '10.1',
      title: null,
      rules: [
        'ebs/default-encryption',
        'ebs/snapshot-encrypted',
        'ebs/volume-encrypted',
        'rds/cluster-encrypted',
        'rds/instance-encrypted',
        'rds/snapshot-encrypted',
        's3/default-encryption',
        's3/default-encryption-kms',
      ],
      notCovered: [],
    },
    { id: '10.2', title: null, rules: ['s3/tls-only'], notCovered: ['RDS encryption in transit'] },
    {
      id: '10.5',
      title: null,
      rules: ['kms/not-pending-deletion', 'kms/policy-not-public', 'kms/rotation-enabled', 'kms/unused'],
      notCovered: ['enclave attestation'],
    },
    { id: '12.9', title: null, rules: [], notCovered: ['an alarm when a key is disabled or its deletion is scheduled'] },
  ],
});
