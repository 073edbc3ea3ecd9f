import { defineFramework } from './define.js';

export default defineFramework({
  id: 'nis2',
  title: 'NIS 2 Directive',
  version: '2022/2555 (2024/2690)',
  controls: [
    { id: '3.2.3.c', title: null, rules: [], notCovered: ['an alarm when a key is disabled or its deletion is scheduled'] },
    { id: '3.2.3.g', title: null, rules: [], notCovered: ['an alarm when a key is disabled or its deletion is scheduled'] },
    { id: '3.5.4', title: null, rules: [], notCovered: ['an alarm when a key is disabled or its deletion is scheduled'] },
    { id: '7.2.b', title: null, rules: [], notCovered: ['an alarm when a key is disabled or its deletion is scheduled'] },
    { id: '9.2.c', title: null, rules: ['kms/policy-not-public'], notCovered: [] },
    { id: '11.1.1', title: null, rules: ['ebs/snapshot-block-public-access'], notCovered: [] },
    { id: '11.2.2.a', title: null, rules: [], notCovered: ['IAM policies that allow every action on every key'] },
    { id: '11.2.2.d', title: null, rules: ['ebs/snapshot-block-public-access'], notCovered: [] },
    { id: '11.6.2.c', title: null, rules: ['kms/rotation-enabled'], notCovered: [] },
  ],
});
