import type { Place } from './place.js';
import type { Identity } from './resources/index.js';
import type { Remediation } from './rule.js';
import { shellQuote } from './shell.js';

/** The ARN that stands for what EBS does by default in an account and region: AWS has none for it. */
export function defaultsArn({ partition, account, region }: Place): string {
  return `arn:${partition}:ec2:${region}:${account}:ebs-defaults`;
}

/** https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html */
export function setDefaultKey({ region }: Identity<'ebs.defaults'>): Remediation {
  return {
    text: 'Make a usable customer managed key of the region the default. What exists keeps its key; only new volumes and copies of snapshots take the new one. Whoever launches instances needs to be allowed to use the key.',
    cli: `: "\${KEY:?set it to the ARN of a customer managed key of the region}"\naws ec2 modify-ebs-default-kms-key-id --region ${shellQuote(region)} --kms-key-id "\${KEY:?}"`,
    terraform: 'resource "aws_ebs_default_kms_key" "this" {\n  key_arn = aws_kms_key.this.arn\n}',
  };
}
