import type { Identity } from './resources/index.js';
import { shellQuote } from './shell.js';

/** Shell lines that make a new default version of a template, changed by a jq filter, of the one that is the default now. */
export function newTemplateVersion({ arn, region }: Identity, filter: string): string {
  const template = `--region ${shellQuote(region)} --launch-template-id ${shellQuote(arn.slice(arn.lastIndexOf('/') + 1))}`;
  return [
    `aws ec2 describe-launch-template-versions ${template} --versions '$Default' --query 'LaunchTemplateVersions[0].LaunchTemplateData' --output json | jq ${shellQuote(filter)} > template.json`,
    `VERSION=$(aws ec2 create-launch-template-version ${template} --launch-template-data file://template.json --query LaunchTemplateVersion.VersionNumber --output text)`,
    `aws ec2 modify-launch-template ${template} --default-version "$VERSION"`,
  ].join('\n');
}

export const templateBlock = [
  'resource "aws_launch_template" "this" {',
  '  update_default_version = true',
  '  block_device_mappings {',
  '    device_name = "/dev/xvda"',
  '    ebs {',
  '      encrypted  = true',
  '      kms_key_id = aws_kms_key.this.arn',
  '    }',
  '  }',
  '}',
].join('\n');
