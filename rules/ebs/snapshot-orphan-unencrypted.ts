import { z } from 'zod';
import { isOriginal } from '#model/edges/ec2.js';
import { leftOut } from '#model/ec2-listings.js';
import { uncollected } from '#model/resources/index.js';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

const day = 86_400_000;

export default defineRule({
  id: 'ebs/snapshot-orphan-unencrypted',
  kind: 'ebs.snapshot',
  severity: 'low',
  title: 'No old unencrypted EBS snapshot outlives its volume',
  needs: ['details', 'encryption'],
  premises: ['details', 'encryption'],
  lookups: { 'ebs.volume': ['details'] },
  reverse: ['image'],
  options: z.strictObject({
    days: z.int().min(1).default(90).meta({ description: 'Days a snapshot may be old before it is looked at' }),
  }),
  docs: {
    why: 'The volume is deleted, its data is thought to be gone, and a plain copy of the whole disk stays behind that nobody misses and anybody with the right call can share. Such snapshots are found by chance, or by somebody else.',
    source: 'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-deleting-snapshot.html',
    waive: 'A snapshot that has to be kept for a time set by law, until it is copied under a key.',
  },
  messages: {
    volumeExists: 'The snapshot is of {date}; its volume {volume} still exists.',
    orphan: 'The snapshot of {date} is not encrypted, and its volume {volume} no longer exists.',
  },
  states: [
    ['Snapshot in state error, or encrypted', 'not applicable'],
    ['A copy, or VolumeId vol-ffffffff: it names no volume that it was taken of', 'not applicable'],
    ['Not older than the option days', 'not applicable'],
    ['AWS left out Encrypted, VolumeId or StartTime', 'unknown'],
    ['Behind an own image', 'not applicable'],
    ['Images of the account and region, or its volumes, could not be listed', 'unknown'],
    ['The volume exists', 'pass'],
    ['The complete listing of volumes does not hold it', 'fail'],
  ],
  remediation: ({ arn, region }) => {
    const [at, id] = [shellQuote(region), shellQuote(arn.slice(arn.lastIndexOf('/') + 1))];
    return {
      text: 'Delete the snapshot if nobody needs its data. If somebody does, copy it under a key of yours first. A volume in the recycle bin is gone for EBS, yet can be restored: look there if its data is missed.',
      cli: `: "\${KEY:?set it to the ARN of a customer managed key of the region}"\n# Only if the data is still needed:\naws ec2 copy-snapshot --region ${at} --source-region ${at} --source-snapshot-id ${id} --encrypted --kms-key-id "\${KEY:?}"\naws ec2 delete-snapshot --region ${at} --snapshot-id ${id}`,
      terraform: '# Remove the aws_ebs_snapshot from the configuration, or replace it by an encrypted aws_ebs_snapshot_copy.',
    };
  },
  appliesTo: ({ details, encryption }, { now, options: { days } }) => {
    if (encryption.by === 'not-judged') return encryption.reason;
    if (encryption.by !== 'none' && encryption.by !== 'unknown') return 'encrypted';
    if (details.volumeId !== null && !isOriginal(details)) return 'a copy, or imported: it names no volume that it was taken of';
    if (details.startedAt === null || now.getTime() - Date.parse(details.startedAt) > days * day) return true;
    return `not older than ${String(days)} days`;
  },
  evaluate: ({ details, encryption, partition, account, region }, { pass, fail, unknown, notApplicable, refs, find }) => {
    const { volumeId, startedAt } = details;
    if (encryption.by === 'unknown') return unknown([leftOut('ebs.snapshot', 'Encrypted')]);
    if (volumeId === null) return unknown([leftOut('ebs.snapshot', 'VolumeId')]);
    if (startedAt === null) return unknown([leftOut('ebs.snapshot', 'StartTime')]);
    const images = refs('image');
    if (images.count > 0) return notApplicable(`behind the image ${images.first[0] ?? ''}`);
    const volume = find('ebs.volume', `arn:${partition}:ec2:${region}:${account}:volume/${volumeId}`);
    const missing = [...images.missing, ...(volume.known ? [] : volume.missing)];
    if (missing.length > 0 || !volume.known) return unknown(missing);
    if (volume.value === 'outside') return unknown([uncollected('ebs.volume', '*')]);
    const date = startedAt.slice(0, 10);
    const facts = {
      data: { date, volume: volumeId },
      expected: 'encrypted, or its volume exists',
      evidence: { Encrypted: details.encrypted, VolumeId: volumeId, StartTime: startedAt },
    };
    return volume.value === 'missing'
      ? fail('orphan', { ...facts, actual: 'not encrypted, its volume is gone' })
      : pass('volumeExists', { ...facts, actual: 'its volume exists' });
  },
});
