import type { Encryption } from './encryption.js';
import type { AutomatedBackupDetails, RdsStorage, SnapshotDetails, VolumeDetails } from './resources/index.js';
import type { Evidence } from './verdict.js';

/** A resource as the judgements that several kinds share see it. */
export interface Judged {
  readonly encryption: Encryption;
  /** What the resource is, for its messages: `volume`, `Neptune cluster`. */
  readonly subject: string;
  readonly evidence: Evidence;
}

type BlockStorage =
  | { readonly kind: 'ebs.volume'; readonly details: VolumeDetails }
  | { readonly kind: 'ebs.snapshot'; readonly details: SnapshotDetails };

export function judgedBlockStorage(resource: BlockStorage & { readonly encryption: Encryption }): Judged {
  const { encrypted: Encrypted, sseType: SseType, kmsKeyId: KmsKeyId } = resource.details;
  if (resource.kind === 'ebs.snapshot')
    return { encryption: resource.encryption, subject: 'snapshot', evidence: { Encrypted, SseType, KmsKeyId } };
  const { attachedTo } = resource.details;
  return { encryption: resource.encryption, subject: 'volume', evidence: { Encrypted, SseType, KmsKeyId, attachedTo } };
}

const nouns = {
  'rds.automated-backup': 'automated backup',
  'rds.instance': 'instance',
  'rds.cluster': 'cluster',
  'rds.snapshot': 'snapshot',
  'rds.cluster-snapshot': 'cluster snapshot',
} as const;

interface Database {
  readonly kind: keyof typeof nouns;
  readonly details: RdsStorage;
}

export function judgedDatabase(resource: Database & { readonly encryption: Encryption }): Judged {
  const { engine: Engine, encryptionType: StorageEncryptionType, encrypted, kmsKeyId: KmsKeyId } = resource.details;
  const flag = resource.kind === 'rds.snapshot' || isInstanceBackup(resource.details) ? 'Encrypted' : 'StorageEncrypted';
  const evidence = { Engine, StorageEncryptionType, [flag]: encrypted, KmsKeyId };
  return { encryption: resource.encryption, subject: databaseSubject(resource), evidence };
}

function isInstanceBackup(details: RdsStorage | AutomatedBackupDetails): boolean {
  return 'of' in details && details.of === 'instance';
}

/**
 * RDS lists the databases of Neptune and DocumentDB beside its own, told apart by Engine alone.
 * https://docs.aws.amazon.com/neptune/latest/userguide/api.html
 */
const services: Readonly<Record<string, string>> = { neptune: 'Neptune', docdb: 'DocumentDB' };

/** Engines of other services under those services' names, all others as RDS writes them: none is left out. */
export function databaseSubject({ kind, details: { engine } }: Database): string {
  return engine === null ? nouns[kind] : `${services[engine] ?? engine} ${nouns[kind]}`;
}
