import { defineFramework } from './define.js';

export default defineFramework({
  id: 'aws-ftr',
  title: 'AWS Foundational Technical Review',
  version: 'current',
  controls: [
    { id: 'NETSEC-001', title: null, rules: [], notCovered: ['(rule to come) ec2/ami-not-public'] },
    {
      id: 'S3-001',
      title: null,
      rules: ['s3/default-encryption'],
      notCovered: ['(rule to come) s3/default-encryption-kms', '(rule to come) s3/tls-only'],
    },
  ],
});
