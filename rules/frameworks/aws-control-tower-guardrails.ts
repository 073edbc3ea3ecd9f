import { defineFramework } from './define.js';

export default defineFramework({
  id: 'aws-control-tower-guardrails',
  title: 'AWS Control Tower Guardrails',
  version: 'audit-manager',
  controls: [
    { id: '1.0.3', title: null, rules: ['ebs/default-encryption', 'ebs/volume-encrypted'], notCovered: [] },
    { id: '4.0.2', title: null, rules: ['rds/snapshot-not-public'], notCovered: [] },
    { id: '5.0.1', title: null, rules: ['rds/instance-encrypted'], notCovered: ['RDS encryption in transit'] },
  ],
});
