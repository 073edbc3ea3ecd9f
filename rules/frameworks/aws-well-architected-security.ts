import { defineFramework } from './define.js';

export default defineFramework({
  id: 'aws-well-architected-security',
  title: 'AWS Well-Architected Framework, Security Pillar',
  version: 'current',
  controls: [
    { id: 'SEC02-BP05', title: null, rules: ['kms/rotation-enabled'], notCovered: [] },
    {
      id: 'SEC03-BP07',
      title: null,
      rules: ['ebs/snapshot-not-public', 'ec2/ami-not-public', 'kms/policy-not-public', 'rds/snapshot-not-public'],
      notCovered: [],
    },
    { id: 'SEC04-BP04', title: null, rules: [], notCovered: ['an alarm when a key is disabled or its deletion is scheduled'] },
    { id: 'SEC05-BP02', title: null, rules: ['ebs/snapshot-not-public'], notCovered: [] },
    { id: 'SEC08-BP01', title: null, rules: ['kms/unused'], notCovered: [] },
    {
      id: 'SEC08-BP02',
      title: null,
      rules: ['ebs/default-encryption', 'ebs/snapshot-encrypted', 'ebs/volume-encrypted', 'rds/instance-encrypted'],
      notCovered: [],
    },
    { id: 'SEC08-BP03', title: null, rules: ['s3/default-encryption'], notCovered: [] },
    { id: 'SEC09-BP02', title: null, rules: ['s3/tls-only'], notCovered: [] },
  ],
});
