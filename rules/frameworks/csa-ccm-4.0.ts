import { defineFramework } from './define.js';

export default defineFramework({
  id: 'csa-ccm-4.0',
  title: 'CSA Cloud Controls Matrix',
  version: '4.0.13',
  controls: [
    {
      id: 'CCC-07',
      title: 'baseline drift',
      rules: [],
      notCovered: ['an alarm when a key is disabled or its deletion is scheduled'],
    },
    {
      id: 'CEK-03',
      title: 'data encryption',
      rules: [
        'ebs/default-encryption',
        'ebs/snapshot-encrypted',
        'ebs/volume-encrypted',
        'rds/cluster-encrypted',
        'rds/instance-encrypted',
        'rds/snapshot-encrypted',
        's3/default-encryption',
        's3/default-encryption-kms',
        's3/tls-only',
      ],
      notCovered: ['RDS encryption in transit'],
    },
    {
      id: 'CEK-08',
      title: 'customer key management',
      rules: ['kms/mrk-regions-approved', 'kms/policy-not-public', 'kms/unused', 's3/default-encryption-kms'],
      notCovered: [],
    },
    { id: 'CEK-10', title: 'key generation', rules: ['kms/unused'], notCovered: [] },
    { id: 'CEK-12', title: 'key rotation', rules: ['kms/rotation-enabled'], notCovered: [] },
    { id: 'CEK-14', title: 'key destruction', rules: ['kms/not-pending-deletion'], notCovered: [] },
    {
      id: 'DSP-07',
      title: 'protection by default',
      rules: ['ebs/default-encryption', 'ebs/snapshot-block-public-access', 'rds/snapshot-not-public'],
      notCovered: [],
    },
    { id: 'DSP-10', title: 'sensitive transfer', rules: ['s3/tls-only'], notCovered: ['RDS encryption in transit'] },
    {
      id: 'DSP-17',
      title: 'sensitive data',
      rules: [
        'ebs/snapshot-not-public',
        'ebs/volume-encrypted',
        'rds/instance-encrypted',
        'rds/snapshot-not-public',
        's3/default-encryption',
      ],
      notCovered: [],
    },
    { id: 'IPY-03', title: 'interoperability security', rules: ['s3/tls-only'], notCovered: [] },
    {
      id: 'LOG-05',
      title: 'log response',
      rules: [],
      notCovered: ['an alarm when a key is disabled or its deletion is scheduled'],
    },
    { id: 'LOG-10', title: 'encryption reporting', rules: ['kms/rotation-enabled'], notCovered: [] },
    { id: 'UEM-08', title: 'storage encryption', rules: ['ebs/default-encryption', 'ebs/volume-encrypted'], notCovered: [] },
  ],
});
