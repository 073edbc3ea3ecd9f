import { defineFramework } from './define.js';

export default defineFramework({
  id: 'nist-csf-2.0',
  title: 'NIST Cybersecurity Framework',
  version: '2.0',
  controls: [
    {
      id: 'DE.AE-02',
      title: 'events analysed',
      rules: [],
      notCovered: ['an alarm when a key is disabled or its deletion is scheduled'],
    },
    { id: 'DE.CM-01', title: 'networks monitored', rules: [], notCovered: ['enclave attestation'] },
    { id: 'GV.PO-01', title: 'policy set', rules: [], notCovered: ['IAM policies that allow every action on every key'] },
    {
      id: 'GV.RR-01',
      title: 'leadership accountable',
      rules: [],
      notCovered: ['IAM policies that allow every action on every key'],
    },
    {
      id: 'ID.RA-01',
      title: 'vulnerabilities recorded',
      rules: ['kms/not-pending-deletion', 'rds/snapshot-not-public'],
      notCovered: ['(rule to come) kms/mrk-regions-approved'],
    },
    {
      id: 'ID.RA-05',
      title: 'risk understood',
      rules: ['kms/rotation-enabled'],
      notCovered: ['an alarm when a key is disabled or its deletion is scheduled'],
    },
    { id: 'ID.RA-09', title: 'authentic hardware/software', rules: [], notCovered: ['(rule to come) ec2/ami-encrypted'] },
    {
      id: 'PR.AA-01',
      title: 'identities managed',
      rules: [],
      notCovered: ['IAM policies that allow decryption under every key'],
    },
    { id: 'PR.AA-02', title: 'identity proofing', rules: [], notCovered: ['IAM policies that allow decryption under every key'] },
    { id: 'PR.AA-03', title: 'authentication', rules: [], notCovered: ['IAM policies that allow decryption under every key'] },
    {
      id: 'PR.AA-04',
      title: 'assertions protected',
      rules: ['kms/policy-not-public', 'kms/rotation-enabled'],
      notCovered: ['IAM policies that allow decryption under every key'],
    },
    {
      id: 'PR.AA-05',
      title: 'least-privilege permissions',
      rules: [],
      notCovered: ['IAM policies that allow decryption under every key'],
    },
    {
      id: 'PR.DS-01',
      title: 'data at rest',
      rules: [
        'ebs/default-encryption',
        'ebs/snapshot-encrypted',
        'ebs/volume-encrypted',
        'kms/policy-not-public',
        'kms/rotation-enabled',
        'rds/cluster-encrypted',
        'rds/instance-encrypted',
        'rds/snapshot-encrypted',
        's3/default-encryption',
      ],
      notCovered: [
        'IAM policies that allow decryption under every key',
        '(rule to come) s3/default-encryption-kms',
        '(rule to come) s3/tls-only',
      ],
    },
    {
      id: 'PR.DS-02',
      title: 'data in transit',
      rules: [],
      notCovered: ['(rule to come) s3/tls-only', 'RDS encryption in transit'],
    },
  ],
});
