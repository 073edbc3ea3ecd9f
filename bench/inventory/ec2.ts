import type { ResourceRecord } from '#model/resources/index.js';
import { read, record, tags, type Calls, type Ground } from './place.js';

const listCall = 1;

/** One in thirty plain, three in ten under aws/ebs, the others under a key of the place. */
function encryption({ random, keys, place }: Ground, sensitive: boolean) {
  if (!sensitive && random.chance(0.033)) return { encrypted: false, kmsKeyId: null };
  if (!sensitive && random.chance(0.3))
    return { encrypted: true, kmsKeyId: `arn:aws:kms:${place.region}:${place.account}:alias/aws/ebs` };
  return { encrypted: true, kmsKeyId: random.pick(keys) };
}

export function volume(ground: Ground): ResourceRecord {
  const { place, random } = ground;
  const id = `vol-${random.hex(17)}`;
  const sensitive = random.chance(0.1);
  const details = {
    state: 'in-use',
    ...encryption(ground, sensitive),
    sseType: null,
    snapshotId: random.chance(0.5) ? `snap-${random.hex(17)}` : null,
    sourceVolumeId: null,
    createdAt: random.date(),
    attachedTo: random.chance(0.9) ? [`i-${random.hex(17)}`] : [],
  };
  const name = `data-${String(random.below(10_000))}`;
  return record('ebs.volume', place, `arn:aws:ec2:${place.region}:${place.account}:volume/${id}`, name, {
    details: read(details, listCall),
    tags: read(tags(random, name, sensitive), listCall),
  });
}

/** One in twenty is a copy of a snapshot of another region, most others are what a backup plan made. */
export function snapshot(ground: Ground, id: string): ResourceRecord {
  const { place, random, sources } = ground;
  const sensitive = random.chance(0.1);
  const stored = encryption(ground, sensitive);
  const copied = sources.length > 0 && random.chance(0.05) ? random.pick(sources) : undefined;
  const details = {
    state: 'completed',
    ...stored,
    sseType: null,
    volumeId: `vol-${random.hex(17)}`,
    startedAt: random.date(),
    description:
      copied === undefined
        ? `Created by the backup plan nightly for vol-${random.hex(17)}`
        : `[Copied ${copied.snapshotId} from ${copied.region}] nightly`,
    transferType: copied === undefined ? null : 'standard',
  };
  const name = `nightly-${String(random.below(10_000))}`;
  return record('ebs.snapshot', place, `arn:aws:ec2:${place.region}:${place.account}:snapshot/${id}`, name, {
    details: read(details, listCall + 1),
    tags: read(tags(random, name, sensitive), listCall + 1),
    restorableByAll: read(false, listCall + 2),
    public: read({ public: false, seenBy: stored.encrypted ? 'encrypted' : 'RestorableByUserIds' }),
  });
}

export function ebsDefaults({ place }: Ground, calls: Calls): ResourceRecord {
  return record(
    'ebs.defaults',
    place,
    `arn:aws:ec2:${place.region}:${place.account}:ebs-defaults`,
    `EBS defaults of ${place.region}`,
    {
      encryptionByDefault: read(true, calls.made('ec2:GetEbsEncryptionByDefault')),
      defaultKey: read('alias/aws/ebs', calls.made('ec2:GetEbsDefaultKmsKeyId')),
      snapshotBlockPublicAccess: read('block-new-sharing', calls.made('ec2:GetSnapshotBlockPublicAccessState')),
    },
  );
}
