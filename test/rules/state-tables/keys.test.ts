import { describe } from 'vitest';
import volumeCmk from '#rules/ebs/volume-cmk.js';
import exists from '#rules/key/exists.js';
import trustedAccount from '#rules/key/trusted-account.js';
import usable from '#rules/key/usable.js';
import aliasTargetUsable from '#rules/kms/alias-target-usable.js';
import disabledWithDependants from '#rules/kms/disabled-with-dependants.js';
import materialExpiring from '#rules/kms/imported-material-expiring.js';
import materialMissing from '#rules/kms/imported-material-missing.js';
import keySpecApproved from '#rules/kms/key-spec-approved.js';
import lastRotation from '#rules/kms/last-rotation.js';
import primaryReachable from '#rules/kms/mrk-primary-reachable.js';
import notPendingDeletion from '#rules/kms/not-pending-deletion.js';
import rotationEnabled from '#rules/kms/rotation-enabled.js';
import rotationPeriod from '#rules/kms/rotation-period.js';
import {
  arnOfAlias,
  arnOfKey,
  awsManagedKey,
  key,
  keyId,
  material,
  metadata,
  resource,
  unread,
  volume,
  type TestResource,
} from '../../support/resources.js';
import { testStates, type Column, type StateRow } from '../../support/state-table.js';

interface KeyRow extends StateRow {
  readonly key: TestResource;
}
interface ReferenceRow extends StateRow {
  readonly volume: TestResource;
}

const own = arnOfKey(1);
const itself = ({ key }: KeyRow) => key;
const alias = resource(
  'kms.alias',
  arnOfAlias('alias/app'),
  { details: { target: keyId(1), updatedAt: null } },
  { name: 'alias/app' },
);
const storage = volume('vol-1');

const keyColumns: readonly Column<KeyRow>[] = [
  [rotationEnabled, itself],
  [rotationPeriod, itself],
  [lastRotation, itself],

  [notPendingDeletion, itself],
  [disabledWithDependants, itself],
  [materialMissing, itself],
  [materialExpiring, itself],
  [primaryReachable, itself],
  [keySpecApproved, itself],

  [aliasTargetUsable, () => alias],
  [usable, () => storage],
  [exists, () => storage],
  [trustedAccount, () => storage],
  [volumeCmk, () => storage],
];

type Metadata = Parameters<typeof metadata>[0];
const rotating = { enabled: true, periodDays: 365, nextAt: '2027-06-01T00:00:00.000Z', onDemandStartedAt: null };
const rotatedLately = [material({ rotatedAt: '2026-06-01T00:00:00.000Z', rotationType: 'AUTOMATIC' })];

/** A key under which a volume lies, to which an alias leads, and which rotated half a year ago. */
function row(
  name: string,
  verdicts: string,
  described: Metadata | ReturnType<typeof unread> = {},
  { others = [], regions = [], ...facets }: Pick<StateRow, 'others' | 'regions'> & Parameters<typeof key>[1] = {},
): KeyRow {
  const read = 'missing' in described ? described : metadata(described);
  const judged = key(1, { rotation: rotating, rotations: rotatedLately, ...facets, metadata: read });
  return { name, verdicts, key: judged, others: [judged, storage, alias, ...others], regions };
}

const multiRegion = (role: 'PRIMARY' | 'REPLICA') => ({
  role,
  primaryArn: role === 'PRIMARY' ? own : arnOfKey(9, { region: 'eu-west-1' }),
  primaryRegion: role === 'PRIMARY' ? 'us-east-1' : 'eu-west-1',
  replicas: [],
});
const replica = { multiRegion: multiRegion('REPLICA') };
const primary = (state = 'Enabled') => key(9, { place: { region: 'eu-west-1' }, metadata: metadata({ state }) });
const other = (spec: string, usage: string, origin = 'AWS_KMS'): Metadata => ({ spec, usage, origin });

