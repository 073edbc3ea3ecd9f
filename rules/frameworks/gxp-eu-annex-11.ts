import { defineFramework } from './define.js';

export default defineFramework({
  id: 'gxp-eu-annex-11',
  title: 'GxP EU Annex 11',
  version: '2011',
  controls: [
    {
      id: '7.1',
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
  ],
});
