import type { RdsSnapshotDetails } from '#model/resources/index.js';
import rule from '#rules/rds/snapshot-cross-region-key.js';
import { arnOfKey, awsManagedKey, dbSnapshot, key, metadata, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const abroad = { region: 'eu-west-1' };
const plain = { encrypted: false, encryptionType: 'none', kmsKeyId: null };
const sseRds = { encrypted: false, encryptionType: 'sse-rds', kmsKeyId: null };
const recommended = 'recommended';
type Facets = Parameters<typeof dbSnapshot>[3];

const underKeyAbroad = { kmsKeyId: arnOfKey(1, abroad) };
const source = (details: Partial<RdsSnapshotDetails> = underKeyAbroad, facets: Facets = {}): TestResource =>
  dbSnapshot('rds.snapshot', 'source', details, facets, abroad);
const sourceArn = source().record.arn;
const copy = (details: Partial<RdsSnapshotDetails> = {}, facets: Facets = {}): TestResource =>
  dbSnapshot('rds.snapshot', 'copy', { sourceRegion: 'eu-west-1', sourceArn, ...details }, facets);
const clusterSource = (details: Partial<RdsSnapshotDetails> = underKeyAbroad): TestResource =>
  dbSnapshot('rds.cluster-snapshot', 'source', { engine: 'aurora-mysql', ...details }, {}, abroad);
const clusterCopy = (details: Partial<RdsSnapshotDetails> = {}): TestResource =>
  dbSnapshot('rds.cluster-snapshot', 'copy', {
    engine: 'aurora-mysql',
    sourceRegion: 'eu-west-1',
    sourceArn: clusterSource().record.arn,
    ...details,
  });
const sourceKey = key(1, { place: abroad });
const awsKey = awsManagedKey(1, 'rds');

const kept = 'The postgres snapshot, copied from eu-west-1, is under a customer managed key, not below its source.';
const keptManaged = 'The postgres snapshot, copied from eu-west-1, is under an AWS managed key, not below its source.';
const without =
  'The postgres snapshot, copied from eu-west-1, is under an AWS managed key; its source is not in the run to compare with.';
const below = `The postgres snapshot, copied from eu-west-1, is under an AWS managed key; its source ${sourceArn} is under a customer managed key.`;
const required = 'The postgres snapshot, copied from eu-west-1, is under an AWS managed key; a customer managed key is required.';

testRule(rule, {
  pass: [
    {
      name: 'customer managed like its source',
      resource: copy(),
      others: [key(1), source(), sourceKey],
      message: kept,
      evidence: { Engine: 'postgres', Encrypted: true, sourceRegion: 'eu-west-1', source: sourceArn },
    },
    {
      name: 'customer managed, source listing and tags unread',
      resource: copy({}, { tags: unread() }),
      others: [key(1)],
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'rds.snapshot', region: 'eu-west-1' }],
      baseline: recommended,
      message: kept,
    },
    {
      name: 'aws/rds like its source',
      resource: copy(),
      others: [awsKey, source(), awsManagedKey(1, 'rds', abroad)],
      baseline: recommended,
      message: keptManaged,
    },
    {
      name: 'aws/rds above a source under a key that AWS owns',
      resource: copy(),
      others: [awsKey, source(sseRds)],
      baseline: recommended,
      message: keptManaged,
    },
    {
      name: 'a cluster snapshot under a key that AWS owns like its source',
      resource: clusterCopy(sseRds),
      others: [clusterSource(sseRds)],
      baseline: recommended,
      message: 'The aurora-mysql cluster snapshot, copied from eu-west-1, is under a key that AWS owns, not below its source.',
      evidence: { StorageEncrypted: false },
    },
    {
      name: 'aws/rds, the source deleted',
      resource: copy(),
      others: [awsKey],
      regions: ['eu-west-1'],
      baseline: recommended,
      message: without,
    },
    { name: 'aws/rds, its region not in the run', resource: copy(), others: [awsKey], baseline: recommended, message: without },
    {
      name: 'aws/rds, the source of another account outside the scope',
      resource: copy({ sourceArn: 'arn:aws:rds:eu-west-1:999999999999:snapshot:source' }),
      others: [awsKey],
      baseline: recommended,
      message: without,
    },
    {
      name: 'aws/rds, AWS names no source',
      resource: copy({ sourceArn: null, type: 'automated' }),
      others: [awsKey],
      baseline: recommended,
      message: without,
    },
    {
      name: 'a Neptune cluster snapshot',
      resource: clusterCopy({ engine: 'neptune' }),
      others: [key(1)],
      message: 'The Neptune cluster snapshot, copied from eu-west-1, is under a customer managed key, not below its source.',
      evidence: { Engine: 'neptune' },
    },
  ],
  fail: [
    { name: 'unencrypted', resource: copy(plain), message: 'The postgres snapshot, copied from eu-west-1, is not encrypted.' },
    {
      name: 'unencrypted, everything else unread',
      resource: copy(plain, { tags: unread() }),
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'kms.key' }, { kind: 'rds.snapshot' }],
      baseline: recommended,
      message: 'The postgres snapshot, copied from eu-west-1, is not encrypted.',
    },
    {
      name: 'an unencrypted DocumentDB cluster snapshot',
      resource: clusterCopy({ ...plain, engine: 'docdb' }),
      message: 'The DocumentDB cluster snapshot, copied from eu-west-1, is not encrypted.',
    },
    {
      name: 'its key is gone',
      resource: copy(),
      message: `The postgres snapshot, copied from eu-west-1, is under ${arnOfKey(1)}, which cannot be used: it does not exist.`,
    },
    {
      name: 'its key lacks its material, source unread',
      resource: copy(),
      others: [key(1, { metadata: metadata({ state: 'PendingImport', origin: 'EXTERNAL' }) })],
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'rds.snapshot', region: 'eu-west-1' }],
      message: `The postgres snapshot, copied from eu-west-1, is under ${arnOfKey(1)}, which cannot be used: PendingImport.`,
    },
    { name: 'below its source', resource: copy(), others: [awsKey, source(), sourceKey], baseline: recommended, message: below },
    {
      name: 'below its source, tags unread',
      resource: copy({}, { tags: unread() }),
      others: [awsKey, source(), sourceKey],
      baseline: recommended,
      message: below,
    },
    {
      name: 'a cluster snapshot under a key that AWS owns, below its source',
      resource: clusterCopy(sseRds),
      others: [clusterSource(), sourceKey],
      baseline: recommended,
      message: `The aurora-mysql cluster snapshot, copied from eu-west-1, is under a key that AWS owns; its source ${clusterSource().record.arn} is under a customer managed key.`,
    },
    { name: 'a customer managed key is required', resource: copy(), others: [awsKey], message: required },
    {
      name: 'required by its own tag, source unread',
      resource: copy({}, { tags: { DataClass: 'phi' } }),
      others: [awsKey],
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'rds.snapshot', region: 'eu-west-1' }],
      baseline: recommended,
      message: required,
    },
    {
      name: "required by its source's tag",
      resource: copy(),
      others: [awsKey, source(underKeyAbroad, { tags: { DataClass: 'restricted' } }), awsManagedKey(1, 'rds', abroad)],
      baseline: recommended,
      message: required,
    },
  ],
  unknown: [
    {
      name: 'its key left out',
      resource: copy({ kmsKeyId: null }),
      missing: [{ facet: 'rds.snapshot/details', code: 'KmsKeyId', cause: 'absent-field' }],
    },
    {
      name: 'a type that this version does not know',
      resource: clusterCopy({ encryptionType: 'sse-new' }),
      missing: [{ facet: 'rds.cluster-snapshot/details', cause: 'absent-field' }],
    },
    {
      name: 'its key could not be described',
      resource: copy(),
      others: [key(1, { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    { name: 'keys could not be listed', resource: copy(), unreadLists: [{ kind: 'kms.key' }], missing: [{ facet: 'kms.key/*' }] },
    {
      name: 'its key is foreign',
      resource: copy({ kmsKeyId: arnOfKey(3, { account: '999999999999' }) }),
      followUps: [key(3, { place: { account: '999999999999' }, metadata: unread() })],
      missing: [{ cause: 'foreign', account: '999999999999' }],
    },
    {
      name: 'source listing denied',
      resource: copy(),
      others: [awsKey],
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'rds.snapshot', region: 'eu-west-1' }],
      baseline: recommended,
      missing: [{ facet: 'rds.snapshot/*', cause: 'denied' }],
    },
    {
      name: "source's key could not be described",
      resource: copy(),
      others: [awsKey, source(), key(1, { place: abroad, metadata: unread() })],
      baseline: recommended,
      missing: [{ facet: 'kms.key/metadata' }],
    },
    {
      name: "source's key left out",
      resource: copy(),
      others: [awsKey, source({ kmsKeyId: null })],
      baseline: recommended,
      missing: [{ facet: 'rds.snapshot/details', code: 'KmsKeyId' }],
    },
    {
      name: 'tags unread',
      resource: copy({}, { tags: unread() }),
      others: [awsKey],
      baseline: recommended,
      missing: [{ facet: 'rds.snapshot/tags' }],
    },
  ],
  notApplicable: [
    {
      name: 'no source region',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', plain),
      reason: 'not a copy from another region: AWS names no source region',
    },
    {
      name: 'made in its own region',
      resource: copy({ ...plain, sourceRegion: 'us-east-1', sourceArn: null }),
      reason: 'not a copy from another region: its source region is us-east-1 too',
    },
    {
      name: 'copied within its region, tags unread',
      resource: clusterCopy({ ...plain, sourceRegion: 'us-east-1' }),
      baseline: recommended,
      reason: 'not a copy from another region: its source region is us-east-1 too',
    },
  ],
});
