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
        's3/tls-only',
      ],
      notCovered: ['enclave attestation'],
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
        's3/tls-only',
      ],
      notCovered: [],
    },
    { id: 'CC6.3', title: 'access changes', rules: [], notCovered: ['enclave attestation'] },
    {
      id: 'CC6.6',
      title: 'external threats',
      rules: ['ebs/snapshot-block-public-access', 'ebs/snapshot-not-public', 'ec2/ami-not-public', 'rds/snapshot-not-public'],
      notCovered: [],
    },
    { id: 'CC7.1', title: 'change detection', rules: [], notCovered: ['enclave attestation'] },
    { id: 'CC7.2', title: 'anomaly monitoring', rules: [], notCovered: ['enclave attestation'] },
    { id: 'CC7.5', title: 'recovery', rules: ['ebs/snapshot-encrypted'], notCovered: [] },
    { id: 'PI1.4', title: 'output delivery', rules: ['s3/default-encryption', 's3/default-encryption-kms'], notCovered: [] },
    {
      id: 'PI1.5',
      title: 'stored data protection',
      rules: ['ebs/volume-encrypted', 'kms/rotation-enabled', 'rds/cluster-encrypted', 'rds/instance-encrypted'],
      notCovered: [],
    },
  ],
});
