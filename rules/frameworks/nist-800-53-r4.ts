import { defineFramework } from './define.js';

export default defineFramework({
  id: 'nist-800-53-r4',
  title: 'NIST SP 800-53 Revision 4',
  version: 'r4',
  controls: [
    { id: 'AC-3', title: 'access enforcement', rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    { id: 'AC-4', title: 'information flow', rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    { id: 'AC-6', title: 'least privilege', rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    { id: 'AC-17(2)', title: 'encrypted remote access', rules: ['s3/tls-only'], notCovered: [] },
    { id: 'AC-21', title: 'information sharing', rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    {
      id: 'SC-7',
      title: 'boundary protection',
      rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public', 's3/tls-only'],
      notCovered: [],
    },
    { id: 'SC-7(3)', title: 'access points', rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    { id: 'SC-8', title: 'transmission protection', rules: ['s3/tls-only'], notCovered: [] },
    { id: 'SC-8(1)', title: 'cryptographic transmission protection', rules: ['s3/tls-only'], notCovered: [] },
    {
      id: 'SC-12',
      title: 'key establishment and management',
      rules: ['kms/not-pending-deletion', 'kms/rotation-enabled'],
      notCovered: [],
    },
    {
      id: 'SC-28',
      title: 'information at rest',
      rules: [
        'ebs/default-encryption',
        'ebs/volume-encrypted',
        'kms/not-pending-deletion',
        'rds/instance-encrypted',
        'rds/snapshot-encrypted',
        's3/default-encryption',
      ],
      notCovered: [],
    },
  ],
});
