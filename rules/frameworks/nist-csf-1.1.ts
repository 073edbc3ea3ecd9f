import { defineFramework } from './define.js';

export default defineFramework({
  id: 'nist-csf-1.1',
  title: 'NIST Cybersecurity Framework',
  version: '1.1',
  controls: [
    {
      id: 'DE.CM-2',
      title: 'physical environment monitored',
      rules: ['kms/rotation-enabled'],
      notCovered: ['an alarm when a key is disabled or its deletion is scheduled'],
    },
    {
      id: 'ID.RA-1',
      title: 'vulnerabilities known',
      rules: ['kms/rotation-enabled'],
      notCovered: ['an alarm when a key is disabled or its deletion is scheduled'],
    },
    {
      id: 'ID.RA-5',
      title: 'risk determined',
      rules: ['kms/rotation-enabled'],
      notCovered: ['an alarm when a key is disabled or its deletion is scheduled'],
    },
    {
      id: 'ID.SC-4',
      title: 'suppliers assessed',
      rules: ['kms/rotation-enabled'],
      notCovered: ['an alarm when a key is disabled or its deletion is scheduled'],
    },
    {
      id: 'PR.AC-1',
      title: 'identities managed',
      rules: ['s3/policy-no-external-encryption-change'],
      notCovered: ['IAM policies that allow decryption under every key'],
    },
    {
      id: 'PR.AC-3',
      title: 'remote access managed',
      rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'],
      notCovered: [],
    },
    {
      id: 'PR.AC-4',
      title: 'permissions least privilege',
      rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'],
      notCovered: ['IAM policies that allow decryption under every key'],
    },
    { id: 'PR.AC-5', title: 'network integrity', rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    {
      id: 'PR.DS-1',
      title: 'data at rest',
      rules: [
        'ebs/default-encryption',
        'ebs/volume-encrypted',
        'kms/not-pending-deletion',
        'rds/instance-encrypted',
        'rds/snapshot-encrypted',
        's3/default-encryption',
        's3/default-encryption-kms',
      ],
      notCovered: [],
    },
    { id: 'PR.DS-2', title: 'data in transit', rules: ['s3/tls-only'], notCovered: [] },
    { id: 'PR.DS-5', title: 'leak protection', rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
    { id: 'PR.IP-1', title: 'baselines', rules: ['s3/policy-no-external-encryption-change'], notCovered: [] },
    {
      id: 'PR.IP-8',
      title: 'protection effectiveness shared',
      rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'],
      notCovered: [],
    },
    {
      id: 'PR.PT-3',
      title: 'least functionality',
      rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'],
      notCovered: [],
    },
    { id: 'PR.PT-4', title: 'networks protected', rules: ['ebs/snapshot-not-public', 'rds/snapshot-not-public'], notCovered: [] },
  ],
});
