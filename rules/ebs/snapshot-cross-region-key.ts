import { known, type Attempt } from '#model/attempt.js';
import { copyMessages, copyStates, judgeCopy, sourceOf } from '#model/copy.js';
import { copySource } from '#model/edges/ec2.js';
import { judgedBlockStorage } from '#model/judged.js';
import { reencrypt } from '#model/reencrypt.js';
import { defineRule, keyLookup, type Found, type RuleContext } from '#model/rule.js';

const lookups = { ...keyLookup, 'ebs.snapshot': ['details'], 'ec2.image': ['details'] } as const;

export default defineRule({
  id: 'ebs/snapshot-cross-region-key',
  kind: 'ebs.snapshot',
  severity: 'high',
  title: 'EBS snapshots copied from another region are as well encrypted as their source, under a key that works',
  needs: ['details', 'encryption'],
  premises: ['encryption'],
  lookups,
  reverse: ['image'],
  cmkRequired: 'want',
  docs: {
    why: 'A key stays in its region, so a copy to another region takes a new one: aws/ebs, or none at all for a plain source, unless somebody names a better. Such copies are the backups of a lost region, and their keys are looked at when it is too late.',
    source: 'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html',
    waive: 'A copy of public data, or one that is deleted as soon as it has been restored.',
  },
  messages: copyMessages,
  states: [
    ['Snapshot in state error', 'not applicable'],
    ['No TransferType, and a Description that does not say copied', 'not applicable'],
    ['Neither the Description, nor an own image, nor the place of the source in the run tells the region', 'not applicable'],
    ['Images or snapshots that could tell the source region could not be listed', 'unknown'],
    ['Copied within its region', 'not applicable'],
    ...copyStates,
  ],
  remediation: reencrypt,
  appliesTo: ({ encryption }) => encryption.by !== 'not-judged' || encryption.reason,
  evaluate: (copy, context) => {
    const { description, transferType: TransferType } = copy.details;
    const written = copySource(description);
    if (written === null && TransferType === null) return context.notApplicable('not a copy');
    const { snapshotId: sourceSnapshot = null, region: writtenRegion = null } = written ?? {};
    const source: Source =
      sourceSnapshot === null ? known('outside') : context.find('ebs.snapshot', sourceSnapshot, writtenRegion ?? undefined);
    const from = writtenRegion === null ? regionOf(source, context) : known([writtenRegion, 'Description'] as const);
    if (!from.known) return context.unknown(from.missing);
    if (from.value === null) return context.notApplicable('AWS does not record which region it was copied from');
    const [sourceRegion, sourceRegionSeenBy] = from.value;
    if (sourceRegion === copy.region) return context.notApplicable(`copied within ${sourceRegion}, by ${sourceRegionSeenBy}`);

    const judged = judgedBlockStorage(copy);
    const lineage = { TransferType, sourceSnapshot, sourceRegion, sourceRegionSeenBy, caution };
    return judgeCopy(
      { ...judged, evidence: { ...judged.evidence, ...lineage }, sourceRegion, source: sourceOf(source) },
      context,
    );
  },
});

const caution = 'descriptions of snapshots are written by users';
type Source = Attempt<Found<'ebs.snapshot', 'details'> | 'missing' | 'outside'>;
type Context = Pick<RuleContext<typeof copyMessages, typeof lookups>, 'find' | 'refs'>;

/** Where no description says it: an own image that was copied too, else the place of the source. Null: AWS has no record. */
function regionOf(source: Source, { refs, find }: Context): Attempt<readonly [region: string, seenBy: string] | null> {
  const images = refs('image');
  for (const arn of images.first) {
    const image = find('ec2.image', arn);
    const region = image.known && typeof image.value === 'object' ? image.value.details.sourceImageRegion : null;
    if (region !== null) return known([region, `SourceImageRegion of ${arn}`]);
  }
  if (source.known && typeof source.value === 'object') return known([source.value.region, `the place of ${source.value.arn}`]);
  const missing = [...images.missing, ...(source.known ? [] : source.missing)];
  return missing.length === 0 ? known(null) : { known: false, missing };
}
