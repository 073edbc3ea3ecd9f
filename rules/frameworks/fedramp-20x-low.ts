import { defineFramework } from './define.js';

export default defineFramework({
  id: 'fedramp-20x-low',
  title: 'FedRAMP 20x Low',
  version: '25.05C',
  controls: [
    { id: 'KSI-IAM', title: null, rules: [], notCovered: ['IAM policies that allow every action on every key'] },
    { id: 'KSI-MLA', title: null, rules: [], notCovered: ['enclave attestation'] },
    { id: 'KSI-RPL', title: null, rules: ['rds/snapshot-encrypted'], notCovered: [] },
    {
      id: 'KSI-SVC',
      title: null,
      rules: [
        'ebs/default-encryption',
        'kms/policy-not-public',
        'kms/rotation-enabled',
        'rds/cluster-encrypted',
        'rds/instance-encrypted',
        's3/default-encryption',
        's3/tls-only',
      ],
      notCovered: ['enclave attestation'],
    },
  ],
});
