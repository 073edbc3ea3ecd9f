import { defineFramework } from './define.js';

export default defineFramework({
  id: 'iso-27001-2013',
  title: 'ISO/IEC 27001',
  version: '2013',
  controls: [
    {
      id: 'A.10.1',
      title: 'cryptographic controls',
      rules: ['rds/instance-encrypted'],
      notCovered: ['an alarm when a key is disabled or its deletion is scheduled'],
    },
    { id: 'A.12.4', title: 'logging', rules: [], notCovered: ['an alarm when a key is disabled or its deletion is scheduled'] },
    {
      id: 'A.12.6',
      title: 'technical vulnerabilities',
      rules: ['ebs/snapshot-not-public', 'ec2/ami-not-public', 'rds/snapshot-not-public'],
      notCovered: [],
    },
    { id: 'A.13.1', title: 'network security', rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
  ],
});
