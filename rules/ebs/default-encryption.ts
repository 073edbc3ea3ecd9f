import { z } from 'zod';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

export default defineRule({
  id: 'ebs/default-encryption',
  kind: 'ebs.defaults',
  severity: 'medium',
  title: 'EBS encryption by default is on in every enabled region',
  needs: ['encryptionByDefault'],
  options: z.strictObject({
    skipUnusedRegions: z
      .boolean()
      .default(false)
      .meta({ description: 'Pass over regions in which the run holds no volume, snapshot or launch template' }),
  }),
  docs: {
    why: 'With encryption by default on, no launch template, script or service can make a plain volume or a plain copy of a snapshot. A region where nothing runs today is where a mistake or an intruder starts tomorrow.',
    source: 'https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html',
    waive: 'A region that a service control policy closes to everybody.',
  },
  messages: {
    on: 'EBS encryption by default is on in {region}.',
    off: 'EBS encryption by default is off in {region}.',
  },
  states: [
    ['EbsEncryptionByDefault true', 'pass'],
    [
      'With skipUnusedRegions: the run lists volumes, snapshots and launch templates, and the region holds none',
      'not applicable',
    ],
    ['EbsEncryptionByDefault false, also where the region holds nothing', 'fail'],
    ['GetEbsEncryptionByDefault could not be read', 'unknown'],
  ],
  remediation: ({ region }) => ({
    text: 'Turn encryption by default on in the region. What exists stays as it is; only new volumes and copies of snapshots are encrypted.',
    cli: `aws ec2 enable-ebs-encryption-by-default --region ${shellQuote(region)}`,
    terraform: 'resource "aws_ebs_encryption_by_default" "this" {\n  enabled = true\n}',
  }),
  evaluate: ({ encryptionByDefault, region }, { pass, fail, notApplicable, listed, options: { skipUnusedRegions } }) => {
    const facts = { data: { region }, expected: 'on', evidence: { EbsEncryptionByDefault: encryptionByDefault } };
    if (encryptionByDefault) return pass('on', { ...facts, actual: 'on' });
    if (skipUnusedRegions) {
      const { count, missing } = listed(['ebs.volume', 'ebs.snapshot', 'ec2.launch-template']);
      if (count === 0 && missing.length === 0) return notApplicable('the region holds no volume, snapshot or launch template');
    }
    return fail('off', { ...facts, actual: 'off' });
  },
});
