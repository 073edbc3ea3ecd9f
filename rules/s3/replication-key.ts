import type { Missing } from '#model/attempt.js';
import { keyName } from '#model/customer-managed.js';
import { destinationBucket, destinationLookups, isSurelyBelow, outsideTheRun, possibleLevels } from '#model/destination.js';
import { encryptionOf, type Encryption } from '#model/encryption.js';
import { foreignKey, usability, type ResolvedKey } from '#model/key-graph.js';
import { keyReference } from '#model/key-reference.js';
import type { Level } from '#model/level.js';
import { listText } from '#model/list-text.js';
import type { Identity, ReplicationRule } from '#model/resources/index.js';
import { defineRule, type RuleContext } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';
import { terraformString } from '#model/terraform.js';

const expected = 'objects under a KMS key replicated under a usable key of the destination, not below the default';

export default defineRule({
  id: 's3/replication-key',
  kind: 's3.bucket',
  severity: 'high',
  title: 'Replication copies objects under a KMS key, under keys that work and are no lower',
  needs: ['replication', 'defaultEncryption'],
  premises: ['replication'],
  lookups: destinationLookups,
  follows: ['destinationKey'],
  docs: {
    why: 'S3 leaves objects under a KMS key out of replication unless a rule says otherwise, without an error anywhere. Where a rule does, replicas are written under the key that it names, which S3 stores unchecked: one that is gone, disabled or in another region fails each of them, and aws/s3 undoes what a customer managed key was for.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html',
    waive: 'Replication that is meant for objects under SSE-S3 only.',
  },
  messages: {
    kept: 'Objects under a KMS key are replicated under keys that can be used and are not below the default: {keys}.',
    notCopied:
      'Objects under a KMS key are silently not replicated to {destinations}: no rule for it enables SseKmsEncryptedObjects.',
    wrong: 'Replication of objects under a KMS key is broken or weakened: {problems}.',
  },
  states: [
    ['No replication, or no rule with Status Enabled', 'not applicable'],
    ['The default is `aws:fsx` or `aws:backup`, SSE-S3, or there is none', 'not applicable'],
    ['GetBucketReplication or GetBucketEncryption could not be read', 'unknown'],
    [
      'The key of an enabled rule with SseKmsEncryptedObjects does not exist, is not usable, is below the default of the source, or is in another region than the destination bucket',
      'fail, naming each',
    ],
    ['No enabled rule for a destination has SseKmsEncryptedObjects Enabled', 'fail, medium'],
    [
      'The key of a rule or of the source could not be read or is of an account outside the scope, or the rule names none',
      'unknown',
    ],
    ['The destination bucket is outside the run, so that its region is not known', 'unknown'],
    ['None of these', 'pass'],
  ],
  remediation: (bucket) => ({
    text: 'Let each rule replicate objects under a KMS key, under a customer managed key in the region of its destination. The role that replicates needs kms:Decrypt on the one key and kms:Encrypt on the other.',
    cli: replicateKmsObjects(bucket),
    terraform: replicationBlock(bucket),
  }),
  appliesTo: ({ replication }) => {
    if (replication === null) return 'the bucket is not replicated';
    return replication.some(({ enabled }) => enabled) || 'no replication rule is enabled';
  },
  evaluate: (bucket, context) => {
    const { pass, fail, unknown, notApplicable, level } = context;
    const encryption = encryptionOf(bucket);
    const reading = level(encryption);
    if (reading.is === 'no-level') return notApplicable(reading.reason);
    if (encryption.by === 'none' || encryption.by === 'aws-owned')
      return notApplicable('new objects are not under a KMS key by default');
    if (encryption.by === 'unknown') return unknown(reading.is === 'unknown' ? reading.missing : []);

    const rules = (bucket.replication ?? []).filter(({ enabled }) => enabled);
    const source = { levels: possibleLevels(encryption, reading), missing: reading.is === 'unknown' ? reading.missing : [] };
    const checks = rules.filter(({ kmsObjects }) => kmsObjects).map((rule) => checkRule(rule, source, bucket, context));
    const problems = checks.flatMap((check) => check.problems);
    const left = notCopiedTo(rules);
    const evidence = { rules };
    if (problems.length > 0) {
      const all = [...problems, ...left.map((destination) => `${destination} gets no objects under a KMS key`)].join('; ');
      return fail('wrong', { data: { problems: all }, expected, actual: all, evidence });
    }
    if (left.length > 0) {
      const destinations = listText(left);
      return fail('notCopied', {
        data: { destinations },
        expected,
        actual: `not replicated to ${destinations}`,
        evidence,
        severity: 'medium',
      });
    }
    const missing = checks.flatMap((check) => check.missing);
    if (missing.length > 0) return unknown(missing);
    const keys = [...new Set(checks.map(({ key }) => key))].join(', ');
    return pass('kept', { data: { keys }, expected, actual: keys, evidence });
  },
});

