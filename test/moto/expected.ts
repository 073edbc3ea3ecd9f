import type { Report } from '#model/report.js';
import { DE, EU, US } from './cloud.js';
import { moreOnBuckets, moreOnBucketsOfA } from './expected-buckets.js';
import { keyOwners, keyStatesInWest, keyStatesOfA, keyStatesOfB } from './expected-keys.js';
import { admissions, keyPoliciesInWest, keyPoliciesOfA, keyPoliciesOfBoth } from './expected-policies.js';
import { table, type Verdicts } from './expected-table.js';

export type { Verdicts } from './expected-table.js';

/**
 * Every verdict of every rule on every resource that seed.ts makes: by account, a table per kind with a column per
 * rule. `-` is not applicable. What moto cannot express stands in README.md, beside this file.
 */
/** The same verdicts for each of several. */
function alike(names: Verdicts, rules: string, cells: string): Verdicts {
  const all = new Set(Object.keys(names).map((name) => name.slice(0, name.lastIndexOf(' '))));
  return table(rules, Object.fromEntries([...all].map((name) => [name, cells])));
}

const keyColumns = 'kms/rotation-enabled kms/not-pending-deletion kms/policy-not-public';
const volumeColumns =
  'ebs/volume-encrypted ebs/volume-cmk key/exists key/usable ebs/volume-default-key ebs/volume-plaintext-ancestor';
const snapshotColumns =
  'ebs/snapshot-encrypted ebs/snapshot-not-public ebs/snapshot-cross-region-key key/exists key/usable ebs/snapshot-cmk ebs/snapshot-orphan-unencrypted';
const defaultsColumns =
  'ebs/default-encryption key/exists key/usable ebs/default-key-cmk ebs/default-key-usable ebs/snapshot-block-public-access ec2/ami-block-public-access';
const imageColumns = 'ec2/ami-encrypted ec2/ami-not-public ec2/ami-trusted-accounts';
const instanceColumns = 'rds/instance-encrypted rds/instance-cmk key/exists key/usable';
const clusterColumns = 'rds/cluster-encrypted rds/cluster-cmk key/exists key/usable';
/** moto's databases are available, and have neither Performance Insights nor streams nor managed secrets. */
const partColumns = 'rds/key-accessible rds/performance-insights-key rds/activity-stream-key rds/master-secret-key';
const backupColumns = 'rds/automated-backup-encrypted key/exists key/usable';
const shareColumns = 'rds/snapshot-cmk rds/snapshot-trusted-accounts rds/snapshot-shared-decryptable';
const databaseSnapshotColumns =
  'rds/snapshot-encrypted rds/snapshot-not-public rds/snapshot-cross-region-key key/exists key/usable';
const bucketColumns = 's3/default-encryption s3/default-encryption-cmk s3/bucket-key s3/sse-c-blocked key/exists key/usable';
const keysOfA = table(keyColumns, {
  app: '               pass  pass  pass',
  still: '             fail  pass  pass',
  rsa: '               -     pass  pass',
  hmac: '              -     pass  pass',
  ecc: '               -     pass  pass',
  imported: '          -     pass  pass',
  disabled: '          -     pass  pass',
  'deleting-used': '   -     fail  pass',
  'deleting-unused': ' -     fail  pass',
  public: '            pass  pass  fail',
  'public-to-read': '  pass  pass  fail',
  'bound-to-caller': ' pass  pass  pass',
  'lent-to-b': '       fail  pass  pass',
  'one-role': '        fail  pass  pass',
  'for-any-topic': '   fail  pass  pass',
  locked: '            fail  pass  pass',
  granted: '           fail  pass  pass',
  'granted-to-b': '    fail  pass  pass',
  'app-eu': '          pass  pass  pass',
  'disabled-eu': '     -     pass  pass',
  'disabled-de': '     -     pass  pass',
  primary: '           pass  pass  pass',
  replica: '           -     pass  pass',
  ...Object.fromEntries([US, EU, DE].flatMap((region) => ['ebs', 'rds'].map((service) => [`aws/${service} ${region}`, '- - -']))),
});

