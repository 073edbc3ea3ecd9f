import { table, type Verdicts } from './expected-table.js';

const columns =
  's3/default-key-arn s3/default-key-region s3/inventory-encrypted s3/log-target-deliverable s3/policy-default-conflict s3/policy-enforces-encryption s3/policy-no-external-encryption-change s3/replication-key s3/tls-only';

/** What else is said of buckets. Two rules say nothing: no baseline here has selectors for them, or samples objects. */
export function moreOnBuckets(rows: Readonly<Record<string, string>>): Verdicts {
  const idle = Object.keys(rows).flatMap((name) => [`${name} s3/dsse`, `${name} s3/objects-match-default`]);
  return { ...table(columns, rows), ...Object.fromEntries(idle.map((id) => [id, 'not-applicable' as const])) };
}

export const moreOnBucketsOfA = moreOnBuckets({
  'never-configured': '             -     -     -     -     -     -     -     -     fail',
  'sse-s3': '                       -     -     -     -     -     -     -     -     fail',
  'sse-s3-confidential': '          -     -     -     -     -     -     -     -     fail',
  'kms-without-key': '              -     -     -     -     -     -     -     -     fail',
  'kms-without-key-confidential': ' -     -     -     -     -     -     -     -     fail',
  'kms-cmk-bucket-key': '           pass  pass  -     -     -     fail  -     -     fail',
  'kms-alias': '                    fail  -     -     -     -     fail  -     -     fail',
  'kms-key-id': '                   fail  -     -     -     -     fail  -     -     fail',
  dsse: '                           pass  pass  -     -     -     fail  -     -     fail',
  fsx: '                            -     -     -     -     -     -     -     -     fail',
  'kms-key-gone': '                 pass  pass  -     -     -     -     -     -     fail',
  'kms-alias-gone': '               fail  -     -     -     -     -     -     -     fail',
  'kms-key-disabled': '             pass  pass  -     -     -     fail  -     -     fail',
  'kms-key-deleting': '             pass  pass  -     -     -     fail  -     -     fail',
  'kms-key-asymmetric': '           pass  pass  -     -     -     -     -     -     fail',
  'kms-key-of-b': '                 pass  pass  -     -     -     unknown -   -     fail',
  'kms-key-in-west': '              pass  fail  -     -     -     fail  -     -     fail',
  'kms-key-gone-in-west': '         pass  fail  -     -     -     -     -     -     fail',
  'kms-alias-in-eu': '              fail  -     -     -     -     fail  -     -     fail',
  'kms-alias-not-in-de': '          fail  -     -     -     -     -     -     -     fail',
  'sse-c-blocked': '                -     -     -     -     -     -     -     -     fail',
  'sse-c-denied': '                 -     -     -     -     pass  -     pass  -     fail',
  'log-target': '                   -     -     -     pass  -     -     pass  -     fail',
  'log-source': '                   -     -     -     -     -     -     -     -     fail',
  'tls-only': '                     -     -     -     -     -     -     pass  -     pass',
  'tls-objects-only': '             -     -     -     -     -     -     pass  -     fail',
  'open-to-b': '                    -     -     -     -     -     -     fail  -     fail',
  enforcing: '                      pass  pass  -     -     pass  pass  pass  -     fail',
  'against-default': '              pass  pass  -     -     fail  fail  pass  -     fail',
  'log-target-kms': '               pass  pass  -     fail  -     -     pass  -     fail',
  'log-source-kms': '               -     -     -     -     -     -     -     -     fail',
  'reports-below': '                pass  pass  fail  -     -     -     -     -     fail',
  'reports-kept': '                 pass  pass  pass  -     -     -     -     -     fail',
});
