import { z } from 'zod';
import { useOfKey } from '#model/copy.js';
import { wasExported } from '#model/export-task.js';
import { leftOut } from '#model/left-out.js';
import { needsKey } from '#model/reencrypt.js';
import { defineRule, keyLookup } from '#model/rule.js';
import { parseArn } from '#model/arn.js';
import { shellQuote } from '#model/shell.js';
import { terraformString } from '#model/terraform.js';

const dayMs = 86_400_000;

export default defineRule({
  id: 'rds/export-task-key',
  kind: 'rds.export-task',
  severity: 'medium',
  title: 'Recent exports of databases to S3 are under a key that works and belongs to a trusted account',
  needs: ['details'],
  premises: ['details'],
  lookups: keyLookup,
  options: z.strictObject({
    days: z.number().int().min(1).default(90).meta({ description: 'How many days ago an export may have started to be judged' }),
  }),
  docs: {
    why: 'An export writes a whole database to a bucket as files. Whoever owns the key decides who reads them: a key of a stranger shuts the owner out at any time, and one that is gone takes the export along.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.html',
    waive: 'An export whose files have been deleted, until it is older than the option says.',
  },
  messages: {
    notUsable: 'The export to {bucket} is under {key}, which cannot be used: {why}.',
    notTrusted: 'The export to {bucket} is under {key} of account {account}, not among {trusted}.',
    good: 'The export to {bucket} is under {key}, which can be used and is of a trusted account.',
  },
  states: [
    ['Status FAILED, CANCELED or CANCELING', 'not applicable'],
    ['TaskStartTime before the last `days` days', 'not applicable'],
    ['A Status that this version does not know, or that AWS left out', 'unknown'],
    ['TaskStartTime left out, but for Status STARTING', 'unknown'],
    ['AWS left out the key', 'unknown'],
    ['The key does not exist, or is not usable', 'fail'],
    ["The key's account is not trusted", 'fail'],
    ['The key, or whether its account is trusted, could not be read', 'unknown'],
    ['The key can be used, and its account is trusted', 'pass'],
  ],
  remediation: ({ name, region }) => {
    const [at, id, again] = [shellQuote(region), shellQuote(name), shellQuote(`${name}-again`)];
    return {
      text: 'Enable a key that is disabled. Else export again under a key of yours, and delete the files of this export.',
      cli: [
        needsKey,
        `read -r SOURCE BUCKET ROLE <<< "$(aws rds describe-export-tasks --region ${at} --export-task-identifier ${id} --query 'ExportTasks[0].[SourceArn,S3Bucket,IamRoleArn]' --output text)"`,
        `aws rds start-export-task --region ${at} --export-task-identifier ${again} --source-arn "$SOURCE" --s3-bucket-name "$BUCKET" --iam-role-arn "$ROLE" --kms-key-id "\${KEY:?}"`,
      ].join('\n'),
      terraform: [
        'resource "aws_rds_export_task" "this" {',
        `  export_task_identifier = ${terraformString(`${name}-again`)}`,
        '  source_arn             = var.source_arn',
        '  s3_bucket_name         = var.bucket',
        '  iam_role_arn           = var.role_arn',
        '  kms_key_id             = aws_kms_key.this.arn',
        '}',
      ].join('\n'),
    };
  },
  appliesTo: ({ details: { status, startedAt } }, { now, options: { days } }) => {
    if (wasExported(status) === false) return `the export is ${status ?? ''}`;
    if (startedAt !== null && Date.parse(startedAt) < now.getTime() - days * dayMs)
      return `the export started more than ${String(days)} days ago`;
    return true;
  },
  evaluate: ({ account, details }, context) => {
    const { pass, fail, unknown, trusts, trusted } = context;
    const { status, startedAt, kmsKeyId: KmsKeyId, bucket: S3Bucket } = details;
    if (wasExported(status) === null) return leftOut('Status', context, status);
    if (startedAt === null && status?.toUpperCase() !== 'STARTING') return leftOut('TaskStartTime', context);
    if (KmsKeyId === null) return leftOut('KmsKeyId', context);
    const use = useOfKey({ by: 'kms', key: KmsKeyId, mode: 'sse-kms', checkedOnWrite: true }, context);
    const bucket = S3Bucket ?? 'a bucket that AWS did not name';
    const facts = { expected: 'a usable key of a trusted account', evidence: { Status: status, S3Bucket, KmsKeyId } };
    if (use.usable === false)
      return fail('notUsable', { ...facts, data: { bucket, key: use.key, why: use.why }, actual: use.why });
    const owner = parseArn(KmsKeyId)?.account ?? account;
    const trust = trusts({ kind: 'account', id: owner });
    if (trust.known && !trust.value)
      return fail('notTrusted', {
        ...facts,
        data: { bucket, key: KmsKeyId, account: owner, trusted },
        actual: `a key of account ${owner}`,
      });
    if (use.usable === null) return unknown(use.missing);
    if (!trust.known) return unknown(trust.missing);
    return pass('good', { ...facts, data: { bucket, key: KmsKeyId }, actual: 'usable' });
  },
});
