import { keyCommand } from './key-command.js';
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

/** Shell lines that write the default key down by its ARN; DescribeKey takes every form in which it may be written now. */
export function nameDefaultKeyByArn(bucket: Bucket): string {
  const filter = '.Rules[0].ApplyServerSideEncryptionByDefault.KMSMasterKeyID = $key';
  return [keyCommand(bucket), changeDefaultEncryption(bucket, filter, '--arg', 'key', '"$KEY"')].join('\n');
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

/** A policy statement; its strings may hold names that others chose. */
type PolicyStatement = Readonly<Record<string, unknown>>;

/** Stands in a statement for the key: `$KEY` of the shell, and a key resource of Terraform's. */
export const theKey = '@key@';

/** Shell lines that add a statement to a bucket's policy and keep what is there: a put replaces all of it. */
export function addToPolicy(bucket: Bucket, statement: PolicyStatement): string {
  const written = JSON.stringify([statement]);
  const filter = `.Statement += ${written.replaceAll(`"${theKey}"`, '$key')}`;
  const jq = written.includes(theKey) ? 'jq --arg key "$KEY"' : 'jq';
  return [
    getPolicy(bucket),
    `# Where there is none yet: echo '{"Version":"2012-10-17","Statement":[]}' > policy.json`,
    `${jq} ${shellQuote(filter)} policy.json > new-policy.json`,
    putPolicy(bucket, 'new-policy.json'),
  ].join('\n');
}

/** Shell lines between which a person changes a bucket's policy. */
export function editPolicy(bucket: Bucket, what: string): string {
  return [getPolicy(bucket), `# ${what} in policy.json, then:`, putPolicy(bucket, 'policy.json')].join('\n');
}

function getPolicy({ name, region }: Bucket): string {
  return `aws s3api get-bucket-policy --region ${shellQuote(region)} --bucket ${shellQuote(name)} --query Policy --output text > policy.json`;
}

function putPolicy({ name, region }: Bucket, file: string): string {
  return `aws s3api put-bucket-policy --region ${shellQuote(region)} --bucket ${shellQuote(name)} --policy file://${file}`;
}

/** A bucket policy of one statement in Terraform. */
export function policyBlock({ name }: Bucket, statement: PolicyStatement): string {
  // JSON is an expression of Terraform's language, but for the signs that begin a template.
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2)
    .replace(/[$%](?=\{)/g, (sign) => sign + sign)
    .replaceAll(`"${theKey}"`, 'aws_kms_key.this.arn')
    .replaceAll('\n', '\n  ');
  return `resource "aws_s3_bucket_policy" "this" {\n  bucket = ${terraformString(name)}\n  policy = jsonencode(${policy})\n}`;
}
