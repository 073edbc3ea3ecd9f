import { defineFramework } from './define.js';

export default defineFramework({
  id: 'ens-rd311-2022',
  title: 'Esquema Nacional de Seguridad, Real Decreto 311/2022',
  version: 'RD2022',
  controls: [
    { id: 'mp.com.1.aws.s3.1', title: null, rules: ['s3/tls-only'], notCovered: [] },
    { id: 'mp.com.3.aws.s3.1', title: null, rules: ['s3/tls-only'], notCovered: [] },
    { id: 'mp.si.2.aws.elb.1', title: null, rules: ['ebs/snapshot-encrypted'], notCovered: [] },
    { id: 'mp.si.2.aws.kms.1', title: null, rules: ['ebs/volume-encrypted'], notCovered: [] },
    { id: 'mp.si.2.aws.rds.1', title: null, rules: ['rds/instance-encrypted'], notCovered: [] },
    { id: 'mp.si.2.aws.s3.1', title: null, rules: ['s3/default-encryption'], notCovered: [] },
    { id: 'mp.si.2.r2.aws.ebs.1', title: null, rules: ['ebs/snapshot-encrypted'], notCovered: [] },
    { id: 'op.exp.10.aws.cmk.1', title: null, rules: [], notCovered: ['IAM policies that allow every action on every key'] },
    { id: 'op.exp.10.aws.cmk.2', title: null, rules: [], notCovered: ['IAM policies that allow every action on every key'] },
    { id: 'op.exp.10.aws.cmk.3', title: null, rules: ['kms/rotation-enabled'], notCovered: [] },
    {
      id: 'op.exp.10.aws.cmk.4',
      title: null,
      rules: [],
      notCovered: ['an alarm when a key is disabled or its deletion is scheduled'],
    },
    {
      id: 'op.exp.10.aws.cmk.5',
      title: null,
      rules: [],
      notCovered: ['an alarm when a key is disabled or its deletion is scheduled'],
    },
    { id: 'op.exp.10.aws.cmk.6', title: null, rules: [], notCovered: ['enclave attestation'] },
    { id: 'op.exp.10.aws.cmk.7', title: null, rules: [], notCovered: ['enclave attestation'] },
    { id: 'op.exp.10.aws.cmk.8', title: null, rules: [], notCovered: ['enclave attestation'] },
  ],
});
