import { defineFramework } from './define.js';

export default defineFramework({
  id: 'gxp-21-cfr-11',
  title: 'GxP 21 CFR Part 11',
  version: '21 CFR 11',
  controls: [
    {
      id: '11.10(c)',
      title: null,
      rules: [
        'rds/instance-encrypted',
        'rds/snapshot-encrypted',
        'rds/snapshot-not-public',
        's3/default-encryption',
        's3/tls-only',
      ],
      notCovered: [],
    },
    {
      id: '11.10(d)',
      title: null,
      rules: ['ebs/default-encryption', 'ebs/snapshot-not-public', 'ebs/volume-encrypted', 'rds/snapshot-not-public'],
      notCovered: ['IAM policies that allow decryption under every key'],
    },
    {
      id: '11.10(g)',
      title: null,
      rules: ['ebs/default-encryption', 'ebs/snapshot-not-public', 'ebs/volume-encrypted', 'rds/snapshot-not-public'],
      notCovered: ['IAM policies that allow decryption under every key'],
    },
    { id: '11.10(k)', title: null, rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    {
      id: '11.30',
      title: null,
      rules: [
        'ebs/default-encryption',
        'ebs/volume-encrypted',
        'kms/not-pending-deletion',
        'kms/rotation-enabled',
        'rds/instance-encrypted',
        'rds/snapshot-encrypted',
        's3/default-encryption',
        's3/default-encryption-kms',
        's3/tls-only',
      ],
      notCovered: [],
    },
  ],
});
