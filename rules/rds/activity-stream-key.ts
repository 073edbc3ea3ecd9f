import { useOfKey } from '#model/copy.js';
import { hasActivityStream } from '#model/database.js';
import { databaseSubject } from '#model/judged.js';
import { leftOut } from '#model/left-out.js';
import { needsKey } from '#model/reencrypt.js';
import { defineRule, keyLookup } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';
import { terraformString } from '#model/terraform.js';

export default defineRule({
  id: 'rds/activity-stream-key',
  kind: ['rds.instance', 'rds.cluster'],
  severity: 'medium',
  title: 'The key of an activity stream can be used',
  needs: ['details'],
  premises: ['details'],
  lookups: keyLookup,
  docs: {
    why: 'An activity stream records every statement for auditors, encrypted under a key of its own. Without that key nothing can be read of what was recorded, and what happens meanwhile is lost to the audit.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/DBActivityStreams.html',
    waive: 'A stream that is to be turned off.',
  },
  messages: {
    usable: 'The activity stream of the {subject} is under a key that can be used.',
    notUsable: 'The activity stream of the {subject} is under {key}, which cannot be used: {why}.',
  },
  states: [
    ['ActivityStreamStatus other than started and starting, or left out', 'not applicable'],
    ['AWS left out the key', 'unknown'],
    ['AWS managed key', 'pass, without a call'],
    ['The key does not exist, or is not usable', 'fail'],
    ['The key could not be read, or is of an account outside the scope', 'unknown'],
    ['The key can be used', 'pass'],
  ],
  remediation: ({ arn, region }) => {
    const named = `--region ${shellQuote(region)} --resource-arn ${shellQuote(arn)}`;
    return {
      text: 'Enable the key again if it is there still: that keeps what was recorded readable. Else turn the stream off, wait until it is stopped, and on again under a key that works.',
      cli: `${needsKey}\naws rds stop-activity-stream ${named} --apply-immediately\naws rds start-activity-stream ${named} --mode async --kms-key-id "\${KEY:?}" --apply-immediately`,
      terraform: `resource "aws_rds_cluster_activity_stream" "this" {\n  resource_arn = ${terraformString(arn)}\n  mode         = "async"\n  kms_key_id   = aws_kms_key.this.key_id\n}`,
    };
  },
  appliesTo: ({ details }) => hasActivityStream(details) || 'there is no activity stream',
  evaluate: ({ kind, details }, context) => {
    const { pass, fail, unknown } = context;
    const { status: ActivityStreamStatus, kmsKeyId: ActivityStreamKmsKeyId } = details.activityStream;
    if (ActivityStreamKmsKeyId === null) return leftOut('ActivityStreamKmsKeyId', context);
    const use = useOfKey({ by: 'kms', key: ActivityStreamKmsKeyId, mode: 'sse-kms', checkedOnWrite: true }, context);
    if (use.usable === null) return unknown(use.missing);
    const subject = databaseSubject({ kind, details });
    const evidence = { Engine: details.engine, ActivityStreamStatus, ActivityStreamKmsKeyId };
    const facts = { expected: 'a key that can be used', evidence };
    if (use.usable) return pass('usable', { ...facts, data: { subject }, actual: 'usable' });
    return fail('notUsable', { ...facts, data: { subject, key: use.key, why: use.why }, actual: use.why });
  },
});
