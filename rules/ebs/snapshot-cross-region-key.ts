import { known, type Attempt } from '#model/attempt.js';
import { copyMessages, copyStates, judgeCopy } from '#model/copy.js';
import { copySource } from '#model/edges.js';
import { encryptionOf } from '#model/encryption.js';
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
    ['Source region not recorded by AWS: not in the Description, no own image knows it, the source is not in the run', 'not applicable'],
    ['Images or snapshots that could tell the source region could not be listed', 'unknown'],
    ['Copied within its region', 'not applicable'],
    ...copyStates,
  ],
  remediation: reencrypt,
  appliesTo: ({ encryption }) => encryption.by !== 'not-judged' || encryption.reason,
  evaluate: (copy, context) => {
    const { description, transferType } = copy.details;
    const written = copySource(description);
    if (written === null && transferType === null) return context.notApplicable('not a copy');
    const source = written === null ? known('outside' as const) : context.find('ebs.snapshot', written.snapshotId, written.region ?? undefined);
    const from = written?.region == null ? sourceRegion(source, context) : known({ region: written.region, seenBy: 'Description' });
    if (!from.known) return context.unknown(from.missing);
    if (from.value === null) return context.notApplicable('AWS does not record which region it was copied from');
    const { region, seenBy } = from.value;
    if (region === copy.region) return context.notApplicable(`copied within ${region}, by ${seenBy}`);

    const judged = judgedBlockStorage(copy);
    const lineage = { TransferType: transferType, sourceSnapshot: written?.snapshotId ?? null, sourceRegion: region, sourceRegionSeenBy: seenBy };
    const evidence = { ...judged.evidence, ...lineage, caution: 'descriptions of snapshots are written by users' };
    return judgeCopy({ ...judged, evidence, sourceRegion: region, source: encryptionOfSource(source) }, context);
  },
});

type Source = Attempt<Found<'ebs.snapshot', 'details'> | 'missing' | 'outside'>;
type Context = Pick<RuleContext<typeof copyMessages, typeof lookups>, 'find' | 'refs'>;

/** Where the description does not say it: an own image that was copied too, else the snapshot it names. Null: AWS has no record. */
function sourceRegion(source: Source, { refs, find }: Context): Attempt<{ readonly region: string; readonly seenBy: string } | null> {
  const images = refs('image');
  for (const arn of images.known ? images.value.first : []) {
    const image = find('ec2.image', arn);
    const region = image.known && typeof image.value === 'object' ? image.value.details.sourceImageRegion : null;
    if (region !== null) return known({ region, seenBy: `SourceImageRegion of ${arn}` });
  }
  if (source.known && typeof source.value === 'object') return known({ region: source.value.region, seenBy: `where the run holds ${source.value.arn}` });
  const missing = [images, source].flatMap((attempt) => (attempt.known ? [] : attempt.missing));
  return missing.length === 0 ? known(null) : { known: false, missing };
}

function encryptionOfSource(source: Source) {
  if (!source.known) return source;
  return known(typeof source.value === 'object' ? { arn: source.value.arn, encryption: encryptionOf(source.value) } : null);
}
