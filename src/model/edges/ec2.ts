import type { Place } from '../place.js';
import type { SnapshotDetails, VolumeDetails } from '../resources/index.js';
import { edge, type EdgeSpec } from './spec.js';

const copiedSnapshot = /^\[Copied (snap-\S+) from ([a-z0-9-]+)\]/;
const imageCopySnapshot = /^Copied for DestinationAmi ami-\S+ from SourceAmi ami-\S+ for SourceSnapshot (snap-\S+)/;

/** What a snapshot's description says of the snapshot it was copied from. Descriptions can be edited by users. */
export function copySource(description: string): { readonly snapshotId: string; readonly region: string | null } | null {
  // Most snapshots are no copies, and a look at the first letters is much cheaper than two patterns.
  if (!description.startsWith('[Copied ') && !description.startsWith('Copied for ')) return null;
  const copied = copiedSnapshot.exec(description);
  if (copied?.[1] !== undefined) return { snapshotId: copied[1], region: copied[2] ?? null };
  const ofImage = imageCopySnapshot.exec(description);
  // The sentence ends in a full stop or in more text, neither of which belongs to the id.
  return ofImage?.[1] === undefined ? null : { snapshotId: ofImage[1].replace(/\W+$/, ''), region: null };
}

/** Whether AWS says that nothing encrypts it. */
function isPlain({ encrypted, sseType }: Pick<VolumeDetails, 'encrypted' | 'sseType'>): boolean {
  return encrypted === false && sseType !== 'sse-ebs';
}

/**
 * Whether a snapshot was taken of the volume that it names. AWS gives copies an arbitrary one, mostly vol-ffffffff, which
 * imported snapshots have too. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Snapshot.html
 */
export function isOriginal({ volumeId, transferType, description }: SnapshotDetails): boolean {
  return volumeId !== null && volumeId !== 'vol-ffffffff' && transferType === null && copySource(description) === null;
}

function arnIn({ partition, account, region }: Place, type: 'snapshot' | 'volume', id: string): string {
  return `arn:${partition}:ec2:${region}:${account}:${type}/${id}`;
}

export const ec2Edges: readonly EdgeSpec[] = [
  edge({
    name: 'source',
    from: 'ebs.snapshot',
    facet: 'details',
    to: 'ebs.snapshot',
    targets: ({ description }) => {
      const source = copySource(description);
      return source === null ? [] : [source.snapshotId];
    },
    region: ({ description }) => copySource(description)?.region ?? null,
  }),
  // Only where a rule asks: a plain snapshot for its volume, an encrypted volume for a plain ancestor.
  edge({
    name: 'origin',
    from: 'ebs.snapshot',
    facet: 'details',
    to: 'ebs.volume',
    targets: (details, place) =>
      isPlain(details) && isOriginal(details) ? [arnIn(place, 'volume', details.volumeId ?? '')] : [],
  }),
  edge({
    name: 'origin',
    from: 'ebs.volume',
    facet: 'details',
    to: 'ebs.snapshot',
    targets: (details) => (isPlain(details) || details.snapshotId === null ? [] : [details.snapshotId]),
    region: (_details, { region }) => region,
  }),
  edge({
    name: 'origin',
    from: 'ebs.volume',
    facet: 'details',
    to: 'ebs.volume',
    targets: (details) => (isPlain(details) || details.sourceVolumeId === null ? [] : [details.sourceVolumeId]),
    region: (_details, { region }) => region,
  }),
  edge({
    name: 'origin',
    from: 'ec2.launch-template',
    facet: 'versions',
    to: 'ebs.snapshot',
    targets: (versions) => versions.flatMap(({ mappings }) => mappings.flatMap(({ snapshotId }) => snapshotId ?? [])),
    region: (_versions, { region }) => region,
  }),
  edge({
    name: 'image',
    from: 'ec2.image',
    facet: 'details',
    to: 'ebs.snapshot',
    targets: ({ mappings }, place) =>
      mappings.flatMap(({ snapshotId }) => (snapshotId === null ? [] : [arnIn(place, 'snapshot', snapshotId)])),
  }),
];