const volumesOfA = table(volumeColumns, {
  'volume-plain': '            fail  -     -     -  -     -',
  'volume-aws': '              pass  -     pass  pass  fail  -',
  'volume-aws-confidential': ' pass  fail  pass  pass  fail  -',
  'volume-default-key': '      pass  pass  pass  pass  pass  -',
  'volume-cmk': '              pass  -     pass  pass  pass  -',
  'volume-cmk-confidential': ' pass  pass  pass  pass  pass  -',
  'volume-key-disabled': '     pass  pass  pass  fail  fail  -',
  'volume-key-gone': '         pass  -     fail  -  fail  -',
  // AWS managed keys cannot be shared, so the key is taken to be customer managed.
  'volume-key-of-b': '         pass  pass  unknown unknown  fail  -',
  'volume-bare-key-id': '      pass  pass  pass  pass  -     -',
  'volume-of-plain': '         fail  -     -     -  -     -',
  'volume-of-inherited': '     pass  -     pass  pass  pass  -',
  'volume-of-public': '        fail  -     -     -  -     -',
  'volume-of-de': '            fail  -     -     -  -     -',
  'volume-of-latent': '        fail  -     -     -  -     -',
  'volume-of-plain-snapshot': ' pass  -     pass  pass  pass  fail',
  'volume-of-cmk-snapshot': '   pass  -     pass  fail  -     pass',
});

const snapshotsOfA = table(snapshotColumns, {
  'snapshot-plain': '           fail  pass  -     -     -  -  -',
  'snapshot-public': '          fail  fail  -     -     -  -  -',
  'snapshot-without-key': '     pass  pass  -     unknown unknown  -  -',
  'snapshot-cmk': '             pass  pass  -     pass  pass  -  -',
  'snapshot-aws': '             pass  pass  -     pass  pass  -  -',
  'snapshot-key-deleting': '    pass  pass  -     pass  fail  -  -',
  'copy-of-plain': '            fail  pass  fail  -     -  -  -',
  'copy-cmk': '                 pass  pass  pass  pass  pass  -  -',
  'copy-below-source': '        pass  pass  fail  pass  pass  -  -',
  'copy-source-level-unread': ' pass  pass  unknown pass pass  -  -',
  'copy-key-disabled': '        pass  pass  fail  pass  fail  -  -',
  'copy-of-gone': '             pass  pass  pass  pass  pass  -  -',
  'copy-level-kept': '          pass  pass  pass  pass  pass  -  -',
  'copy-from-outside': '        pass  pass  pass  pass  pass  -  -',
  'snapshot-not-latent': '      fail  pass  -     -     -  -  -',
  'snapshot-latent': '          fail  fail  -     -     -  -  -',
  'snapshot-cmk-confidential': 'pass  pass  -     pass  pass  pass  -',
  'snapshot-aws-confidential': 'pass  pass  -     pass  pass  fail  -',
  // moto made their volumes a moment ago: too young to be left over.
  'snapshot-of-image-plain': '  fail  pass  -     -     -     -     -',
  'snapshot-of-image-public': ' fail  pass  -     -     -     -     -',
  'snapshot-of-image-shared': ' fail  pass  -     -     -     -     -',
});

const defaultsOfA = table(defaultsColumns, {
  [`defaults of a in ${US}`]: 'pass pass pass - pass fail fail',
  [`defaults of a in ${EU}`]: 'fail pass pass - - fail fail',
  [`defaults of a in ${DE}`]: 'pass pass fail - fail pass pass',
});

const imagesOfA = table(imageColumns, {
  'image-plain': '  fail pass -',
  'image-public': ' fail fail -',
  'image-shared': ' fail pass fail',
});

const storageOfA = {
  ...table(instanceColumns, {
    'db-plain': '            fail  -     -     -',
    'db-aws': '              pass  -     pass  pass',
    'db-aws-confidential': ' pass  fail  pass  pass',
    'db-cmk': '              pass  pass  pass  pass',
    'db-key-deleting': '     pass  -     pass  fail',
    'db-key-gone': '         pass  -     fail  -',
    member: '                -     -     -     -',
    'replica-cmk': '         pass  pass  pass  pass',
    // Required by the tag of its source.
    'replica-below': '       pass  fail  pass  pass',
  }),
  ...table(clusterColumns, {
    'cluster-plain': '   fail  -     -     -',
    'cluster-cmk': '     pass  pass  pass  pass',
    'cluster-neptune': ' pass  fail  pass  pass',
  }),
};

const databasesOfA = {
  ...storageOfA,
  ...alike(storageOfA, partColumns, 'pass - - -'),
  ...alike(storageOfA, 'rds/replica-key', '-'),
  ...table('rds/replica-key', { 'replica-cmk': 'pass', 'replica-below': 'fail' }),
  ...table(backupColumns, {
    'backup of db-plain': '            -  -     -',
    'backup of db-aws': '              -  pass  pass',
    'backup of db-aws-confidential': ' -  pass  pass',
    'backup of db-cmk': '              -  pass  pass',
    'backup of db-key-deleting': '     -  pass  fail',
    'backup of db-key-gone': '         -  fail  -',
    // moto alone makes one of a cluster's member.
    'backup of member': '              -  -     -',
  }),
  ...table('rds/export-task-key', {
    'export-cmk': '          pass',
    'export-key-deleting': ' fail',
    // An account that the run does not scan.
    'export-key-of-b': '     fail',
  }),
};

