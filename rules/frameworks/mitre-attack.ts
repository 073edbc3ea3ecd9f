import { defineFramework } from './define.js';

export default defineFramework({
  id: 'mitre-attack',
  title: 'MITRE ATT&CK for Cloud',
  version: 'cloud',
  controls: [
    { id: 'T1040', title: null, rules: ['s3/tls-only'], notCovered: ['RDS encryption in transit'] },
    {
      id: 'T1078',
      title: null,
      rules: [],
      notCovered: ['IAM policies that allow every action on every key', 'enclave attestation'],
    },
    { id: 'T1098', title: null, rules: [], notCovered: ['IAM policies that allow every action on every key'] },
    {
      id: 'T1119',
      title: null,
      rules: [
        'ebs/default-encryption',
        'ebs/snapshot-encrypted',
        'ebs/volume-encrypted',
        'rds/instance-encrypted',
        's3/default-encryption',
      ],
      notCovered: [],
    },
    { id: 'T1485', title: null, rules: [], notCovered: ['an alarm when a key is disabled or its deletion is scheduled'] },
    { id: 'T1496', title: null, rules: [], notCovered: ['an alarm when a key is disabled or its deletion is scheduled'] },
    {
      id: 'T1530',
      title: null,
      rules: ['rds/instance-encrypted', 'rds/snapshot-not-public', 's3/default-encryption'],
      notCovered: ['RDS encryption in transit'],
    },
    { id: 'T1550', title: null, rules: [], notCovered: ['IAM policies that allow every action on every key'] },
    { id: 'T1552', title: null, rules: [], notCovered: ['enclave attestation'] },
    { id: 'T1562', title: null, rules: [], notCovered: ['enclave attestation'] },
    { id: 'T1578', title: null, rules: [], notCovered: ['IAM policies that allow every action on every key'] },
    { id: 'T1580', title: null, rules: [], notCovered: ['IAM policies that allow every action on every key'] },
    { id: 'T1648', title: null, rules: [], notCovered: ['IAM policies that allow every action on every key'] },
  ],
});
