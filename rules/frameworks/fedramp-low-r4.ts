import { defineFramework } from './define.js';

export default defineFramework({
  id: 'fedramp-low-r4',
  title: 'FedRAMP Low',
  version: 'r4',
  controls: [
    { id: 'AC-2', title: 'account management', rules: [], notCovered: ['IAM policies that allow decryption under every key'] },
    { id: 'AC-3', title: 'access enforcement', rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    {
      id: 'AC-17',
      title: 'remote access',
      rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public', 's3/tls-only'],
      notCovered: [],
    },
    {
      id: 'CM-2',
      title: 'baseline configuration',
      rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'],
      notCovered: [],
    },
    {
      id: 'SC-7',
      title: 'boundary protection',
      rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public', 's3/tls-only'],
      notCovered: [],
    },
    {
      id: 'SC-12',
      title: 'key establishment and management',
      rules: ['kms/not-pending-deletion', 'kms/rotation-enabled'],
      notCovered: [],
    },
    {
      id: 'SC-13',
      title: 'cryptographic protection',
      rules: ['kms/not-pending-deletion', 's3/default-encryption', 's3/default-encryption-kms'],
      notCovered: [],
    },
  ],
});