const storedSnapshotsOfA = table(databaseSnapshotColumns, {
  'rds:db-plain': '            fail  -     -     -     -',
  'rds:db-aws': '              pass  -     -     pass  pass',
  'rds:db-aws-confidential': ' pass  -     -     pass  pass',
  'rds:db-cmk': '              pass  -     -     pass  pass',
  'rds:db-key-deleting': '     pass  -     -     pass  fail',
  'rds:db-key-gone': '         pass  -     -     fail  -',
  // moto alone takes one of a cluster's member, and encrypts it.
  'rds:member': '              pass  -     -     pass  pass',
  'rds:cluster-plain': '       fail  -     -     -     -',
  'rds:cluster-cmk': '         pass  -     -     pass  pass',
  'rds:cluster-neptune': '     pass  -     -     pass  pass',
  'manual-plain': '            fail  pass  -     -     -',
  'manual-cmk': '              pass  pass  -     pass  pass',
  'manual-public': '           fail  fail  -     -     -',
  'manual-shared': '           pass  pass  -     pass  pass',
  'copied-lent': '             pass  pass  -     pass  pass',
  'copied-granted': '          pass  pass  -     pass  pass',
  'copied-plain': '            fail  pass  fail  -     -',
  'copied-cmk': '              pass  pass  pass  pass  pass',
  'copied-below-source': '     pass  pass  fail  pass  pass',
  'copied-key-disabled': '     pass  pass  fail  pass  fail',
  'manual-cluster-plain': '    fail  pass  -     -     -',
  'manual-cluster-cmk': '      pass  pass  -     pass  pass',
  'manual-cluster-public': '   fail  fail  -     -     -',
  'copied-cluster-plain': '    fail  pass  fail  -     -',
  'copied-cluster-cmk': '      pass  pass  pass  pass  pass',
});

const databaseSnapshotsOfA = {
  ...storedSnapshotsOfA,
  ...alike(storedSnapshotsOfA, shareColumns, '- - -'),
  ...table(shareColumns, {
    // The key lets nobody in: a broken share.
    'manual-shared': '  - fail fail',
    'copied-lent': '    - fail fail',
    'copied-granted': ' - fail fail',
  }),
};

const bucketsOfA = table(bucketColumns, {
  'never-configured': '             pass  -     -     fail  -     -',
  'sse-s3': '                       pass  -     -     fail  -     -',
  'sse-s3-confidential': '          pass  fail  -     fail  -     -',
  'kms-without-key': '              pass  -     fail  fail  pass  pass',
  'kms-without-key-confidential': ' pass  fail  fail  fail  pass  pass',
  'kms-cmk-bucket-key': '           pass  pass  pass  fail  pass  pass',
  'kms-alias': '                    pass  pass  fail  fail  pass  pass',
  'kms-key-id': '                   pass  pass  fail  fail  pass  pass',
  dsse: '                           pass  pass  -     fail  pass  pass',
  fsx: '                            pass  -     -     fail  -     -',
  'kms-key-gone': '                 pass  -     fail  fail  fail  -',
  'kms-alias-gone': '               pass  -     fail  fail  fail  -',
  'kms-key-disabled': '             pass  pass  fail  fail  pass  fail',
  'kms-key-deleting': '             pass  pass  fail  fail  pass  fail',
  'kms-key-asymmetric': '           pass  -     fail  fail  pass  fail',
  // S3 stores any key id unchecked, so nothing can be inferred.
  'kms-key-of-b': '                 pass  unknown fail fail unknown unknown',
  'kms-key-in-west': '              pass  pass  fail  fail  pass  pass',
  'kms-key-gone-in-west': '         pass  -     fail  fail  fail  -',
  'kms-alias-in-eu': '              pass  pass  pass  fail  pass  pass',
  'kms-alias-not-in-de': '          pass  -     fail  fail  fail  -',
  'sse-c-blocked': '                pass  -     -     pass  -     -',
  'sse-c-denied': '                 pass  -     -     pass  -     -',
  'log-target': '                   pass  -     -     fail  -     -',
  'log-source': '                   pass  -     -     fail  -     -',
  'tls-only': '                     pass  -     -     fail  -     -',
  'tls-objects-only': '             pass  -     -     fail  -     -',
  'open-to-b': '                    pass  -     -     fail  -     -',
  enforcing: '                      pass  pass  fail  fail  pass  pass',
  'against-default': '              pass  pass  fail  fail  pass  pass',
  'log-target-kms': '               pass  -     fail  fail  pass  pass',
  'log-source-kms': '               pass  -     -     fail  -     -',
  'reports-below': '                pass  -     fail  fail  pass  pass',
  'reports-kept': '                 pass  -     fail  fail  pass  pass',
});

