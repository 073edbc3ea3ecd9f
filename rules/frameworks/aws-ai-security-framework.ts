import { defineFramework } from './define.js';

export default defineFramework({
  id: 'aws-ai-security-framework',
  title: 'AWS AI Security Framework',
  version: '1.0',
  controls: [
    {
      id: 'AISF-DATA-04',
      title: null,
      rules: ['s3/default-encryption', 's3/default-encryption-kms', 's3/tls-only'],
      notCovered: [],
    },
    { id: 'AISF-DETECT-03', title: null, rules: [], notCovered: ['enclave attestation'] },
    {
      id: 'AISF-DETECT-05',
      title: null,
      rules: [],
      notCovered: ['an alarm when a key is disabled or its deletion is scheduled'],
    },
    {
      id: 'AISF-INFRA-05',
      title: null,
      rules: [
        'ebs/default-encryption',
        'ebs/volume-encrypted',
        'rds/instance-encrypted',
        's3/default-encryption',
        's3/default-encryption-kms',
      ],
      notCovered: [],
    },
    { id: 'AISF-INFRA-06', title: null, rules: ['s3/tls-only'], notCovered: [] },
    {
      id: 'AISF-INFRA-07',
      title: null,
      rules: ['kms/not-pending-deletion', 'kms/policy-not-public', 'kms/rotation-enabled', 'kms/unused'],
      notCovered: [],
    },
    { id: 'AISF-INFRA-09', title: null, rules: [], notCovered: ['enclave attestation'] },
  ],
});
