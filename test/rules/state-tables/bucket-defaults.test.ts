import bucketKey from '#rules/s3/bucket-key.js';
import defaultEncryption from '#rules/s3/default-encryption.js';
import defaultEncryptionCmk from '#rules/s3/default-encryption-cmk.js';
import defaultEncryptionKms from '#rules/s3/default-encryption-kms.js';
import defaultKeyArn from '#rules/s3/default-key-arn.js';
import defaultKeyRegion from '#rules/s3/default-key-region.js';
import dsse from '#rules/s3/dsse.js';
import sseCBlocked from '#rules/s3/sse-c-blocked.js';
import exists from '#rules/key/exists.js';
import trustedAccount from '#rules/key/trusted-account.js';
import usable from '#rules/key/usable.js';
import type { BucketEncryption } from '#model/resources/index.js';
import {
  arnOfAlias,
  arnOfKey,
  awsManagedKey,
  bucket,
  key,
  keyId,
  metadata,
  unread,
  type TestResource,
} from '../../support/resources.js';
import { testStates, type Column, type StateRow } from '../../support/state-table.js';

interface BucketRow extends StateRow {
  readonly bucket: TestResource;
}
const itself = ({ bucket }: BucketRow) => bucket;

const columns: readonly Column<BucketRow>[] = [
  [defaultEncryption, itself],
  [defaultEncryptionKms, itself],
  [defaultEncryptionCmk, itself],

  [bucketKey, itself],
  [dsse, itself, { dsseRequired: [{ name: '*' }] }],
  [sseCBlocked, itself],

  [defaultKeyArn, itself],
  [defaultKeyRegion, itself],

  [usable, itself],
  [exists, itself],
  [trustedAccount, itself],
];

const own = arnOfKey(1);
const elsewhere = { region: 'eu-west-1' };
const member = { account: '222222222222' };
const stranger = { account: '999999999999' };
const refused = { followUps: [key(7, { place: stranger, metadata: unread({ operation: 'kms:DescribeKey' }) })] };
const inState = (state: string) => ({ others: [key(1, { metadata: metadata({ state }) })] });
const ours = { others: [key(1)] };

function row(
  name: string,
  verdicts: string,
  encryption: Partial<BucketEncryption> | null | ReturnType<typeof unread>,
  surroundings: Omit<StateRow, 'name' | 'verdicts'> = {},
): BucketRow {
  const read = encryption !== null && 'missing' in encryption;
  const judged = read ? bucket('b', {}, { defaultEncryption: encryption }) : bucket('b', encryption);
  return { name, verdicts, bucket: judged, ...surroundings };
}
const kms = (keyId: string | null, more: Partial<BucketEncryption> = {}) => ({ algorithm: 'aws:kms', keyId, ...more });
const twoLayers = (keyId: string | null) => kms(keyId, { algorithm: 'aws:kms:dsse' });

