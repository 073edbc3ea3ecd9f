import { defineFramework } from './define.js';

export default defineFramework({
  id: 'nydfs-23-nycrr-500',
  title: 'NYDFS 23 NYCRR 500',
  version: '23 NYCRR 500',
  controls: [
    {
      id: '500.02(a)',
      title: null,
      rules: [
        'ebs/default-encryption',
        'ebs/volume-encrypted',
        'rds/instance-encrypted',
        'rds/snapshot-encrypted',
        's3/default-encryption',
        's3/default-encryption-kms',
        's3/tls-only',
      ],
      notCovered: [],
    },
    { id: '500.02(b)(2)', title: null, rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    { id: '500.07', title: null, rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    {
      id: '500.15(a)',
      title: null,
      rules: [
        'ebs/default-encryption',
        'ebs/volume-encrypted',
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
