import { defineFramework } from './define.js';

export default defineFramework({
  id: 'aws-ftr',
  title: 'AWS Foundational Technical Review',
  version: 'current',
  controls: [
    { id: 'NETSEC-001', title: null, rules: ['ec2/ami-not-public'], notCovered: [] },
    { id: 'S3-001', title: null, rules: ['s3/default-encryption', 's3/default-encryption-kms', 's3/tls-only'], notCovered: [] },
  ],
});
