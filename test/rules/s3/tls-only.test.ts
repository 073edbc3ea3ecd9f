import rule from '#rules/s3/tls-only.js';
import { bucket, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const arn = 'arn:aws:s3:::b';
const deny = {
  Sid: 'Tls',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [arn, `${arn}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const under = (...Statement: readonly object[]): TestResource =>
  bucket('b', {}, { policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
const denied = 'The bucket policy denies requests without TLS to everyone, by statement "Tls".';
const open = 'No statement of the bucket policy denies everyone every request without TLS.';

testRule(rule, {
  pass: [
    {
      name: 'one Deny over both',
      resource: under({ ...deny, Effect: 'Allow' }, deny),
      message: denied,
      evidence: { statements: [{ index: 1, sid: 'Tls' }] },
    },
    {
      name: 'two Denies, one each',
      resource: under({ ...deny, Resource: arn }, { ...deny, Sid: undefined, Resource: `${arn}/*` }),
      message: 'The bucket policy denies requests without TLS to everyone, by statement "Tls" and statement 2.',
    },
    {
      name: 'an old TLS version',
      resource: under({ ...deny, Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } }),
      message: denied,
    },
  ],
  fail: [
    { name: 'no policy', resource: bucket('b'), message: 'The bucket has no policy: requests without TLS are answered.' },
    {
      name: 'an Allow under TLS',
      resource: under({ ...deny, Effect: 'Allow', Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
      message: open,
    },
    { name: 'a policy without statements', resource: under(), message: open },
    {
      name: 'the objects alone',
      resource: under({ ...deny, Resource: `${arn}/*` }),
      message: 'The bucket policy denies requests without TLS on the objects only, by statement "Tls".',
      evidence: { statements: [{ index: 0, sid: 'Tls' }] },
    },
    {
      name: 'the bucket alone',
      resource: under({ ...deny, Resource: arn }),
      message: 'The bucket policy denies requests without TLS on the bucket only, by statement "Tls".',
    },
  ],
  unknown: [
    { name: 'GetBucketPolicy denied', resource: bucket('b', {}, { policy: unread() }), missing: [{ facet: 's3.bucket/policy' }] },
    {
      name: 'a policy that is none',
      resource: bucket('b', {}, { policy: '{' }),
      missing: [{ facet: 's3.bucket/policy', operation: 's3:GetBucketPolicy', cause: 'absent-field' }],
    },
  ],
  notApplicable: 'It speaks of every bucket.',
});
