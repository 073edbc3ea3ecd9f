import { defineFramework } from './define.js';

export default defineFramework({
  id: 'rbi-itf-nbfc',
  title: 'RBI Master Direction, Information Technology Framework for the NBFC Sector',
  version: '2017',
  controls: [
    { id: '3.1.i', title: null, rules: ['s3/tls-only'], notCovered: [] },
    { id: '6.3', title: null, rules: ['kms/rotation-enabled'], notCovered: [] },
    { id: '8.I', title: null, rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
  ],
});