/** The first account alone, in three regions: keys of the second are outside the scope. */
export const ofA: Verdicts = ofEveryKey({
  ...keyStatesOfA,
  ...keysOfA,
  ...keyPoliciesOfA,
  ...volumesOfA,
  ...snapshotsOfA,
  ...defaultsOfA,
  ...imagesOfA,
  ...databasesOfA,
  ...databaseSnapshotsOfA,
  ...bucketsOfA,
  ...moreOnBucketsOfA,
});

/** Only with the whole partition in scope. */
export const ofAInWest: Verdicts = ofEveryKey({
  ...keyStatesInWest,
  ...table(keyColumns, { west: 'pass pass pass' }),
  ...keyPoliciesInWest,
  ...table(bucketColumns, { 'in-west': 'pass - - fail - -' }),
  ...moreOnBuckets({ 'in-west': '- - - - - - - - fail' }),
});

/** Both accounts: what the first leaves open about the second's key is settled. */
export const ofBoth: Verdicts = {
  ...ofEveryKey({
    ...keyStatesOfB,
    ...ofA,
    ...table('key/exists key/usable', { 'volume-key-of-b': 'pass pass' }),
    ...table('s3/default-encryption-cmk key/exists key/usable', { 'kms-key-of-b': 'pass pass pass' }),
    ...table(keyColumns, {
      'b-shared': 'pass  pass  pass',
      'b-still': ' fail  pass  pass',
      [`b-aws/rds ${US}`]: '- - -',
    }),
    ...keyPoliciesOfBoth,
    ...table(volumeColumns, { 'b-volume': 'fail - - - - -', 'b-volume-of-snapshot': 'fail - - - - -' }),
    ...table(snapshotColumns, { 'b-snapshot': 'fail fail - - - - -' }),
    ...table(
      defaultsColumns,
      Object.fromEntries([US, EU, DE].map((region) => [`defaults of b in ${region}`, 'fail pass pass - - fail fail'])),
    ),
    ...table(instanceColumns, { 'b-db': 'pass - pass pass' }),
    ...table(`${partColumns} rds/replica-key`, { 'b-db': 'pass - - - -' }),
    ...table(backupColumns, { 'backup of b-db': '- pass pass' }),
    ...table(databaseSnapshotColumns, { 'rds:b-db': 'pass - - pass pass' }),
    ...table(shareColumns, {
      'rds:b-db': '       - -    -',
      'manual-shared': '  - pass fail',
      'copied-lent': '    - pass pass',
      'copied-granted': ' - pass pass',
    }),
    ...table('rds/export-task-key', { 'export-key-of-b': 'pass' }),
    ...table(bucketColumns, {
      'b-bucket': '          pass  pass  pass  fail  pass  pass',
      'b-bucket-key-of-a': ' pass  pass  pass  fail  pass  pass',
    }),
  }),
  // Neither key lets the other account in.
  ...table('key/admits-account', { 'volume-key-of-b': 'fail', 'kms-key-of-b': 'fail', 'b-bucket-key-of-a': 'fail' }),
  ...table('s3/policy-enforces-encryption', { 'kms-key-of-b': 'fail' }),
  ...moreOnBuckets({
    'b-bucket': '          pass  pass  -     -     -     fail  -     -     fail',
    'b-bucket-key-of-a': ' pass  pass  -     -     -     fail  -     -     fail',
  }),
};
/** With what rules say of every resource that has a key. */
function ofEveryKey(verdicts: Verdicts): Verdicts {
  return { ...verdicts, ...admissions(verdicts), ...keyOwners(verdicts) };
}

/** What report.json holds when nothing is asked of it: fails and unknowns. */
export function defects(verdicts: Verdicts): Verdicts {
  return Object.fromEntries(Object.entries(verdicts).filter(([, verdict]) => verdict === 'fail' || verdict === 'unknown'));
}

/** The verdicts of a report in the tables' form. Automated database snapshots lose the time in their name. */
export function verdictsOf({ findings }: Report, names: ReadonlyMap<string, string>): Verdicts {
  return Object.fromEntries(
    findings.map(({ resource, rule, verdict }) => {
      const automated = resource.replace(/^.*:(rds:.*)-\d{4}(-\d\d){4}$/, '$1').replace(/^.*:auto-backup:ab-/, 'backup of ');
      const name = names.get(resource) ?? automated;
      return [`${name} ${rule}`, verdict];
    }),
  );
}
