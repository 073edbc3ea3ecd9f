import { defineFramework } from './define.js';

export default defineFramework({
  id: 'cisa-cyber-essentials',
  title: 'CISA Cyber Essentials',
  version: '2021',
  controls: [
    {
      id: 'Your Data-1',
      title: null,
      rules: [
        'ebs/default-encryption',
        'ebs/volume-encrypted',
        'rds/instance-encrypted',
        'rds/snapshot-encrypted',
        's3/default-encryption',
        's3/default-encryption-kms',
      ],
      notCovered: [],
    },
    {
      id: 'Your Data-2',
      title: null,
      rules: [
        'ebs/default-encryption',
        'ebs/snapshot-not-public',
        'ebs/volume-encrypted',
        'rds/instance-encrypted',
        'rds/snapshot-encrypted',
        'rds/snapshot-not-public',
        's3/default-encryption',
        's3/default-encryption-kms',
        's3/tls-only',
      ],
      notCovered: [],
    },
    {
      id: 'Your Systems-3',
      title: null,
      rules: [
        'ebs/default-encryption',
        'ebs/snapshot-not-public',
        'ebs/volume-encrypted',
        'kms/not-pending-deletion',
        'kms/rotation-enabled',
        'rds/instance-encrypted',
        'rds/snapshot-encrypted',
        'rds/snapshot-not-public',
        's3/default-encryption',
        's3/default-encryption-kms',
        's3/tls-only',
      ],
      notCovered: ['IAM policies that allow decryption under every key'],
    },
  ],
});
