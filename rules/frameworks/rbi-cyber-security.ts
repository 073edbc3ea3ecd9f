import { defineFramework } from './define.js';

export default defineFramework({
  id: 'rbi-cyber-security',
  title: 'RBI Cyber Security Framework',
  version: '2016',
  controls: [
    {
      id: 'Annex I(1.3)',
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
      notCovered: [],
    },
  ],
});