//           any, KMS, CMK   bucket key, DSSE, SSE-C blocked   key by ARN, in the region   key usable, exists, trusted
testStates(columns, [
  row('no rule at all', 'fff  -ff  --  ---', null),
  row('AES256', 'pff  -ff  --  ---', { algorithm: 'AES256' }),
  row('aws:kms without a key id, which is aws/s3', 'ppf  fff  --  ppp', kms(null)),
  row('aws/s3 by alias', 'ppf  fff  f-  ppp', kms('alias/aws/s3')),
  row('aws/s3 by alias ARN', 'ppf  fff  pp  ppp', kms(arnOfAlias('alias/aws/s3'))),
  row('aws/s3 by key ARN', 'ppf  fff  pp  ppp', kms(own), { others: [awsManagedKey(1, 's3')] }),

  row('own key by ARN', 'ppp  fff  pp  ppp', kms(own), ours),
  row('own key by bare id', 'ppp  fff  f-  ppp', kms(keyId(1)), ours),
  row('own key by alias', 'ppp  fff  f-  ppp', kms('alias/key-1'), ours),
  row('own key by alias ARN', 'ppp  fff  pp  ppp', kms(arnOfAlias('alias/key-1')), ours),
  row('own key with a bucket key', 'ppp  pff  pp  ppp', kms(own, { bucketKey: true }), ours),
  row('own key of another region', 'ppp  fff  pf  ppp', kms(arnOfKey(1, elsewhere)), { others: [key(1, { place: elsewhere })] }),

  row('own key, Disabled', 'ppp  fff  pp  fpp', kms(own), inState('Disabled')),
  row('own key, PendingDeletion', 'ppp  fff  pp  fpp', kms(own), inState('PendingDeletion')),
  row('own key, PendingReplicaDeletion', 'ppp  fff  pp  fpp', kms(own), inState('PendingReplicaDeletion')),
  row('own key, PendingImport', 'ppp  fff  pp  fpp', kms(own), inState('PendingImport')),
  row('own key, Unavailable', 'ppp  fff  pp  fpp', kms(own), inState('Unavailable')),
  row('own key, Updating', 'ppp  fff  pp  ppp', kms(own), inState('Updating')),
  row('own key, Creating', 'ppp  fff  pp  upp', kms(own), inState('Creating')),
  row('own key, asymmetric', 'ppp  fff  pp  fpp', kms(own), { others: [key(1, { metadata: metadata({ spec: 'RSA_4096' }) })] }),
  row('own key, DescribeKey denied', 'ppu  fff  pp  uup', kms(own), { others: [key(1, { metadata: unread() })] }),
  row('own key, ListKeys denied', 'ppu  fff  pp  uup', kms(own), { unreadLists: [{ kind: 'kms.key' }] }),
  row('own key, gone', 'pp-  fff  pp  -fp', kms(own), { others: [key(2)] }),
  row('alias of no key', 'pp-  fff  f-  -fp', kms('alias/old'), { others: [key(2)] }),

  row('key of another account of the run', 'ppp  fff  pp  ppp', kms(arnOfKey(7, member)), {
    others: [key(7, { place: member })],
  }),
  row('foreign key, DescribeKey refused', 'ppu  fff  pp  uuf', kms(arnOfKey(7, stranger)), refused),
  row('foreign key of a trusted account, DescribeKey refused', 'ppu  fff  pp  uup', kms(arnOfKey(7, stranger)), {
    ...refused,
    trustedAccounts: [stranger.account],
  }),
  row('foreign key, seen by DescribeKey', 'ppp  fff  pp  ppf', kms(arnOfKey(7, stranger)), {
    followUps: [key(7, { place: stranger })],
  }),
  row('an ARN of no key', 'ppu  fff  uu  uuu', kms('arn:aws:s3:::b')),

  row('aws:kms:dsse without a key id', 'ppf  -pf  --  ppp', twoLayers(null)),
  row('aws:kms:dsse under an own key', 'ppp  -pf  pp  ppp', twoLayers(own), ours),
  row('aws:kms:dsse under an own key that is gone', 'pp-  -pf  pp  -fp', twoLayers(own), { others: [key(2)] }),

  row('SSE-C blocked', 'pff  -fp  --  ---', { blocked: ['SSE-C'] }),
  row('SSE-C blocked among others', 'pff  -fp  --  ---', { blocked: ['SSE-KMS', 'SSE-C'] }),
  row('BlockedEncryptionTypes NONE', 'pff  -ff  --  ---', { blocked: ['NONE'] }),
  row('BlockedEncryptionTypes empty', 'pff  -ff  --  ---', { blocked: [] }),

  row('aws:fsx', 'p--  -ff  --  ---', { algorithm: 'aws:fsx' }),
  row('aws:backup', 'p--  -ff  --  ---', { algorithm: 'aws:backup' }),
  row('an algorithm that we do not know', 'puu  -ff  --  uuu', { algorithm: 'aws:next' }),
  row('a rule without SSEAlgorithm', 'uuu  uuf  --  uuu', { algorithm: null }),
  row('GetBucketEncryption denied', 'uuu  uuu  uu  uuu', unread()),
  {
    ...row('AES256, where access logs are delivered', 'pf-  -ff  --  ---', {}),
    others: [bucket('source', {}, { logging: { targetBucket: 'b', targetPrefix: null } })],
  },
]);