describe('keys', () => {
  //                        rotation  state, material, primary, type   alias, storage under it
  testStates(keyColumns, [
    row('rotates every year', 'ppp  p----p  p pppp'),
    row('rotation off, rotated on demand', 'f-p  p----p  p pppp', {}, { rotation: { ...rotating, enabled: false } }),
    row('never rotated', 'f-f  p----p  p pppp', {}, { rotation: { ...rotating, enabled: false }, rotations: [] }),
    row('rotates every two years', 'pfp  p----p  p pppp', {}, { rotation: { ...rotating, periodDays: 730 } }),
    row('period left out', 'pup  p----p  p pppp', {}, { rotation: { ...rotating, periodDays: null } }),
    row('GetKeyRotationStatus denied', 'uup  p----p  p pppp', {}, { rotation: unread() }),
    row('GetKeyRotationStatus says unsupported', '--p  p----p  p pppp', {}, { rotation: null }),
    row('ListKeyRotations denied', 'ppu  p----p  p pppp', {}, { rotations: unread() }),
    row('ListKeyRotations says unsupported', 'pp-  p----p  p pppp', {}, { rotations: null }),

    row('Disabled', '---  pf---p  f fppp', { state: 'Disabled' }),
    row('PendingDeletion', '---  f----p  f fppp', { state: 'PendingDeletion', deletionAt: '2026-12-01T00:00:00.000Z' }),
    row('PendingReplicaDeletion', '---  f----p  f fppp', {
      state: 'PendingReplicaDeletion',
      multiRegion: multiRegion('PRIMARY'),
      pendingDeletionWindowDays: 30,
    }),
    row('Unavailable', '---  p----p  f fppp', { state: 'Unavailable', origin: 'AWS_CLOUDHSM' }),
    row('Updating', '---  p----p  p pppp', { state: 'Updating', multiRegion: multiRegion('PRIMARY') }),
    row('Creating', '---  p----p  u uppp', { state: 'Creating' }),
    row('a state that we do not know', '---  p----p  u uppp', { state: 'Hibernating' }),

    row('RSA_2048', '---  p----f  p fppp', other('RSA_2048', 'ENCRYPT_DECRYPT')),
    row('RSA_4096', '---  p----p  p fppp', other('RSA_4096', 'SIGN_VERIFY')),
    row('ECC_NIST_P256', '---  p----p  p fppp', other('ECC_NIST_P256', 'KEY_AGREEMENT')),
    row('ECC_SECG_P256K1', '---  p----f  p fppp', other('ECC_SECG_P256K1', 'SIGN_VERIFY')),
    row('SM2', '---  p----p  p fppp', other('SM2', 'SIGN_VERIFY')),
    row('HMAC_256', '---  p----p  p fppp', other('HMAC_256', 'GENERATE_VERIFY_MAC')),
    row('ML_DSA_65', '---  p----p  p fppp', other('ML_DSA_65', 'SIGN_VERIFY')),
    row('ML_KEM_768', '---  p----p  p fppp', other('ML_KEM_768', 'KEY_AGREEMENT')),
    row('imported RSA_4096', '---  p-pp-p  p fppp', other('RSA_4096', 'SIGN_VERIFY', 'EXTERNAL')),
    row('KeySpec left out', 'uuu  p----u  p uppp', { spec: null }),

    row('imported', '--p  p-pp-p  p pppp', { origin: 'EXTERNAL' }),
    row('imported, expires in a week', '--p  p-pf-p  p pppp', { origin: 'EXTERNAL', validTo: '2026-11-30T00:00:00.000Z' }),
    row('imported, PendingImport', '---  p-f--p  f fppp', { origin: 'EXTERNAL', state: 'PendingImport' }),
    row('imported, Disabled', '---  pfpp-p  f fppp', { origin: 'EXTERNAL', state: 'Disabled' }),
    row('imported, PendingDeletion', '---  f----p  f fppp', { origin: 'EXTERNAL', state: 'PendingDeletion' }),
    row('in a CloudHSM key store', '---  p----p  p pppp', { origin: 'AWS_CLOUDHSM', customKeyStoreId: 'cks-1' }),
    row('in an external key store', '---  p----p  p pppp', { origin: 'EXTERNAL_KEY_STORE', customKeyStoreId: 'cks-1' }),
    row('Origin left out', 'uuu  p-uu-p  p pppp', { origin: null }),

    row('multi-Region primary', 'ppp  p----p  p pppp', { multiRegion: multiRegion('PRIMARY') }),
    row('replica, primary in the run', '---  p---pp  p pppp', replica, { others: [primary()] }),
    row('replica, primary in a region that the run does not list', 'ppp  p---up  p pppp', replica),
    row('replica, primary PendingReplicaDeletion', '---  p---fp  p pppp', replica, {
      others: [primary('PendingReplicaDeletion')],
    }),
    row('replica, primary gone', 'ppp  p---fp  p pppp', replica, { regions: ['eu-west-1'] }),
    row('replica, Updating', '---  p----p  p pppp', { ...replica, state: 'Updating' }, { others: [primary()] }),
    row(
      'replica, material of its own expires',
      '---  p-pfpp  p pppp',
      { ...replica, origin: 'EXTERNAL', validTo: '2026-11-30T00:00:00.000Z' },
      { others: [primary()] },
    ),

    row('AWS managed, by DescribeKey', '---  ------  - pppf', { manager: 'AWS' }),
    {
      ...row('AWS managed, by its alias', '---  ------  - pppf'),
      key: awsManagedKey(1, 'ebs'),
      others: [awsManagedKey(1, 'ebs'), storage, alias],
    },
    row('DescribeKey denied', 'uuu  uuuuuu  u uupu', unread()),
  ]);
});

