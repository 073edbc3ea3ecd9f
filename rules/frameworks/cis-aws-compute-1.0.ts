import { defineFramework } from './define.js';

export default defineFramework({
  id: 'cis-aws-compute-1.0',
  title: 'CIS AWS Compute Services Benchmark',
  version: '1.0.0',
  controls: [
    { id: '2.1.2', title: 'AMIs encrypted', rules: ['ec2/ami-encrypted'], notCovered: [] },
    { id: '2.1.5', title: 'AMIs not public', rules: ['ec2/ami-not-public'], notCovered: [] },
    { id: '2.2.1', title: 'EBS default encryption', rules: ['ebs/default-encryption'], notCovered: [] },
    { id: '2.2.2', title: 'snapshots not public', rules: ['ebs/snapshot-not-public'], notCovered: [] },
    { id: '2.2.3', title: 'snapshots encrypted', rules: ['ebs/snapshot-encrypted'], notCovered: [] },
  ],
});
