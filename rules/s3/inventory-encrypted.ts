import type { Attempt, Missing } from '#model/attempt.js';
import {
  defaultEncryptionOf,
  destinationBucket,
  destinationLookups,
  isSurelyBelow,
  levelText,
  outsideTheRun,
  possibleLevels,
} from '#model/destination.js';
import type { Encryption } from '#model/encryption.js';
import type { BucketInventory, Identity } from '#model/resources/index.js';
import { defineRule, type RuleContext } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';
import { terraformString } from '#model/terraform.js';

export default defineRule({
  id: 's3/inventory-encrypted',
  kind: 's3.bucket',
  severity: 'low',
  title: 'Inventory reports are encrypted no lower than the bucket they list',
  needs: ['inventory', 'encryption'],
  premises: ['inventory'],
  lookups: destinationLookups,
  follows: ['destinationKey'],
  docs: {
    why: 'An inventory report names every object of the bucket, its size and how it is encrypted. It lies in another bucket, and nothing but its own settings says under which key.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html',
    waive: 'Names of objects that tell nothing about what is in them.',
  },
  messages: {
    kept: 'The inventory reports are encrypted no lower than the bucket: {reports}.',
    below: 'The default of the bucket is {level}, and inventory reports are encrypted lower: {reports}.',
  },
  states: [
    ['No inventory configuration with IsEnabled', 'not applicable'],
    ['The default of the bucket is `aws:fsx` or `aws:backup`', "not applicable: the key is the file system's or vault's"],
    [
      'A report under SSE-S3, under a key of a lower level than the default of the bucket, or without a setting into a bucket with a lower default',
      'fail',
    ],
    [
      'GetBucketEncryption, ListBucketInventoryConfigurations or a key that decides could not be read; a report without a setting goes to a bucket outside the run',
      'unknown',
    ],
    ['Every report is at the level of the bucket or above. A key that is gone counts as customer managed', 'pass'],
  ],
  remediation: (bucket) => ({
    text: 'Encrypt the reports under a customer managed key whose policy lets s3.amazonaws.com use it for this bucket.',
    cli: encryptReports(bucket),
    terraform: reportBlock(bucket),
  }),
  appliesTo: ({ inventory }) => inventory.some(({ enabled }) => enabled) || 'no inventory report is enabled',
  evaluate: ({ encryption, inventory }, context) => {
    const { pass, fail, unknown, notApplicable, level } = context;
    const reading = level(encryption);
    if (reading.is === 'no-level') return notApplicable(reading.reason);
    const own = possibleLevels(encryption, reading);
    const missing: Missing[] = [];
    const kept: string[] = [];
    const below: string[] = [];
    for (const report of inventory) {
      if (!report.enabled) continue;
      const found = encryptionOfReport(report, context);
      if (!found.known) {
        missing.push(...found.missing);
        continue;
      }
      const of = level(found.value);
      const possible = possibleLevels(found.value, of);
      const answer = isSurelyBelow(possible, own);
      if (answer === null)
        missing.push(...(reading.is === 'unknown' ? reading.missing : []), ...(of.is === 'unknown' ? of.missing : []));
      else (answer ? below : kept).push(`${nameOf(report)} ${levelText(possible)}`);
    }
    const expected = `no lower than ${levelText(own)}`;
    const evidence = { reports: inventory.filter(({ enabled }) => enabled) };
    if (below.length > 0) {
      const reports = below.join(', ');
      return fail('below', { data: { level: levelText(own), reports }, expected, actual: reports, evidence });
    }
    if (missing.length > 0) return unknown(missing);
    const reports = kept.join(', ');
    return pass('kept', { data: { reports }, expected, actual: reports, evidence });
  },
});

type Context = Pick<RuleContext<Readonly<Record<string, string>>, typeof destinationLookups>, 'find'>;

/** A report without a setting of its own gets the default of the bucket that it goes to. */
function encryptionOfReport({ encryption, keyId, destination }: BucketInventory, context: Context): Attempt<Encryption> {
  if (encryption === 'SSES3') return { known: true, value: { by: 'aws-owned', mode: 'SSE-S3' } };
  if (encryption === 'SSEKMS') {
    if (keyId === null) return leftOut('KeyId');
    return { known: true, value: { by: 'kms', key: keyId, mode: 'SSE-KMS', checkedOnWrite: false } };
  }
  if (destination === null) return leftOut('Bucket');
  const found = destinationBucket(destination, context);
  if (!found.known) return found;
  if (found.value === null) return { known: false, missing: [outsideTheRun(destination)] };
  return defaultEncryptionOf(found.value);
}

function leftOut(code: string): { readonly known: false; readonly missing: readonly [Missing] } {
  const operation = 's3:ListBucketInventoryConfigurations';
  const action = 's3:GetInventoryConfiguration';
  return { known: false, missing: [{ facet: 's3.bucket/inventory', operation, action, code, cause: 'absent-field' }] };
}

function nameOf({ id, destination }: BucketInventory): string {
  return `${JSON.stringify(id ?? '')} to ${destination ?? 'a bucket that AWS did not name'}`;
}

function encryptReports({ name, region }: Identity): string {
  const bucket = `--region ${shellQuote(region)} --bucket ${shellQuote(name)}`;
  return [
    `KEY=$(aws kms create-key --region ${shellQuote(region)} --query KeyMetadata.Arn --output text)`,
    `for ID in $(aws s3api list-bucket-inventory-configurations ${bucket} --query 'InventoryConfigurationList[?IsEnabled].Id' --output text); do`,
    `  aws s3api get-bucket-inventory-configuration ${bucket} --id "$ID" --query InventoryConfiguration --output json | jq --arg key "$KEY" '.Destination.S3BucketDestination.Encryption = {SSEKMS: {KeyId: $key}}' > inventory.json`,
    `  aws s3api put-bucket-inventory-configuration ${bucket} --id "$ID" --inventory-configuration file://inventory.json`,
    'done',
  ].join('\n');
}

function reportBlock({ name }: Identity): string {
  return [
    'resource "aws_s3_bucket_inventory" "this" {',
    `  bucket                   = ${terraformString(name)}`,
    '  name                     = "daily"',
    '  included_object_versions = "All"',
    '  schedule {',
    '    frequency = "Daily"',
    '  }',
    '  destination {',
    '    bucket {',
    '      format     = "Parquet"',
    '      bucket_arn = aws_s3_bucket.reports.arn',
    '      encryption {',
    '        sse_kms {',
    '          key_id = aws_kms_key.this.arn',
    '        }',
    '      }',
    '    }',
    '  }',
    '}',
  ].join('\n');
}
