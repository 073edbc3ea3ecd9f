import { defineFramework } from './define.js';

export default defineFramework({
  id: 'gdpr',
  title: 'General Data Protection Regulation',
  version: '2016/679',
  controls: [
    {
      id: 'Art.25',
      title: 'protection by design',
      rules: ['kms/rotation-enabled'],
      notCovered: ['an alarm when a key is disabled or its deletion is scheduled', 'enclave attestation'],
    },
    { id: 'Art.30', title: 'processing records', rules: ['kms/rotation-enabled'], notCovered: [] },
    {
      id: 'Art.32',
      title: 'security of processing',
      rules: [
        'ebs/volume-encrypted',
        'rds/instance-encrypted',
        'rds/snapshot-encrypted',
        's3/default-encryption',
        's3/default-encryption-kms',
        's3/tls-only',
      ],
      notCovered: ['enclave attestation'],
    },
  ],
});
