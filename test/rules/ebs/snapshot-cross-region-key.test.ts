import { expect, test } from 'vitest';
import type { SnapshotDetails } from '#model/resources/index.js';
import rule from '#rules/ebs/snapshot-cross-region-key.js';
import { judgeResource } from '#plugins/judge.js';
import {
  arnOfKey,
  awsManagedKey,
  key,
  metadata,
  resource,
  snapshot,
  unread,
  type TestResource,
} from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const abroad = { region: 'eu-west-1' };
const otherAccount = { account: '222222222222' };
const copied = { description: '[Copied snap-src from eu-west-1] nightly', transferType: 'standard' };
const copiedImage = {
  description:
    'Copied for DestinationAmi ami-copy from SourceAmi ami-src for SourceSnapshot snap-src. Task created on 1,752,000,000,000.',
};
const plain = { encrypted: false, kmsKeyId: null };
const awsOwned = { ...plain, sseType: 'sse-ebs' };
const copy = (details: Partial<SnapshotDetails> = {}, facets: Parameters<typeof snapshot>[2] = {}): TestResource =>
  snapshot('snap-copy', { ...copied, ...details }, facets);
const source = (details: Partial<SnapshotDetails> = {}, facets: Parameters<typeof snapshot>[2] = {}): TestResource =>
  snapshot('snap-src', details, facets, abroad);
const sourceKey = key(1, { place: abroad });
const sourceArn = source().record.arn;

function image(id: string, sourceImageRegion: string | null, snapshotIds: readonly string[] = ['snap-copy']): TestResource {
  const mappings = snapshotIds.map((snapshotId) => ({ device: '/dev/xvda', snapshotId, encrypted: null }));
  const details = { state: 'available', public: false, sourceImageId: 'ami-src', sourceImageRegion, mappings };
  return resource('ec2.image', `arn:aws:ec2:us-east-1:111111111111:image/${id}`, { details, tags: {} });
}

const kept = 'The snapshot, copied from eu-west-1, is under a customer managed key, not below its source.';
const keptManaged = 'The snapshot, copied from eu-west-1, is under an AWS managed key, not below its source.';
const without = 'The snapshot, copied from eu-west-1, is under an AWS managed key; its source is not in the run to compare with.';
const notEncrypted = 'The snapshot, copied from eu-west-1, is not encrypted.';
const below = `The snapshot, copied from eu-west-1, is under an AWS managed key; its source ${sourceArn} is under a customer managed key.`;
const required = 'The snapshot, copied from eu-west-1, is under an AWS managed key; a customer managed key is required.';
const recommended = 'recommended';

