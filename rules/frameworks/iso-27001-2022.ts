import { defineFramework } from './define.js';

export default defineFramework({
  id: 'iso-27001-2022',
  title: 'ISO/IEC 27001',
  version: '2022',
  controls: [
    {
      id: 'A.8.1',
      title: 'endpoint devices',
      rules: ['ebs/snapshot-not-public', 'kms/policy-not-public', 'rds/snapshot-not-public'],
      notCovered: ['(rule to come) ec2/ami-not-public'],
    },
    { id: 'A.8.5', title: 'authentication', rules: ['kms/rotation-enabled'], notCovered: ['(rule to come) kms/unused'] },
    { id: 'A.8.9', title: 'configuration', rules: [], notCovered: ['enclave attestation'] },
    {
      id: 'A.8.11',
      title: 'masking',
      rules: [
        'ebs/default-encryption',
        'ebs/volume-encrypted',
        'kms/not-pending-deletion',
        'kms/rotation-enabled',
        'rds/cluster-encrypted',
        'rds/instance-encrypted',
        'rds/snapshot-encrypted',
        's3/default-encryption',
      ],
      notCovered: [
        '(rule to come) kms/mrk-regions-approved',
        '(rule to come) kms/unused',
        '(rule to come) s3/default-encryption-kms',
      ],
    },
    { id: 'A.8.15', title: 'logging', rules: [], notCovered: ['an alarm when a key is disabled or its deletion is scheduled'] },
    {
      id: 'A.8.16',
      title: 'monitoring',
      rules: [],
      notCovered: ['an alarm when a key is disabled or its deletion is scheduled', 'enclave attestation'],
    },
    {
      id: 'A.8.24',
      title: 'cryptography',
      rules: [
        'ebs/default-encryption',
        'ebs/snapshot-encrypted',
        'ebs/volume-encrypted',
        'kms/not-pending-deletion',
        'kms/rotation-enabled',
        'rds/cluster-encrypted',
        'rds/instance-encrypted',
        'rds/snapshot-encrypted',
        's3/default-encryption',
      ],
      notCovered: [
        '(rule to come) kms/mrk-regions-approved',
        '(rule to come) kms/unused',
        '(rule to come) s3/default-encryption-kms',
        'RDS encryption in transit',
        'enclave attestation',
      ],
    },
  ],
});
