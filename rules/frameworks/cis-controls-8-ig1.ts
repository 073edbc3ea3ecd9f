import { defineFramework } from './define.js';

export default defineFramework({
  id: 'cis-controls-8-ig1',
  title: 'CIS Critical Security Controls, Implementation Group 1',
  version: '8 IG1',
  controls: [
    { id: '3.3', title: 'data ACLs', rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    {
      id: '4.6',
      title: 'secure management',
      rules: ['ebs/default-encryption', 'ebs/volume-encrypted', 'kms/rotation-enabled', 's3/default-encryption', 's3/tls-only'],
      notCovered: [],
    },
    {
      id: '11.3',
      title: 'recovery data',
      rules: ['ebs/default-encryption', 'ebs/volume-encrypted', 'rds/instance-encrypted'],
      notCovered: [],
    },
  ],
});