type Context = Pick<RuleContext<Readonly<Record<string, string>>, typeof destinationLookups>, 'find' | 'key' | 'level'>;
interface Check {
  readonly key: string;
  readonly problems: readonly string[];
  readonly missing: readonly Missing[];
}
interface Source {
  readonly levels: readonly Level[];
  readonly missing: readonly Missing[];
}

/** Destinations for which no rule copies objects under a KMS key. */
function notCopiedTo(rules: readonly ReplicationRule[]): readonly string[] {
  const copied = new Set(rules.flatMap(({ kmsObjects, destination }) => (kmsObjects ? [destination] : [])));
  return [...new Set(rules.flatMap(({ destination }) => (copied.has(destination) ? [] : [destinationName(destination)])))];
}

function destinationName(destination: string | null): string {
  return destination ?? 'a bucket that AWS did not name';
}

/** What is wrong with the key of one rule, and what could not be read of it. */
function checkRule({ keyId, destination }: ReplicationRule, source: Source, bucket: Identity, context: Context): Check {
  const found = destination === null ? null : destinationBucket(destination, context);
  const target = found?.known === true ? found.value : null;
  const reference = keyReference(keyId, bucket);
  if (keyId === null || (reference.form !== 'key' && reference.form !== 'alias'))
    return {
      key: '',
      problems: [],
      missing: [leftOut(keyId === null ? 'ReplicaKmsKeyID' : `a key in ReplicaKmsKeyID (it says "${keyId}")`)],
    };
  // Only an ARN says where it is; other forms are looked up where the replicas are.
  const here = target !== null && target.region === bucket.region && target.account === bucket.account;
  if (!keyId.startsWith('arn:') && !here)
    return { key: keyId, problems: [], missing: [leftOut(`the account and region of ${keyId}`)] };

  const resolved = context.key(keyId);
  const key = keyName(resolved);
  const problems: string[] = [];
  const missing: Missing[] = [];
  if (target === null) missing.push(...(found?.known === false ? found.missing : [outsideTheRun(destinationName(destination))]));
  else if (target.region !== reference.place.region)
    problems.push(`${key} is in ${reference.place.region}, ${target.arn} in ${target.region}`);

  const use = useOf(resolved);
  if (typeof use === 'string') problems.push(`${key} ${use}`);
  else missing.push(...use);

  const encryption: Encryption = { by: 'kms', key: keyId, mode: 'SSE-KMS', checkedOnWrite: false };
  const below = isSurelyBelow(possibleLevels(encryption, context.level(encryption)), source.levels);
  if (below === true) problems.push(`${key} is AWS managed, the default key of the source customer managed`);
  else if (below === null) missing.push(...source.missing);
  return { key, problems, missing };
}

/** Why a key cannot be used, or what keeps that from being known. */
function useOf(resolved: ResolvedKey): string | readonly Missing[] {
  switch (resolved.state) {
    case 'aws-managed':
      return [];
    case 'missing':
      return `does not exist (${resolved.seenBy})`;
    case 'foreign':
      return [foreignKey(resolved)];
    case 'unread':
      return resolved.missing;
    case 'resolved': {
      const reading = usability(resolved.key.metadata);
      if (reading.usable === null) return [reading.missing];
      return reading.usable ? [] : `cannot be used (${reading.why})`;
    }
  }
}

function leftOut(code: string): Missing {
  const operation = 's3:GetBucketReplication';
  return { facet: 's3.bucket/replication', operation, action: 's3:GetReplicationConfiguration', code, cause: 'absent-field' };
}

function replicateKmsObjects({ name, region }: Identity): string {
  const bucket = `--region ${shellQuote(region)} --bucket ${shellQuote(name)}`;
  const filter =
    '(.Rules[] | select(.Status == "Enabled")) |= (.SourceSelectionCriteria.SseKmsEncryptedObjects.Status = "Enabled" | .Destination.EncryptionConfiguration.ReplicaKmsKeyID = $key)';
  return [
    `aws s3api get-bucket-replication ${bucket} --query ReplicationConfiguration --output json > replication.json`,
    '# KEY: the ARN of a customer managed key in the region of the destination bucket',
    `jq --arg key "$KEY" ${shellQuote(filter)} replication.json > new-replication.json`,
    `aws s3api put-bucket-replication ${bucket} --replication-configuration file://new-replication.json`,
  ].join('\n');
}

function replicationBlock({ name }: Identity): string {
  return [
    'resource "aws_s3_bucket_replication_configuration" "this" {',
    `  bucket = ${terraformString(name)}`,
    '  role   = aws_iam_role.replication.arn',
    '  rule {',
    '    status = "Enabled"',
    '    filter {}',
    '    delete_marker_replication {',
    '      status = "Disabled"',
    '    }',
    '    source_selection_criteria {',
    '      sse_kms_encrypted_objects {',
    '        status = "Enabled"',
    '      }',
    '    }',
    '    destination {',
    '      bucket = aws_s3_bucket.replica.arn',
    '      encryption_configuration {',
    '        replica_kms_key_id = aws_kms_key.replica.arn',
    '      }',
    '    }',
    '  }',
    '}',
  ].join('\n');
}
