import type { Identity } from './resources/index.js';
import type { Remediation } from './rule.js';
import { shellQuote } from './shell.js';

type DirectoryBucket = Identity<'s3.directory-bucket'>;

/** Its zone ends the name of a directory bucket: `base--use1-az4--x-s3`. */
const named = /^(.+)--([a-z0-9-]+)--x-s3$/;

/** Terraform's own provider does not set the encryption of a directory bucket; the one made from CloudFormation does. */
const directoryBucketBlock = [
  'resource "awscc_s3express_directory_bucket" "this" {',
  '  data_redundancy = "SingleAvailabilityZone"',
  '  location_name   = var.zone_id',
  '  bucket_encryption = {',
  '    server_side_encryption_configuration = [{',
  '      bucket_key_enabled = true',
  '      server_side_encryption_by_default = {',
  '        sse_algorithm     = "aws:kms"',
  '        kms_master_key_id = aws_kms_key.this.arn',
  '      }',
  '    }]',
  '  }',
  '}',
].join('\n');

/** A shell line that puts a directory bucket, given as a word of the shell, under the key in $KEY. */
function putUnderKey(region: string, bucket: string): string {
  const rule =
    '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"\'"${KEY:?}"\'"},"BucketKeyEnabled":true}]}';
  return `aws s3api put-bucket-encryption --region ${shellQuote(region)} --bucket ${bucket} --server-side-encryption-configuration '${rule}'`;
}

/** What to do about a directory bucket that is to be under a customer managed key and has had none. */
export function directoryBucketKey({ name, region }: DirectoryBucket): Remediation {
  return {
    text: 'Create a customer managed key, let those who use the bucket use it, and make it the default. A directory bucket takes one such key in its life: choose it well. Write older objects again to move them.',
    cli: [
      `KEY=$(aws kms create-key --region ${shellQuote(region)} --query KeyMetadata.Arn --output text)`,
      putUnderKey(region, shellQuote(name)),
    ].join('\n'),
    terraform: directoryBucketBlock,
  };
}

/**
 * What to do where another customer managed key is needed: a directory bucket takes one in its life.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-UsingKMSEncryption.html
 */
export function newDirectoryBucket({ name, region }: DirectoryBucket, text: string): Remediation {
  const [, base = name, zone = 'ZONE'] = named.exec(name) ?? [];
  const bucket = shellQuote(`${base}-new--${zone}--x-s3`);
  // `usw2-lax1-az1` is a Local Zone.
  const type = zone.split('-').length > 2 ? 'LocalZone' : 'AvailabilityZone';
  const place = `Location={Type=${type},Name=${zone}},Bucket={DataRedundancy=Single${type},Type=Directory}`;
  return {
    text,
    cli: [
      ': "${KEY:?set it to the ARN of the key to use}"',
      `aws s3api create-bucket --region ${shellQuote(region)} --bucket ${bucket} --create-bucket-configuration ${shellQuote(place)}`,
      putUnderKey(region, bucket),
      '# Then write the objects there and delete the old bucket.',
    ].join('\n'),
    terraform: directoryBucketBlock,
  };
}
