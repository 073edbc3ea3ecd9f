import { defineFramework } from './define.js';

export default defineFramework({
  id: 'aws-security-hub',
  title: 'AWS Security Hub controls outside the Foundational Security Best Practices',
  version: 'current',
  controls: [
    { id: 'KMS.4', title: 'CMK rotation on', rules: ['kms/rotation-enabled'], notCovered: [] },
    {
      id: 'S3.4',
      title: 'bucket SSE on (retired since S3 encrypts by default)',
      rules: ['s3/default-encryption', 's3/policy-enforces-encryption'],
      notCovered: [],
    },
    { id: 'S3.17', title: 'bucket default is KMS', rules: ['s3/default-encryption-kms'], notCovered: [] },
  ],
});