const referenceColumns = [usable, exists, trustedAccount, volumeCmk].map((rule): Column<ReferenceRow> => [
  rule,
  ({ volume }) => volume,
]);
const foreign = { account: '999999999999' };
const foreignKey = arnOfKey(7, foreign);
const refused = { followUps: [key(7, { place: foreign, metadata: unread({ operation: 'kms:DescribeKey' }) })] };
const under = (kmsKeyId: string | null, more = {}) => volume('vol-1', { kmsKeyId, ...more });

describe('references to keys, at a volume', () => {
  testStates(referenceColumns, [
    { name: 'unencrypted', verdicts: '----', volume: under(null, { encrypted: false }) },
    { name: 'a key that AWS owns', verdicts: '---f', volume: under(null, { sseType: 'sse-ebs' }) },
    { name: 'encrypted, KmsKeyId left out', verdicts: 'uuuu', volume: under(null) },
    { name: 'key ARN', verdicts: 'pppp', volume: under(own), others: [key(1)] },
    { name: 'bare key id', verdicts: 'pppp', volume: under(keyId(1)), others: [key(1)] },
    { name: 'alias', verdicts: 'pppp', volume: under('alias/key-1'), others: [key(1)] },
    { name: 'alias ARN', verdicts: 'pppp', volume: under(arnOfAlias('alias/key-1')), others: [key(1)] },
    { name: 'alias/aws/ebs, no key of it in the run', verdicts: 'pppf', volume: under('alias/aws/ebs') },
    { name: 'ARN of aws/ebs', verdicts: 'pppf', volume: under(own), others: [awsManagedKey(1, 'ebs')] },
    { name: 'a key that is gone', verdicts: '-fp-', volume: under(own), others: [key(2)] },
    { name: 'an alias that is gone', verdicts: '-fp-', volume: under('alias/old'), others: [key(2)] },
    { name: 'ListKeys denied', verdicts: 'uupu', volume: under(own), unreadLists: [{ kind: 'kms.key' }] },
    { name: 'no key at all', verdicts: 'uuuu', volume: under('arn:aws:iam::111111111111:role/app') },
    { name: 'foreign key, DescribeKey refused', verdicts: 'uufp', volume: under(foreignKey), ...refused },
    {
      name: 'foreign key of a trusted account, DescribeKey refused',
      verdicts: 'uupp',
      volume: under(foreignKey),
      trustedAccounts: [foreign.account],
      ...refused,
    },
    {
      name: 'foreign key, seen by DescribeKey',
      verdicts: 'ppfp',
      volume: under(foreignKey),
      followUps: [key(7, { place: foreign })],
    },
    {
      name: 'key of another account of the run',
      verdicts: 'pppp',
      volume: under(arnOfKey(7, foreign)),
      others: [key(7, { place: foreign })],
    },
    {
      name: 'disabled key of another account of the run',
      verdicts: 'fppp',
      volume: under(arnOfKey(7, foreign)),
      others: [key(7, { place: foreign, metadata: metadata({ state: 'Disabled' }) })],
    },
    { name: 'volume deleting', verdicts: '----', volume: under(own, { state: 'deleting' }), others: [key(1)] },
  ]);
});
