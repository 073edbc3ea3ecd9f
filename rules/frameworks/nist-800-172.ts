import { defineFramework } from './define.js';

export default defineFramework({
  id: 'nist-800-172',
  title: 'NIST SP 800-172',
  version: '2021',
  controls: [
    { id: '3.1.3e', title: null, rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public', 's3/tls-only'], notCovered: [] },
    { id: '3.13.4e', title: null, rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
  ],
});
