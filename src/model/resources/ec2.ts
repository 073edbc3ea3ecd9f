import type { Tags } from './tags.js';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Volume.html */
export interface VolumeDetails {
  readonly state: string | null;
  readonly encrypted: boolean | null;
  readonly kmsKeyId: string | null;
  readonly sseType: string | null;
  readonly snapshotId: string | null;
  readonly sourceVolumeId: string | null;
  readonly createdAt: string | null;
  readonly attachedTo: readonly string[];
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Snapshot.html */
export interface SnapshotDetails {
  readonly state: string | null;
  readonly encrypted: boolean | null;
  readonly kmsKeyId: string | null;
  readonly sseType: string | null;
  readonly volumeId: string | null;
  readonly startedAt: string | null;
  readonly description: string;
  /** "Only for snapshot copies": its presence is the one structured mark of a copy. */
  readonly transferType: string | null;
}

/** Whether everybody may restore the snapshot, and by which call that was seen. */
export interface SnapshotPublic {
  readonly public: boolean;
  readonly seenBy: 'encrypted' | 'RestorableByUserIds' | 'createVolumePermission';
  /** The accounts in createVolumePermission, where that was asked. */
  readonly accounts?: readonly string[];
}

/** A device of an image or template that EBS backs: NoDevice and instance store volumes are left out. */
export interface EbsMapping {
  readonly device: string | null;
  readonly snapshotId: string | null;
  readonly encrypted: boolean | null;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Image.html */
export interface ImageDetails {
  readonly state: string | null;
  readonly public: boolean | null;
  readonly sourceImageId: string | null;
  readonly sourceImageRegion: string | null;
  readonly mappings: readonly EbsMapping[];
}

/** A device of a template, with the key that it names. */
export interface TemplateMapping extends EbsMapping {
  readonly kmsKeyId: string | null;
}

/** The default or the latest version of a template: what an instance is launched from that names neither. */
export interface TemplateVersion {
  readonly version: number | null;
  /** `ami-…`, or `resolve:ssm:…` for a parameter that names it. */
  readonly imageId: string | null;
  readonly mappings: readonly TemplateMapping[];
}

export interface Ec2Kinds {
  'ebs.volume': { details: VolumeDetails; tags: Tags };
  'ebs.snapshot': {
    details: SnapshotDetails;
    tags: Tags;
    /** Listed by DescribeSnapshots with RestorableByUserIds=all. */
    restorableByAll: boolean;
    public: SnapshotPublic;
    /** Accounts in createVolumePermission, sorted. What everybody may do is not among them. */
    sharedWith: readonly string[];
  };
  'ebs.defaults': {
    encryptionByDefault: boolean;
    defaultKey: string;
    /** block-all-sharing, block-new-sharing or unblocked. */
    snapshotBlockPublicAccess: string;
    /** block-new-sharing or unblocked. */
    imageBlockPublicAccess: string;
  };
  'ec2.image': {
    details: ImageDetails;
    tags: Tags;
    /** Account ids, and ARNs of organisations and their units, in launchPermission, sorted. */
    sharedWith: readonly string[];
  };
  'ec2.launch-template': {
    /** $Default and $Latest, which may be one, by their number. */
    versions: readonly TemplateVersion[];
    tags: Tags;
  };
}
