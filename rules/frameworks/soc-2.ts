import { defineFramework } from './define.js';

export default defineFramework({
  id: 'soc-2',
  title: 'SOC 2 Trust Services Criteria',
  version: 'TSC 2017',
  controls: [
    {
      id: 'CC6.1',
      title: 'logical access architecture',
      rules: [
        'ebs/default-encryption',
        'ebs/snapshot-not-public',
        'ebs/volume-encrypted',
        'kms/not-pending-deletion',
        'rds/instance-encrypted',
        'rds/snapshot-encrypted',
        'rds/snapshot-not-public',
        's3/default-encryption',
      ],
      notCovered: ['(rule to come) s3/tls-only', 'enclave attestation'],
    },
    {
      id: 'CC6.2',
      title: 'credential issuance',
      rules: [
        'ebs/default-encryption',
        'ebs/snapshot-not-public',
        'ebs/volume-encrypted',
        'kms/not-pending-deletion',
        'rds/instance-encrypted',
        'rds/snapshot-encrypted',
        'rds/snapshot-not-public',
        's3/default-encryption',
      ],
      notCovered: ['(rule to come) s3/tls-only'],
    },
    { id: 'CC6.3', title: 'access changes', rules: [], notCovered: ['enclave attestation'] },
    {
      id: 'CC6.6',
      title: 'external threats',
      rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'],
      notCovered: ['(rule to come) ebs/snapshot-block-public-access', '(rule to come) ec2/ami-not-public'],
    },
    { id: 'CC7.1', title: 'change detection', rules: [], notCovered: ['enclave attestation'] },
    { id: 'CC7.2', title: 'anomaly monitoring', rules: [], notCovered: ['enclave attestation'] },
    { id: 'CC7.5', title: 'recovery', rules: ['ebs/snapshot-encrypted'], notCovered: [] },
    {
      id: 'PI1.4',
      title: 'output delivery',
      rules: ['s3/default-encryption'],
      notCovered: ['(rule to come) s3/default-encryption-kms'],
    },
    {
      id: 'PI1.5',
      title: 'stored data protection',
      rules: ['ebs/volume-encrypted', 'kms/rotation-enabled', 'rds/cluster-encrypted', 'rds/instance-encrypted'],
      notCovered: [],
    },
  ],
});