testRule(rule, {
  pass: [
    {
      name: 'under a customer managed key like its source',
      resource: copy(),
      others: [key(1), source(), sourceKey],
      message: kept,
      evidence: {
        KmsKeyId: arnOfKey(1),
        TransferType: 'standard',
        sourceSnapshot: 'snap-src',
        sourceRegion: 'eu-west-1',
        sourceRegionSeenBy: 'Description',
        caution: 'descriptions of snapshots are written by users',
      },
    },
    {
      name: 'under a customer managed key, source listing and tags unread: nothing could ask for more',
      resource: copy({}, { tags: unread() }),
      others: [key(1)],
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'ebs.snapshot', region: 'eu-west-1' }],
      baseline: recommended,
      message: kept,
    },
    {
      name: 'by its description alone',
      resource: copy({ transferType: null }),
      others: [key(1)],
      message: kept,
      evidence: { TransferType: null },
    },
    {
      name: 'under a customer managed key that another account of the run owns',
      resource: copy({ kmsKeyId: arnOfKey(2, otherAccount) }),
      others: [key(2, { place: otherAccount })],
      message: kept,
    },
    {
      name: 'under aws/ebs like its source',
      resource: copy(),
      others: [awsManagedKey(1, 'ebs'), source(), awsManagedKey(1, 'ebs', abroad)],
      baseline: recommended,
      message: keptManaged,
    },
    {
      name: 'under aws/ebs above a plain source',
      resource: copy(),
      others: [awsManagedKey(1, 'ebs'), source(plain)],
      baseline: recommended,
      message: keptManaged,
    },
    {
      name: 'under aws/ebs, source deleted',
      resource: copy(),
      others: [awsManagedKey(1, 'ebs')],
      regions: ['eu-west-1'],
      baseline: recommended,
      message: without,
    },
    {
      name: 'under aws/ebs, source region not in the run',
      resource: copy(),
      others: [awsManagedKey(1, 'ebs')],
      baseline: recommended,
      message: without,
    },
    {
      name: 'a copied image knows the source region',
      resource: copy(copiedImage),
      others: [key(1), image('ami-0', null), image('ami-copy', 'eu-west-1')],
      message: kept,
      evidence: {
        sourceRegion: 'eu-west-1',
        sourceRegionSeenBy: 'SourceImageRegion of arn:aws:ec2:us-east-1:111111111111:image/ami-copy',
      },
    },
    {
      name: 'TransferType and a description of its own, behind a copied image',
      resource: copy({ description: 'mine' }),
      others: [awsManagedKey(1, 'ebs'), image('ami-copy', 'eu-west-1')],
      baseline: recommended,
      message: without,
      evidence: { sourceSnapshot: null, TransferType: 'standard' },
    },
    {
      name: 'the run holds the source, images unread',
      resource: copy(copiedImage),
      others: [key(1), source(), sourceKey],
      unreadLists: [{ kind: 'ec2.image' }],
      message: kept,
      evidence: { sourceRegion: 'eu-west-1', sourceRegionSeenBy: `the place of ${sourceArn}` },
    },
    {
      name: 'an image speaks before the place of the source',
      resource: copy(copiedImage),
      others: [key(1), source(), sourceKey, image('ami-copy', 'eu-central-1')],
      message: 'The snapshot, copied from eu-central-1, is under a customer managed key, not below its source.',
    },
    {
      name: 'the description speaks before an image',
      resource: copy(),
      others: [key(1), image('ami-copy', 'us-east-1')],
      message: kept,
      evidence: { sourceRegionSeenBy: 'Description' },
    },
  ],
  fail: [
    {
      name: 'unencrypted',
      resource: copy(plain),
      message: notEncrypted,
      evidence: { Encrypted: false, sourceRegion: 'eu-west-1' },
    },
    {
      name: 'unencrypted, everything else unread',
      resource: copy(plain, { tags: unread() }),
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'ebs.snapshot' }, { kind: 'kms.key' }, { kind: 'ec2.image' }],
      baseline: recommended,
      message: notEncrypted,
    },
    {
      name: 'unencrypted like its source',
      resource: copy(plain),
      others: [source(plain)],
      baseline: recommended,
      message: notEncrypted,
    },
    {
      name: 'unencrypted, a copied image',
      resource: copy({ ...plain, ...copiedImage, transferType: null }),
      others: [image('ami-copy', 'eu-west-1')],
      message: notEncrypted,
    },
    {
      name: 'its key is gone',
      resource: copy(),
      message: `The snapshot, copied from eu-west-1, is under ${arnOfKey(1)}, which cannot be used: it does not exist.`,
    },
    {
      name: 'its key waits for deletion',
      resource: copy(),
      others: [
        key(1, { metadata: metadata({ state: 'PendingDeletion', deletionAt: '2026-12-01T00:00:00.000Z' }) }),
        source(plain),
      ],
      message: `The snapshot, copied from eu-west-1, is under ${arnOfKey(1)}, which cannot be used: PendingDeletion, to be deleted on 2026-12-01.`,
    },
    {
      name: 'its key is disabled, source unread',
      resource: copy(),
      others: [key(1, { metadata: metadata({ state: 'Disabled' }) })],
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'ebs.snapshot', region: 'eu-west-1' }],
      message: `The snapshot, copied from eu-west-1, is under ${arnOfKey(1)}, which cannot be used: Disabled.`,
    },
    {
      name: 'below its source',
      resource: copy(),
      others: [awsManagedKey(1, 'ebs'), source(), sourceKey],
      baseline: recommended,
      message: below,
    },
    {
      name: 'below its source, tags unread',
      resource: copy({}, { tags: unread() }),
      others: [awsManagedKey(1, 'ebs'), source({}, { tags: {} }), sourceKey],
      baseline: recommended,
      message: below,
    },
    {
      name: 'below its source in another account of the run',
      resource: copy(),
      others: [
        awsManagedKey(1, 'ebs'),
        snapshot('snap-src', { kmsKeyId: arnOfKey(1, abroad) }, {}, { ...abroad, ...otherAccount }),
        sourceKey,
      ],
      baseline: recommended,
      message: below.replace('eu-west-1:111111111111:snapshot', 'eu-west-1:222222222222:snapshot'),
    },
    {
      name: 'below a source whose key is gone: only customer managed keys can be deleted',
      resource: copy(),
      others: [awsManagedKey(1, 'ebs'), source()],
      baseline: recommended,
      message: below,
    },
    {
      name: 'below a source under a foreign key',
      resource: copy(),
      others: [awsManagedKey(1, 'ebs'), source({ kmsKeyId: arnOfKey(3, { ...abroad, account: '999999999999' }) })],
      followUps: [key(3, { place: { ...abroad, account: '999999999999' }, metadata: unread() })],
      baseline: recommended,
      message: below,
    },
    {
      name: 'a key that AWS owns is below aws/ebs',
      resource: copy(awsOwned),
      others: [source(), awsManagedKey(1, 'ebs', abroad)],
      baseline: recommended,
      message: `The snapshot, copied from eu-west-1, is under a key that AWS owns; its source ${sourceArn} is under an AWS managed key.`,
    },
    {
      name: 'below its source and short of the requirement: the worse is told',
      resource: copy(),
      others: [awsManagedKey(1, 'ebs'), source(), sourceKey],
      message: below,
    },
    { name: 'a customer managed key is required', resource: copy(), others: [awsManagedKey(1, 'ebs')], message: required },
    {
      name: 'required by its own tag, source unread',
      resource: copy({}, { tags: { DataClass: 'pii' } }),
      others: [awsManagedKey(1, 'ebs')],
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'ebs.snapshot', region: 'eu-west-1' }],
      baseline: recommended,
      message: required,
    },
    {
      name: "required by its source's tag",
      resource: copy(),
      others: [awsManagedKey(1, 'ebs'), source({}, { tags: { dataclassification: 'Secret' } }), awsManagedKey(1, 'ebs', abroad)],
      baseline: recommended,
      message: required,
    },
  ],
  unknown: [
    { name: 'not described', resource: copy({}, { details: unread() }), missing: [{ facet: 'ebs.snapshot/details' }] },
    {
      name: 'its key left out',
      resource: copy({ kmsKeyId: null }),
      missing: [{ facet: 'ebs.snapshot/details', code: 'KmsKeyId', cause: 'absent-field' }],
    },
    { name: 'Encrypted left out', resource: copy({ encrypted: null }), missing: [{ code: 'Encrypted', cause: 'absent-field' }] },
    {
      name: 'its key could not be described',
      resource: copy(),
      others: [key(1, { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'keys could not be listed',
      resource: copy(),
      unreadLists: [{ kind: 'kms.key', region: 'us-east-1' }],
      missing: [{ facet: 'kms.key/*' }],
    },
    {
      name: 'its key is in a state that settles nothing',
      resource: copy(),
      others: [key(1, { metadata: metadata({ state: 'Creating' }) })],
      missing: [{ facet: 'kms.key/metadata', cause: 'absent-field', operation: 'kms:DescribeKey' }],
    },
    {
      name: 'KeySpec left out',
      resource: copy(),
      others: [key(1, { metadata: metadata({ spec: null }) })],
      missing: [{ code: 'KeySpec', cause: 'absent-field' }],
    },
    {
      name: 'its key is foreign: whether it can be used is not known',
      resource: copy({ kmsKeyId: arnOfKey(3, { account: '999999999999' }) }),
      followUps: [key(3, { place: { account: '999999999999' }, metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'foreign', account: '999999999999' }],
    },
    {
      name: 'source listing denied',
      resource: copy(),
      others: [awsManagedKey(1, 'ebs')],
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'ebs.snapshot', region: 'eu-west-1' }],
      baseline: recommended,
      missing: [{ facet: 'ebs.snapshot/*' }],
    },
    {
      name: "source's key could not be described",
      resource: copy(),
      others: [awsManagedKey(1, 'ebs'), source(), key(1, { place: abroad, metadata: unread() })],
      baseline: recommended,
      missing: [{ facet: 'kms.key/metadata' }],
    },
    {
      name: 'tags unread',
      resource: copy({}, { tags: unread() }),
      others: [awsManagedKey(1, 'ebs')],
      baseline: recommended,
      missing: [{ facet: 'ebs.snapshot/tags' }],
    },
    {
      name: 'a copied image, images unread',
      resource: copy({ ...plain, ...copiedImage }),
      unreadLists: [{ kind: 'ec2.image' }],
      missing: [{ facet: 'ec2.image/*', cause: 'denied' }],
    },
    {
      name: 'a copied image, images not collected',
      resource: copy(copiedImage),
      others: [key(1)],
      unlisted: ['ec2.image'],
      missing: [{ facet: 'ec2.image/details', cause: 'uncollected' }],
    },
    {
      name: 'a copied image, its source perhaps in a listing that was denied',
      resource: copy(copiedImage),
      others: [key(1)],
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'ebs.snapshot', region: 'eu-west-1' }],
      missing: [{ facet: 'ebs.snapshot/*' }],
    },
  ],
  notApplicable: [
    { name: 'no copy', resource: snapshot('snap-1', { ...plain, description: 'Created by CreateImage' }), reason: 'not a copy' },
    {
      name: 'vol-ffffffff alone proves nothing',
      resource: snapshot('snap-1', { ...plain, volumeId: 'vol-ffffffff' }),
      reason: 'not a copy',
    },
    {
      name: 'the words further back in a description',
      resource: snapshot('snap-1', { ...plain, description: 'x [Copied snap-src from eu-west-1]' }),
      reason: 'not a copy',
    },
    {
      name: 'copied within its region',
      resource: copy({ ...plain, description: '[Copied snap-src from us-east-1]' }),
      reason: 'copied within us-east-1, by Description',
    },
    {
      name: 'an image copied within its region',
      resource: copy({ ...plain, ...copiedImage }),
      others: [image('ami-copy', 'us-east-1')],
      reason: 'copied within us-east-1, by SourceImageRegion of arn:aws:ec2:us-east-1:111111111111:image/ami-copy',
    },
    {
      name: 'the run holds the source in the same region',
      resource: copy({ ...plain, ...copiedImage }),
      others: [snapshot('snap-src')],
      reason: 'copied within us-east-1, by the place of arn:aws:ec2:us-east-1:111111111111:snapshot/snap-src',
    },
    {
      name: 'no record of the source region: its own description',
      resource: copy({ ...plain, description: 'mine' }),
      reason: 'AWS does not record which region it was copied from',
    },
    {
      name: 'no record of the source region: a copied image that is gone',
      resource: copy({ ...plain, ...copiedImage }),
      others: [image('ami-0', null), image('ami-1', 'eu-west-1', ['snap-2'])],
      reason: 'AWS does not record which region it was copied from',
    },
    { name: 'in error', resource: copy({ ...plain, state: 'error' }), reason: 'the snapshot failed: it is in state error' },
  ],
});

test.each([
  ['plain first', [plain, {}, plain]],
  ['encrypted first', [{}, plain, {}]],
])('interleaved copies are judged each on its own, %s', (_order, each) => {
  const verdicts = each.map((details) => judgeResource(rule, copy(details), { others: [key(1)] }).verdict);
  expect(verdicts).toEqual(each.map((details) => (details === plain ? 'fail' : 'pass')));
});
