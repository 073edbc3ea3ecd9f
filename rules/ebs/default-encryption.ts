import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

export default defineRule({
  id: 'ebs/default-encryption',
  kind: 'ebs.defaults',
  severity: 'medium',
  title: 'EBS encryption by default is on in every enabled region',
  needs: ['encryptionByDefault'],
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
    ['EbsEncryptionByDefault false, also where the region holds nothing', 'fail'],
    ['GetEbsEncryptionByDefault could not be read', 'unknown'],
  ],
  remediation: ({ region }) => ({
    text: 'Turn encryption by default on in the region. What exists stays as it is; only new volumes and copies of snapshots are encrypted.',
    cli: `aws ec2 enable-ebs-encryption-by-default --region ${shellQuote(region)}`,
    terraform: 'resource "aws_ebs_encryption_by_default" "this" {\n  enabled = true\n}',
  }),
  evaluate: ({ encryptionByDefault, region }, { pass, fail }) => {
    const facts = { data: { region }, expected: 'on', evidence: { EbsEncryptionByDefault: encryptionByDefault } };
    return encryptionByDefault ? pass('on', { ...facts, actual: 'on' }) : fail('off', { ...facts, actual: 'off' });
  },
});
