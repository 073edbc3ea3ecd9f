import { defineFramework } from './define.js';

export default defineFramework({
  id: 'cis-aws-1.2',
  title: 'CIS Amazon Web Services Foundations Benchmark',
  version: '1.2.0',
  controls: [
    { id: '2.8', title: 'CMK rotation on', rules: ['kms/rotation-enabled'], notCovered: [] },
    {
      id: '3.7',
      title: 'CMK disable/delete monitored',
      rules: [],
      notCovered: ['an alarm when a key is disabled or its deletion is scheduled'],
    },
  ],
});
