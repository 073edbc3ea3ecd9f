import { known } from '#model/attempt.js';
import { addToPolicy, policyBlock } from '#model/bucket-remediation.js';
import { listText } from '#model/list-text.js';
import type { Identity } from '#model/resources/index.js';
import { defineRule } from '#model/rule.js';
import { tlsDemand } from '#policy/bucket.js';
import { readPolicy, statementName } from '#policy/reading.js';

const expected = 'a Deny for everyone of every action on the bucket and its objects without TLS';

export default defineRule({
  id: 's3/tls-only',
  kind: 's3.bucket',
  severity: 'medium',
  title: 'Buckets refuse requests without TLS',
  needs: ['policy'],
  docs: {
    why: 'S3 answers over plain HTTP too, where whoever is on the way reads the object whatever it is encrypted under at rest. Only a Deny in the bucket policy closes that for everyone; an Allow under TLS leaves other statements and IAM open.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html',
    waive: 'A public website that is served over HTTP on purpose.',
  },
  messages: {
    denied: 'The bucket policy denies requests without TLS to everyone, by {statements}.',
    noPolicy: 'The bucket has no policy: requests without TLS are answered.',
    notDenied: 'No statement of the bucket policy denies everyone every request without TLS.',
    partly: 'The bucket policy denies requests without TLS on {part} only, by {statements}.',
  },
  states: [
    ['No bucket policy', 'fail'],
    ['GetBucketPolicy could not be read, or the text is no policy', 'unknown'],
    [
      'A Deny of `s3:*` or `*` for everyone whose only condition is aws:SecureTransport=false or s3:TlsVersion below 1.2 or more, over the bucket and `bucket/*`, in one statement or several',
      'pass; aws:PrincipalIsAWSService=false may stand beside it',
    ],
    ['Such a Deny over the bucket alone or its objects alone', 'fail'],
    ['No such Deny; an Allow under TLS is none', 'fail'],
  ],
  remediation: (bucket) => ({
    text: 'Add a statement that denies everyone every request without TLS to the policy of the bucket, beside those that are there.',
    cli: addToPolicy(bucket, denyWithoutTls(bucket)),
    terraform: policyBlock(bucket, denyWithoutTls(bucket)),
  }),
  evaluate: ({ arn, policy }, { pass, fail, unknown }) => {
    const document = readPolicy('s3.bucket/policy', known(policy));
    if (!document.known) return unknown(document.missing);
    if (document.value === null) return fail('noPolicy', { expected, actual: 'no policy' });
    const { statements, onBucket, onObjects } = tlsDemand(document.value, arn);
    if (statements.length === 0) return fail('notDenied', { expected, actual: 'no such Deny' });
    const names = listText(statements.map(statementName));
    const evidence = { statements };
    if (onBucket && onObjects) return pass('denied', { data: { statements: names }, expected, actual: 'denied', evidence });
    const part = onBucket ? 'the bucket' : 'the objects';
    return fail('partly', { data: { statements: names, part }, expected, actual: `denied on ${part} only`, evidence });
  },
});

function denyWithoutTls({ arn }: Identity) {
  return {
    Sid: 'DenyWithoutTls',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
