import { clusterBlocks, type DatabaseService } from './database.js';
import type { KeyBearing } from './encryption.js';
import { writtenKey } from './key-command.js';
import type { Identity, RdsSnapshotDetails } from './resources/index.js';
import type { Remediation } from './rule.js';
import { shellQuote } from './shell.js';
import { terraformString } from './terraform.js';

type Snapshot = Identity<'rds.snapshot' | 'rds.cluster-snapshot'>;

/** Why a database snapshot cannot be shared with anybody; null for manual ones, and where AWS left the type out. */
export function whyNotShareable({ type }: RdsSnapshotDetails): string | null {
  return type === null || type === 'manual' ? null : `${type} snapshots cannot be shared`;
}

/** Takes one value out of the attribute `restore`; `value` is a word of a shell command. */
export function shareRemediation(snapshot: Snapshot, service: DatabaseService, value: string, text: string): Remediation {
  const { kind, name, region } = snapshot;
  const of = kind === 'rds.snapshot' ? 'db-snapshot' : 'db-cluster-snapshot';
  const named = `--region ${shellQuote(region)} --${of}-identifier ${shellQuote(name)}`;
  const cli = `aws ${service} modify-${of}-attribute ${named} --attribute-name restore --values-to-remove ${value}`;
  return { text, cli, terraform: sharedAccounts(snapshot, service) };
}

/** Takes the share of an EBS snapshot back from one account. */
export function ebsShareRemediation({ arn, region }: Identity<'ebs.snapshot'>, text: string): Remediation {
  const snapshot = `--region ${shellQuote(region)} --snapshot-id ${shellQuote(arn.slice(arn.lastIndexOf('/') + 1))}`;
  return {
    text,
    cli: `aws ec2 describe-snapshot-attribute ${snapshot} --attribute createVolumePermission\n: "\${ACCOUNT:?set it to the account that is not to have it}"\naws ec2 modify-snapshot-attribute ${snapshot} --attribute createVolumePermission --operation-type remove --user-ids "\${ACCOUNT:?}"`,
    terraform: '# Remove the aws_snapshot_create_volume_permission of that account from the configuration.',
  };
}

/** The same with the key of the snapshot, which is closed or opened by its policy and its grants. */
export function withItsKey({ text, cli, terraform }: Remediation, snapshot: Identity<KeyBearing>): Remediation {
  const key = `--region ${shellQuote(snapshot.region)} --key-id "$KEY"`;
  const policy = `${key} --policy-name default`;
  const doors = `KEY=$(${writtenKey(snapshot)})\n# With credentials of the account that owns the key:\naws kms list-grants ${key}\n# Set GRANT_ID where one of them is to end, then:\n[ -z "\${GRANT_ID:-}" ] || aws kms revoke-grant ${key} --grant-id "$GRANT_ID"\naws kms get-key-policy ${policy} --query Policy --output text > policy.json\n# Edit policy.json, then:\naws kms put-key-policy ${policy} --policy file://policy.json`;
  const block =
    'resource "aws_kms_key_policy" "shared" {\n  key_id = var.key_arn\n  policy = data.aws_iam_policy_document.admits_whom_it_is_shared_with.json\n}';
  return { text, cli: `${cli ?? ''}\n${doors}`, terraform: `${terraform ?? ''}\n${block}` };
}

function sharedAccounts({ kind, name }: Snapshot, service: DatabaseService): string {
  if (service !== 'rds')
    return `# ${clusterBlocks[service].snapshot} has no argument for whom it is shared with: use the command.`;
  const written = terraformString(name);
  return kind === 'rds.snapshot'
    ? `resource "aws_db_snapshot" "this" {\n  db_instance_identifier = var.instance\n  db_snapshot_identifier = ${written}\n  shared_accounts        = []\n}`
    : `resource "aws_db_cluster_snapshot" "this" {\n  db_cluster_identifier          = var.cluster\n  db_cluster_snapshot_identifier = ${written}\n  shared_accounts                = []\n}`;
}
