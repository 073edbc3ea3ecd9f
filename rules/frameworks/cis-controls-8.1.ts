import { defineFramework } from './define.js';

export default defineFramework({
  id: 'cis-controls-8.1',
  title: 'CIS Critical Security Controls',
  version: '8.1',
  controls: [
    { id: '3.3', title: 'data ACLs', rules: ['ec2/ami-not-public', 'kms/policy-not-public'], notCovered: [] },
    { id: '3.10', title: 'encrypt in transit', rules: ['s3/tls-only'], notCovered: ['RDS encryption in transit'] },
    {
      id: '3.11',
      title: 'encrypt at rest',
      rules: [
        'ebs/default-encryption',
        'ebs/snapshot-encrypted',
        'ebs/volume-encrypted',
        'rds/cluster-encrypted',
        'rds/instance-encrypted',
        'rds/snapshot-encrypted',
        's3/default-encryption',
        's3/default-encryption-kms',
      ],
      notCovered: [],
    },
    { id: '6.8', title: 'role-based access', rules: [], notCovered: ['IAM policies that allow every action on every key'] },
    { id: '8.11', title: 'log review', rules: [], notCovered: ['an alarm when a key is disabled or its deletion is scheduled'] },
    {
      id: '11.3',
      title: 'recovery data',
      rules: [
        'ebs/snapshot-block-public-access',
        'ebs/snapshot-encrypted',
        'ebs/snapshot-not-public',
        'rds/snapshot-encrypted',
        'rds/snapshot-not-public',
      ],
      notCovered: [],
    },
  ],
});
