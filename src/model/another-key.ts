import { changeDefaultEncryption, customerKeyBlock } from './bucket-remediation.js';
import { newDirectoryBucket } from './directory-bucket-remediation.js';
import type { KeyBearing } from './encryption.js';
import { keyCommand } from './key-command.js';
import { reencrypt } from './reencrypt.js';
import type { Identity } from './resources/index.js';
import type { Remediation } from './rule.js';
import { shellQuote } from './shell.js';

const needsKey = ': "${KEY:?set it to the ARN of the key to use}"';

/** What to do about a resource that is encrypted under a key it should not be under. */
export function underAnotherKey(resource: Identity<KeyBearing>): Remediation {
  const { kind, region } = resource;
  const at = shellQuote(region);
  switch (kind) {
    case 's3.bucket': {
      const filter = '.Rules[0].ApplyServerSideEncryptionByDefault.KMSMasterKeyID = $key';
      return {
        text: 'Give the bucket another default key. Objects keep the key that they were written under until they are written again.',
        cli: `${needsKey}\n${changeDefaultEncryption({ ...resource, kind }, filter, '--arg', 'key', '"${KEY:?}"')}`,
        terraform: customerKeyBlock({ ...resource, kind }),
      };
    }
    case 's3.directory-bucket':
      return newDirectoryBucket(
        { ...resource, kind },
        'A directory bucket keeps its customer managed key for life. Make another one under another key and move the objects there.',
      );
    case 'ebs.defaults':
      return {
        text: 'Set another default key. Volumes that are there keep theirs.',
        cli: `${needsKey}\naws ec2 modify-ebs-default-kms-key-id --region ${at} --kms-key-id "\${KEY:?}"`,
        terraform: 'resource "aws_ebs_default_kms_key" "this" {\n  key_arn = aws_kms_key.this.arn\n}',
      };
    case 'ebs.snapshot':
    case 'ebs.volume':
    case 'rds.cluster':
    case 'rds.cluster-snapshot':
    case 'rds.instance':
    case 'rds.snapshot':
      return reencrypt({ ...resource, kind });
    default:
      return {
        text: 'Make the resource again under another key.',
        cli: keyCommand(resource),
        terraform: '# kms_key_id decides.',
      };
  }
}
