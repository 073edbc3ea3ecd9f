import { clusterBlocks, type DatabaseService } from './database.js';
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

function sharedAccounts({ kind, name }: Snapshot, service: DatabaseService): string {
  if (service !== 'rds')
    return `# ${clusterBlocks[service].snapshot} has no argument for whom it is shared with: use the command.`;
  const written = terraformString(name);
  return kind === 'rds.snapshot'
    ? `resource "aws_db_snapshot" "this" {\n  db_instance_identifier = var.instance\n  db_snapshot_identifier = ${written}\n  shared_accounts        = []\n}`
    : `resource "aws_db_cluster_snapshot" "this" {\n  db_cluster_identifier          = var.cluster\n  db_cluster_snapshot_identifier = ${written}\n  shared_accounts                = []\n}`;
}
