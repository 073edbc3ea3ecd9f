import type { Encryption } from '#model/encryption.js';
import { needsKey } from '#model/reencrypt.js';
import { defineRule, keyLookup } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';
import { judgeSideKey, sideKeyMessages, sideKeyStates } from '#model/side-key.js';
import { terraformString } from '#model/terraform.js';

export default defineRule({
  id: 'rds/integration-key',
  kind: 'rds.integration',
  severity: 'low',
  title: 'Zero-ETL integrations are under a key that works, and a customer managed one where that is required',
  needs: ['details'],
  lookups: keyLookup,
  cmkRequired: 'want',
  docs: {
    why: 'An integration copies a database into a warehouse as it changes, through storage of its own. That is under a key that AWS owns unless a customer managed one is named when the integration is made.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/zero-etl.creating.html',
    waive: 'An integration of tables that hold no data of the kind that a key is required for.',
  },
  messages: sideKeyMessages,
  states: sideKeyStates,
  remediation: ({ arn, name, region }) => {
    const [at, id, what] = [shellQuote(region), shellQuote(arn), shellQuote(name)];
    return {
      text: 'Enable a key that is disabled. The key of an integration cannot be changed: for another one delete the integration and make it again, which copies the whole source anew.',
      cli: [
        needsKey,
        `read -r SOURCE TARGET <<< "$(aws rds describe-integrations --region ${at} --integration-identifier ${id} --query 'Integrations[0].[SourceArn,TargetArn]' --output text)"`,
        `aws rds delete-integration --region ${at} --integration-identifier ${id}`,
        '# Once it is gone:',
        `aws rds create-integration --region ${at} --integration-name ${what} --source-arn "$SOURCE" --target-arn "$TARGET" --kms-key-id "\${KEY:?}"`,
      ].join('\n'),
      terraform: [
        'resource "aws_rds_integration" "this" {',
        `  integration_name = ${terraformString(name)}`,
        '  source_arn       = var.source_arn',
        '  target_arn       = var.target_arn',
        '  kms_key_id       = aws_kms_key.this.arn',
        '}',
      ].join('\n'),
    };
  },
  evaluate: ({ details: { kmsKeyId: KMSKeyId } }, context) => {
    const encryption: Encryption =
      KMSKeyId === null
        ? { by: 'aws-owned', mode: 'zero-ETL integration' }
        : { by: 'kms', key: KMSKeyId, mode: 'sse-kms', checkedOnWrite: true };
    return judgeSideKey({ encryption, subject: 'zero-ETL integration', evidence: { KMSKeyId } }, context);
  },
});
