import type { Attempt, Missing } from '#model/attempt.js';
import { leftOut } from '#model/ec2-listings.js';
import { encryptionOf } from '#model/encryption.js';
import { listText } from '#model/list-text.js';
import { defineRule, type Found, type RuleContext } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

const lookups = { 'ebs.snapshot': ['details'], 'ebs.volume': ['details'] } as const;

export default defineRule({
  id: 'ebs/volume-plaintext-ancestor',
  kind: 'ebs.volume',
  severity: 'low',
  title: 'Encrypted EBS volumes leave no unencrypted snapshot or volume behind that they were made from',
  needs: ['details', 'encryption'],
  premises: ['details', 'encryption'],
  lookups,
  docs: {
    why: 'Encrypting a volume means making a new one from an unencrypted snapshot or volume. As long as that is still there, the same data lies beside it in plain, and the work is only half done.',
    source: 'https://docs.aws.amazon.com/ebs/latest/userguide/encryption-parameters.html',
    waive: 'A source that holds no data of yours, such as the snapshot behind an image of a bare operating system.',
  },
  messages: {
    plain: 'The volume is encrypted; {source}, which it was made from, still exists and is not.',
    encrypted: 'The volume was made from {source}, which is encrypted too.',
  },
  states: [
    ['Volume deleting or deleted, or not encrypted', 'not applicable'],
    ['Neither SnapshotId nor SourceVolumeId', 'not applicable'],
    ['One of them is in the run, exists, and is not encrypted', 'fail'],
    ['Snapshots or volumes that could be it were not listed, or AWS left out whether it is encrypted', 'unknown'],
    ['Neither of them is in the run: deleted, in error, or of an account outside the scope', 'not applicable'],
    ['AWS left out whether the volume itself is encrypted', 'unknown'],
    ['Those that are in the run are encrypted', 'pass'],
  ],
  remediation: ({ arn, region }) => {
    const at = shellQuote(region);
    return {
      text: 'Once nothing else needs it, delete the source that is not encrypted. A snapshot behind an image goes only after the image was deregistered; where the source has to stay, copy it under a key and delete the original.',
      cli: `read -r SNAPSHOT VOLUME <<< "$(aws ec2 describe-volumes --region ${at} --volume-ids ${shellQuote(arn.slice(arn.lastIndexOf('/') + 1))} --query 'Volumes[0].[SnapshotId,SourceVolumeId]' --output text)"\n# Whichever of the two is not encrypted:\naws ec2 delete-snapshot --region ${at} --snapshot-id "$SNAPSHOT"\naws ec2 delete-volume --region ${at} --volume-id "$VOLUME"`,
      terraform: '# Remove the aws_ebs_snapshot or aws_ebs_volume that is not encrypted from the configuration.',
    };
  },
  appliesTo: ({ details, encryption }) => {
    if (encryption.by === 'not-judged') return encryption.reason;
    if (encryption.by === 'none') return 'not encrypted: see ebs/volume-encrypted';
    if (details.snapshotId === null && details.sourceVolumeId === null) return 'made from no snapshot or volume';
    return true;
  },
  evaluate: ({ details, encryption, region }, { pass, fail, unknown, notApplicable, find, level }) => {
    const { encrypted: Encrypted, snapshotId: SnapshotId, sourceVolumeId: SourceVolumeId } = details;
    const evidence = { Encrypted, SnapshotId, SourceVolumeId };
    const expected = 'no unencrypted source';
    const missing: Missing[] = [];
    const encrypted: string[] = [];
    for (const found of ancestors(SnapshotId, SourceVolumeId, region, find)) {
      if (!found.known) missing.push(...found.missing);
      else if (typeof found.value === 'object') {
        const { arn } = found.value;
        const { by } = encryptionOf(found.value);
        if (by === 'none') return fail('plain', { data: { source: arn }, expected, actual: arn, evidence });
        if (by === 'unknown') missing.push(leftOut(found.value.kind, 'Encrypted'));
        // One on its way out, or that never came to be, is not there.
        else if (by !== 'not-judged') encrypted.push(arn);
      }
    }
    if (missing.length > 0) return unknown(missing);
    if (encrypted.length === 0) return notApplicable('what it was made from is not in the run');
    const own = level(encryption);
    if (encryption.by === 'unknown' && own.is === 'unknown') return unknown(own.missing);
    return pass('encrypted', { data: { source: listText(encrypted) }, expected, actual: expected, evidence });
  },
});

type Ancestor = Attempt<Found<'ebs.snapshot', 'details'> | Found<'ebs.volume', 'details'> | 'missing' | 'outside'>;

function ancestors(
  snapshotId: string | null,
  volumeId: string | null,
  region: string,
  find: RuleContext<Record<never, never>, typeof lookups>['find'],
): readonly Ancestor[] {
  const found: Ancestor[] = [];
  if (snapshotId !== null) found.push(find('ebs.snapshot', snapshotId, region));
  if (volumeId !== null) found.push(find('ebs.volume', volumeId, region));
  return found;
}
