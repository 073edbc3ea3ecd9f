import { defineFramework } from './define.js';

export default defineFramework({
  id: 'cmmc-2.0',
  title: 'Cybersecurity Maturity Model Certification',
  version: '2.0',
  controls: [
    { id: 'AC.L1-b.1.i', title: null, rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    { id: 'AC.L1-b.1.iv', title: null, rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    { id: 'AC.L2-3.1.1', title: null, rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    { id: 'AC.L2-3.1.3', title: null, rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    { id: 'AC.L2-3.1.14', title: null, rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    { id: 'AC.L2-3.1.22', title: null, rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    { id: 'AU.L2-3.3.8', title: null, rules: ['s3/default-encryption'], notCovered: [] },
    { id: 'CM.L2-3.4.6', title: null, rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    { id: 'SC.L1-b.1.x', title: null, rules: ['s3/tls-only'], notCovered: [] },
    {
      id: 'SC.L1-b.1.xi',
      title: null,
      rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public', 's3/tls-only'],
      notCovered: [],
    },
    { id: 'SC.L2-3.13.1', title: null, rules: ['s3/tls-only'], notCovered: [] },
    {
      id: 'SC.L2-3.13.5',
      title: null,
      rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public', 's3/tls-only'],
      notCovered: [],
    },
    { id: 'SC.L2-3.13.8', title: null, rules: ['s3/tls-only'], notCovered: [] },
    {
      id: 'SC.L2-3.13.10',
      title: null,
      rules: ['kms/not-pending-deletion', 'kms/policy-not-public', 'kms/rotation-enabled'],
      notCovered: [],
    },
    {
      id: 'SC.L2-3.13.16',
      title: null,
      rules: ['ebs/volume-encrypted', 'rds/instance-encrypted', 's3/default-encryption'],
      notCovered: [],
    },
  ],
});
