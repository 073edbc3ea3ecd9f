import { daysBefore } from '../world/key.js';
import { hashText, hexId, indexOfHexId, mix } from '../world/hash.js';
import type { ImageRecord, LaunchTemplateRecord, SnapshotRecord, VolumeRecord } from '../world/records.js';
import type { Generated } from '../world/shelf.js';
import type { Keys } from './keys.js';
import { baseOf, neighbour, otherAccount, percent } from './place.js';
import type { Place } from './place.js';

export class Volumes implements Generated<VolumeRecord> {
  readonly count: number;
  readonly #place: Place;
  readonly #keys: Keys;
  readonly #base: number;

  constructor(place: Place, keys: Keys) {
    this.#place = place;
    this.#keys = keys;
    this.#base = baseOf(place, 'ebs.volume');
    this.count = place.count('ebs.volume');
  }

  at(index: number): VolumeRecord {
    const { account, region } = this.#place;
    const VolumeId = this.idAt(index);
    const KmsKeyId = this.keyAt(index);
    const attached = index % 4 !== 3;
    return {
      VolumeId,
      VolumeArn: `arn:aws:ec2:${region}:${account}:volume/${VolumeId}`,
      OwnerId: account,
      Size: 8 + (index % 500),
      SnapshotId: this.#snapshotOf(index),
      AvailabilityZone: `${region}${'abc'[index % 3]}`,
      State: attached ? 'in-use' : 'available',
      CreateTime: daysBefore(index % 700),
      VolumeType: 'gp3',
      Iops: 3000,
      Throughput: 125,
      MultiAttachEnabled: false,
      Encrypted: KmsKeyId !== undefined,
      ...(KmsKeyId !== undefined && { KmsKeyId }),
      Attachments: attached ? [attachment(VolumeId, this.#base, index)] : [],
      Tags: [{ Key: 'Name', Value: `gen-${index}` }],
    };
  }

  idAt(index: number): string {
    return `vol-${hexId(this.#base, index)}`;
  }

  /** Some were made from a snapshot of the region, encrypted or not, whatever they are themselves. */
  #snapshotOf(index: number): string {
    const snapshots = this.#place.count('ebs.snapshot');
    if (snapshots === 0 || index % 9 !== 4) return '';
    return `snap-${hexId(baseOf(this.#place, 'ebs.snapshot'), (index + 1) % snapshots)}`;
  }

  /** The key of a volume; undefined: not encrypted. */
  keyAt(index: number): string | undefined {
    const roll = percent(this.#base, index);
    const choice = mix(this.#base, index);
    if (roll < 22) return undefined;
    if (roll < 42) return this.#keys.managed('ebs');
    if (roll < 94) return this.#keys.customer(choice);
    return roll < 98 ? this.#keys.foreign(choice) : this.#keys.missing(choice);
  }

  indexOf(id: string): number | undefined {
    return id.startsWith('vol-') ? indexOfHexId(this.#base, id.slice(4)) : undefined;
  }
}

function attachment(VolumeId: string, base: number, index: number): Record<string, unknown> {
  return {
    VolumeId,
    InstanceId: `i-${hexId(base ^ 0x1f3d5b79, index >> 1)}`,
    Device: '/dev/xvda',
    State: 'attached',
    AttachTime: daysBefore(index % 700),
    DeleteOnTermination: true,
  };
}

/** Most are of a volume of the region and share its key; some are copies from the neighbour region. */
export class Snapshots implements Generated<SnapshotRecord> {
  readonly count: number;
  readonly #place: Place;
  readonly #keys: Keys;
  readonly #volumes: Volumes;
  readonly #base: number;
  readonly #source: { region: string; base: number; count: number } | undefined = undefined;

  constructor(place: Place, keys: Keys, volumes: Volumes) {
    this.#place = place;
    this.#keys = keys;
    this.#volumes = volumes;
    this.#base = baseOf(place, 'ebs.snapshot');
    this.count = place.count('ebs.snapshot');
    const region = neighbour(place, 'ebs.snapshot', 1);
    if (region === undefined) return;
    this.#source = { region, base: baseOf(place, 'ebs.snapshot', region), count: place.count('ebs.snapshot', region) };
  }

  at(index: number): SnapshotRecord {
    const KmsKeyId = this.keyAt(index);
    const copiedFrom = this.#copiedFrom(index);
    return {
      SnapshotId: this.idAt(index),
      VolumeId: copiedFrom === undefined ? this.#volumeAt(index) : 'vol-ffffffff',
      OwnerId: this.#place.account,
      State: index % 5000 === 4999 ? 'error' : 'completed',
      StartTime: daysBefore(index % 365),
      CompletionTime: daysBefore((index % 365) - 0.02),
      Progress: '100%',
      Description: copiedFrom === undefined ? `nightly ${index}` : `[Copied ${copiedFrom}] nightly`,
      ...(copiedFrom !== undefined && { TransferType: 'standard' }),
      VolumeSize: 8 + (index % 500),
      StorageTier: index % 29 === 28 ? 'archive' : 'standard',
      Encrypted: KmsKeyId !== undefined,
      ...(KmsKeyId !== undefined && { KmsKeyId }),
      Tags: [{ Key: 'Name', Value: `gen-${index}` }],
      sharedWith: this.sharedWith(index),
    };
  }

  idAt(index: number): string {
    return `snap-${hexId(this.#base, index)}`;
  }

  keyAt(index: number): string | undefined {
    if (this.#copiedFrom(index) !== undefined) {
      return percent(this.#base, index) % 2 === 0 ? this.#keys.managed('ebs') : this.#keys.customer(index);
    }
    if (this.#volumes.count > 0) return this.#volumes.keyAt(index % this.#volumes.count);
    return percent(this.#base, index) < 25 ? undefined : this.#keys.customer(mix(this.#base, index));
  }

  /** AWS shares no snapshot under its own key, and makes no encrypted one public; nor does this. */
  sharedWith(index: number): readonly string[] {
    // Dense at first, so that a small region has one too; then as rare as in life.
    const publicly = index < 100 ? index % 5 === 3 : index % 997 === 13;
    const shared = index % 61 === 5;
    if (!publicly && !shared) return [];
    const key = this.keyAt(index);
    if (publicly) return key === undefined ? ['all'] : [];
    const other = otherAccount(this.#place, index);
    return other === undefined || (key !== undefined && key === this.#keys.managed('ebs')) ? [] : [other];
  }

  indexOf(id: string): number | undefined {
    return id.startsWith('snap-') ? indexOfHexId(this.#base, id.slice(5)) : undefined;
  }

  #volumeAt(index: number): string {
    if (this.#volumes.count > 0) return this.#volumes.idAt(index % this.#volumes.count);
    return `vol-${hexId(hashText('lost', this.#base), index)}`;
  }

  #copiedFrom(index: number): string | undefined {
    if (this.#source === undefined || index % 20 !== 6) return undefined;
    return `snap-${hexId(this.#source.base, index % this.#source.count)} from ${this.#source.region}`;
  }
}

export class Images implements Generated<ImageRecord> {
  readonly count: number;
  readonly #place: Place;
  readonly #snapshots: Snapshots;
  readonly #base: number;

  constructor(place: Place, snapshots: Snapshots) {
    this.#place = place;
    this.#snapshots = snapshots;
    this.#base = baseOf(place, 'ec2.image');
    this.count = place.count('ec2.image');
  }

  at(index: number): ImageRecord {
    const snapshot = this.#snapshots.count > 0 ? index % this.#snapshots.count : undefined;
    const encrypted = snapshot !== undefined && this.#snapshots.keyAt(snapshot) !== undefined;
    const disabled = index % 23 === 22;
    const isPublic = !disabled && !encrypted && index % 31 === 7;
    const partner = !disabled && index % 5 === 3 ? otherAccount(this.#place, index) : undefined;
    const SnapshotId = snapshot === undefined ? `snap-${hexId(this.#base, index)}` : this.#snapshots.idAt(snapshot);
    return {
      ImageId: `ami-${hexId(this.#base, index)}`,
      Name: `gen-image-${index}`,
      OwnerId: this.#place.account,
      State: disabled ? 'disabled' : 'available',
      CreationDate: daysBefore(index % 400).toISOString(),
      Architecture: 'arm64',
      ImageType: 'machine',
      RootDeviceType: 'ebs',
      RootDeviceName: '/dev/xvda',
      VirtualizationType: 'hvm',
      Public: isPublic,
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/xvda',
          Ebs: { DeleteOnTermination: true, SnapshotId, VolumeSize: 8, VolumeType: 'gp3', Encrypted: encrypted },
        },
      ],
      Tags: [],
      launchPermissions: [...(isPublic ? [{ Group: 'all' }] : []), ...(partner === undefined ? [] : [{ UserId: partner }])],
    };
  }

  indexOf(id: string): number | undefined {
    return id.startsWith('ami-') ? indexOfHexId(this.#base, id.slice(4)) : undefined;
  }
}

/** One version each, so the latest is the default one. */
export class LaunchTemplates implements Generated<LaunchTemplateRecord> {
  readonly count: number;
  readonly #place: Place;
  readonly #keys: Keys;
  readonly #base: number;

  constructor(place: Place, keys: Keys) {
    this.#place = place;
    this.#keys = keys;
    this.#base = baseOf(place, 'ec2.launch-template');
    this.count = place.count('ec2.launch-template');
  }

  at(index: number): LaunchTemplateRecord {
    const KmsKeyId = index % 3 === 0 ? this.#keys.customer(index) : undefined;
    const encryption = KmsKeyId ? { Encrypted: true, KmsKeyId } : index % 3 === 1 ? { Encrypted: false } : {};
    return {
      LaunchTemplateId: `lt-${hexId(this.#base, index)}`,
      LaunchTemplateName: `gen-template-${index}`,
      VersionNumber: 1,
      DefaultVersion: true,
      CreateTime: daysBefore(index % 300),
      CreatedBy: `arn:aws:iam::${this.#place.account}:root`,
      LaunchTemplateData: {
        InstanceType: 'm7g.large',
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, VolumeType: 'gp3', ...encryption } }],
      },
    };
  }

  /** The shelf names a version `lt-…:1`. */
  indexOf(id: string): number | undefined {
    const [template = '', version] = id.split(':');
    return template.startsWith('lt-') && version === '1' ? indexOfHexId(this.#base, template.slice(3)) : undefined;
  }
}
