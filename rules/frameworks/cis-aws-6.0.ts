import { defineFramework } from './define.js';

export default defineFramework({
  id: 'cis-aws-6.0',
  title: 'CIS Amazon Web Services Foundations Benchmark',
  version: '6.0.0',
  controls: [
    { id: '3.1.1', title: 'buckets refuse plain HTTP', rules: ['s3/tls-only'], notCovered: [] },
    { id: '3.2.1', title: 'RDS storage encrypted', rules: ['rds/instance-encrypted'], notCovered: [] },
    { id: '4.6', title: 'CMK rotation on', rules: ['kms/rotation-enabled'], notCovered: [] },
    {
      id: '5.7',
      title: 'CMK disable/delete monitored',
      rules: [],
      notCovered: ['an alarm when a key is disabled or its deletion is scheduled'],
    },
    {
      id: '6.1.1',
      title: 'EBS encryption on by default',
      rules: ['ebs/default-encryption', 'ebs/volume-encrypted'],
      notCovered: [],
    },
  ],
});
