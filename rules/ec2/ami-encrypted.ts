import type { Missing } from '#model/attempt.js';
import { isMappingEncrypted } from '#model/image-encryption.js';
import type { EbsMapping } from '#model/resources/index.js';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';
import { terraformString } from '#model/terraform.js';

const lookups = { 'ebs.snapshot': ['details'] } as const;

export default defineRule({
  id: 'ec2/ami-encrypted',
  kind: 'ec2.image',
  severity: 'medium',
  title: 'Images are backed by encrypted snapshots',
  needs: ['details'],
  premises: ['details'],
  lookups,
  docs: {
    why: 'Every instance from an unencrypted image starts with an unencrypted disk, unless whoever launches it thinks of encryption or the region does by default. The snapshots behind the image lie there in plain for as long as it is registered.',
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html',
    waive: 'An image that is published on purpose: encrypted ones cannot be public.',
  },
  messages: {
    encrypted: 'Every EBS device of the image is encrypted.',
    plain: 'Not encrypted in the image: {devices}.',
  },
  states: [
    ['No mapping that EBS backs: NoDevice and instance store do not count', 'not applicable'],
    ['A mapping says Encrypted=false', 'fail'],
    ['The own snapshot behind a mapping is not encrypted, whatever the mapping says', 'fail'],
    ['The snapshots of the account could not be listed, or AWS left out whether one is encrypted', 'unknown'],
    ['No own snapshot behind a mapping, and the mapping does not say Encrypted', 'unknown'],
    ['All own snapshots are encrypted, and mappings to those of others say Encrypted=true', 'pass'],
  ],
  remediation: ({ arn, name, region }) => {
    const [id, at] = [arn.slice(arn.lastIndexOf('/') + 1), shellQuote(region)];
    return {
      text: 'Copy the image under a key of yours within its region, point templates and scaling groups at the copy, then deregister this one and delete its snapshots.',
      cli: `: "\${KEY:?set it to the ARN of a customer managed key of the region}"\naws ec2 copy-image --region ${at} --source-region ${at} --source-image-id ${shellQuote(id)} --name ${shellQuote(`${name}-encrypted`)} --encrypted --kms-key-id "\${KEY:?}"`,
      terraform: [
        'resource "aws_ami_copy" "encrypted" {',
        `  name              = ${terraformString(`${name}-encrypted`)}`,
        `  source_ami_id     = ${terraformString(id)}`,
        `  source_ami_region = ${terraformString(region)}`,
        '  encrypted         = true',
        '  kms_key_id        = aws_kms_key.this.arn',
        '}',
      ].join('\n'),
    };
  },
  appliesTo: ({ details }) => details.mappings.length > 0 || 'no device of it is backed by EBS',
  evaluate: ({ details, partition, account, region }, { pass, fail, unknown, find }) => {
    const { mappings } = details;
    const plain: string[] = [];
    const missing: Missing[] = [];
    for (const mapping of mappings) {
      const encrypted = isMappingEncrypted(mapping, (id) =>
        find('ebs.snapshot', `arn:${partition}:ec2:${region}:${account}:snapshot/${id}`),
      );
      if (!encrypted.known) missing.push(...encrypted.missing);
      else if (!encrypted.value) plain.push(nameOf(mapping));
    }
    const expected = 'every EBS device encrypted';
    const evidence = { BlockDeviceMappings: mappings };
    if (plain.length > 0)
      return fail('plain', { data: { devices: plain.join(', ') }, expected, actual: 'not encrypted', evidence });
    if (missing.length > 0) return unknown([...new Set(missing)]);
    return pass('encrypted', { expected, actual: expected, evidence });
  },
});

function nameOf({ device, snapshotId }: EbsMapping): string {
  return [device ?? 'a device', ...(snapshotId === null ? [] : [`(${snapshotId})`])].join(' ');
}
