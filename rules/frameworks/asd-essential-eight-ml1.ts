import { defineFramework } from './define.js';

export default defineFramework({
  id: 'asd-essential-eight-ml1',
  title: 'ASD Essential Eight, Maturity Level 1',
  version: 'Nov 2023',
  controls: [
    { id: 'E8-2.8', title: null, rules: ['ec2/ami-not-public'], notCovered: [] },
    { id: 'E8-4.4', title: null, rules: [], notCovered: ['IAM policies that allow every action on every key'] },
    {
      id: 'E8-8.3',
      title: null,
      rules: ['ebs/snapshot-block-public-access', 'ebs/snapshot-not-public', 'rds/snapshot-encrypted', 'rds/snapshot-not-public'],
      notCovered: [],
    },
    {
      id: 'E8-8.5',
      title: null,
      rules: ['ebs/snapshot-block-public-access', 'ebs/snapshot-not-public', 'rds/snapshot-not-public'],
      notCovered: [],
    },
  ],
});
