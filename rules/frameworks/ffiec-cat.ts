import { defineFramework } from './define.js';

export default defineFramework({
  id: 'ffiec-cat',
  title: 'FFIEC Cybersecurity Assessment Tool',
  version: '2017',
  controls: [
    { id: 'D3.PC.Am.B.1', title: null, rules: [], notCovered: ['IAM policies that allow decryption under every key'] },
    {
      id: 'D3.PC.Am.B.12',
      title: null,
      rules: [
        'ebs/default-encryption',
        'ebs/volume-encrypted',
        'rds/instance-encrypted',
        's3/default-encryption',
        's3/default-encryption-kms',
        's3/tls-only',
      ],
      notCovered: [],
    },
    { id: 'D3.PC.Am.B.13', title: null, rules: ['s3/tls-only'], notCovered: [] },
    { id: 'D3.PC.Am.B.15', title: null, rules: ['s3/tls-only'], notCovered: [] },
    { id: 'D3.PC.Im.B.1', title: null, rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
  ],
});
