import type { Identity } from './resources/index.js';
import { shellQuote } from './shell.js';
import { terraformString } from './terraform.js';

type Bucket = Identity<'s3.bucket'>;

/** Shell lines that change the default encryption rule by a jq filter and keep the rest: a put replaces all of it. */
export function changeDefaultEncryption({ name, region }: Bucket, filter: string, ...jqArguments: readonly string[]): string {
  const bucket = `--region ${shellQuote(region)} --bucket ${shellQuote(name)}`;
  const jq = ['jq', ...jqArguments, shellQuote(filter)].join(' ');
  return [
    `aws s3api get-bucket-encryption ${bucket} --query ServerSideEncryptionConfiguration --output json | ${jq} > encryption.json`,
    `aws s3api put-bucket-encryption ${bucket} --server-side-encryption-configuration file://encryption.json`,
  ].join('\n');
}

/** Shell lines that make a new customer managed key the default, under the algorithm there is unless it is SSE-S3. */
export function newDefaultKey(bucket: Bucket): string {
  const filter =
    '.Rules[0].ApplyServerSideEncryptionByDefault |= {SSEAlgorithm: (if .SSEAlgorithm == "aws:kms:dsse" then .SSEAlgorithm else "aws:kms" end), KMSMasterKeyID: $key}';
  return [
    `KEY=$(aws kms create-key --region ${shellQuote(bucket.region)} --query KeyMetadata.Arn --output text)`,
    changeDefaultEncryption(bucket, filter, '--arg', 'key', '"$KEY"'),
  ].join('\n');
}

/** The default encryption rule in Terraform, with the lines given. */
export function defaultEncryptionBlock({ name }: Bucket, ...lines: readonly string[]): string {
  const rule = lines.map((line) => `    ${line}\n`).join('');
  return `resource "aws_s3_bucket_server_side_encryption_configuration" "this" {\n  bucket = ${terraformString(name)}\n  rule {\n${rule}  }\n}`;
}

/** The same under a customer managed key. */
export function customerKeyBlock(bucket: Bucket): string {
  return defaultEncryptionBlock(
    bucket,
    'bucket_key_enabled = true',
    'apply_server_side_encryption_by_default {',
    '  sse_algorithm     = "aws:kms"',
    '  kms_master_key_id = aws_kms_key.this.arn',
    '}',
  );
}
