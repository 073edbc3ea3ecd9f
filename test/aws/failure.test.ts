import { GetBucketEncryptionCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeSnapshotAttributeCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { DescribeDBSnapshotAttributesCommand, RDSClient } from '@aws-sdk/client-rds';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { CallFailed } from '#aws/ask.js';
import { causeOf, classify, isTransient, type FailureClass } from '#aws/failure.js';
import { serving } from './support.js';

/** What went over the wire, and what the SDK threw for it. */
interface Wire {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const config = { region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' } };
const sends = {
  s3: (endpoint: string) => new S3Client({ ...config, endpoint }).send(new GetBucketEncryptionCommand({ Bucket: 'b' })),
  head: (endpoint: string) => new S3Client({ ...config, endpoint }).send(new HeadBucketCommand({ Bucket: 'b' })),
  ec2: (endpoint: string) =>
    new EC2Client({ ...config, endpoint }).send(
      new DescribeSnapshotAttributeCommand({ SnapshotId: 'snap-1', Attribute: 'createVolumePermission' }),
    ),
  kms: (endpoint: string) => new KMSClient({ ...config, endpoint }).send(new DescribeKeyCommand({ KeyId: 'k' })),
  rds: (endpoint: string) =>
    new RDSClient({ ...config, endpoint }).send(new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: 's' })),
  sts: (endpoint: string) =>
    new STSClient({ ...config, endpoint }).send(
      new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::222222222222:role/R', RoleSessionName: 's' }),
    ),
};
type Client = keyof typeof sends;

/** An error as each service writes it. */
function wire(client: Client, code: string, status: number): Wire {
  switch (client) {
    case 's3':
      return {
        status,
        body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>m</Message><RequestId>r</RequestId></Error>`,
      };
    case 'head':
      return { status, body: '' };
    case 'ec2':
      return {
        status,
        body: `<?xml version="1.0"?><Response><Errors><Error><Code>${code}</Code><Message>m</Message></Error></Errors><RequestID>r</RequestID></Response>`,
      };
    case 'kms':
      return {
        status,
        body: JSON.stringify({ __type: code, message: 'm' }),
        headers: { 'content-type': 'application/x-amz-json-1.1' },
      };
    case 'rds':
    case 'sts':
      return {
        status,
        body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>m</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
      };
  }
}

async function thrownFor(client: Client, { status, body, headers = {} }: Wire): Promise<unknown> {
  const server = await serving((_request, response) => {
    response.writeHead(status, { 'content-type': 'text/xml', ...headers });
    response.end(body);
  });
  return (sends[client](server.url) as Promise<unknown>).then(
    () => {
      throw new Error('the call was expected to fail');
    },
    (error: unknown) => error,
  );
}

const rows: readonly (readonly [client: Client, code: string, status: number, FailureClass])[] = [
  ['s3', 'AccessDenied', 403, 'denied'],
  ['s3', 'AllAccessDisabled', 403, 'denied'],
  ['s3', 'AccountProblem', 403, 'denied'],
  ['s3', 'SlowDown', 503, 'throttled'],
  ['s3', 'ExpiredToken', 400, 'expired'],
  ['s3', 'InvalidAccessKeyId', 403, 'not-enabled'],
  ['s3', 'ServerSideEncryptionConfigurationNotFoundError', 404, 'not-found'],
  ['s3', 'NoSuchBucketPolicy', 404, 'not-found'],
  ['s3', 'ReplicationConfigurationNotFoundError', 404, 'not-found'],
  ['s3', 'NoSuchTagSet', 404, 'not-found'],
  ['s3', 'NoSuchBucket', 404, 'not-found'],
  ['s3', 'PermanentRedirect', 301, 'other'],
  ['s3', 'AuthorizationHeaderMalformed', 400, 'other'],
  ['s3', 'MethodNotAllowed', 405, 'other'],
  ['s3', 'RequestTimeout', 400, 'transient'],
  ['s3', 'InternalError', 500, 'transient'],
  ['s3', 'ServiceUnavailable', 503, 'transient'],
  ['ec2', 'UnauthorizedOperation', 403, 'denied'],
  ['ec2', 'Blocked', 400, 'denied'],
  ['ec2', 'PendingVerification', 400, 'denied'],
  ['ec2', 'RequestLimitExceeded', 503, 'throttled'],
  ['ec2', 'RequestExpired', 400, 'expired'],
  ['ec2', 'AuthFailure', 401, 'not-enabled'],
  ['ec2', 'OptInRequired', 401, 'not-enabled'],
  ['ec2', 'InvalidSnapshot.NotFound', 400, 'not-found'],
  ['ec2', 'InternalError', 500, 'transient'],
  ['ec2', 'Unavailable', 503, 'transient'],
  ['rds', 'AccessDenied', 403, 'denied'],
  ['rds', 'Throttling', 400, 'throttled'],
  ['rds', 'ExpiredToken', 403, 'expired'],
  ['rds', 'InvalidClientTokenId', 403, 'not-enabled'],
  ['rds', 'DBSnapshotNotFound', 404, 'not-found'],
  ['rds', 'DBInstanceNotFound', 404, 'not-found'],
  ['rds', 'InternalFailure', 500, 'transient'],
  ['kms', 'AccessDeniedException', 400, 'denied'],
  ['kms', 'ThrottlingException', 400, 'throttled'],
  ['kms', 'TooManyRequestsException', 429, 'throttled'],
  ['kms', 'ExpiredTokenException', 400, 'expired'],
  ['kms', 'UnrecognizedClientException', 400, 'not-enabled'],
  ['kms', 'NotFoundException', 400, 'not-found'],
  ['kms', 'KMSInternalException', 500, 'transient'],
  ['kms', 'DependencyTimeoutException', 500, 'transient'],
  ['kms', 'UnsupportedOperationException', 400, 'other'],
  ['kms', 'KMSInvalidStateException', 400, 'other'],
  ['kms', 'InvalidArnException', 400, 'other'],
  ['sts', 'AccessDenied', 403, 'denied'],
  ['sts', 'Throttling', 400, 'throttled'],
  ['sts', 'ExpiredTokenException', 400, 'expired'],
  ['sts', 'ExpiredToken', 403, 'expired'],
  ['sts', 'InvalidClientTokenId', 403, 'not-enabled'],
  ['sts', 'RegionDisabledException', 403, 'not-enabled'],
  ['sts', 'ValidationError', 400, 'other'],
];

describe('an error answer, as the SDK throws it', () => {
  test.each(rows)('%s %s (HTTP %i) is %s', async (client, code, status, expected) => {
    const failure = classify(await thrownFor(client, wire(client, code, status)));
    expect(failure).toMatchObject({ class: expected, status });
    // The wire code, whatever the SDK named its own shape.
    expect(failure.code.replace(/Fault$/, '')).toBe(code);
    expect(failure.message).toBe('m');
  });

  test.each([
    [301, 'other', 'HTTP 301'],
    [400, 'other', 'HTTP 400'],
    [403, 'denied', 'HTTP 403'],
    [404, 'not-found', 'NotFound'],
    [429, 'throttled', 'HTTP 429'],
    [500, 'transient', 'HTTP 500'],
    [503, 'transient', 'HTTP 503'],
  ] as const)('a HEAD answer has no body to name its error: HTTP %i is %s, under the code %s', async (status, expected, code) => {
    expect(classify(await thrownFor('head', wire('head', '', status)))).toMatchObject({ class: expected, code, status });
  });

  test.each(['s3', 'ec2', 'kms', 'rds', 'sts'] as const)(
    '%s: an HTML page with status 403 from a proxy is a denial',
    async (client) => {
      const page = '<!DOCTYPE html><html><body><h1>Forbidden</h1></body></html>';
      const failure = classify(await thrownFor(client, { status: 403, body: page, headers: { 'content-type': 'text/html' } }));
      expect(failure).toMatchObject({ class: 'denied', status: 403 });
    },
  );

  test.each(['s3', 'ec2', 'kms', 'rds', 'sts'] as const)('%s: an HTML page with status 500 is tried again', async (client) => {
    const page = '<!DOCTYPE html><html><head><title>500</title></head><body><hr><h1>Internal Server Error</body></html>';
    const failure = classify(await thrownFor(client, { status: 500, body: page, headers: { 'content-type': 'text/html' } }));
    expect(['unparseable', 'transient']).toContain(failure.class);
    expect(failure.status).toBe(500);
    expect(isTransient(failure)).toBe(true);
  });

  test('an XML denial to a JSON service is a denial', async () => {
    const body = '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>by the endpoint policy</Message></Error>';
    expect(classify(await thrownFor('kms', { status: 403, body }))).toMatchObject({ class: 'denied', status: 403 });
  });

  test('an answer of HTTP 200 that is not in the protocol is not taken for one', async () => {
    const failure = classify(await thrownFor('kms', { status: 200, body: '<html>welcome to the captive portal</html>' }));
    expect(failure.class).toBe('unparseable');
  });
});

describe('no answer at all', () => {
  const failing = (properties: object, message = '') => Object.assign(new Error(message), properties);

  test.each([
    [failing({ code: 'ECONNREFUSED' }), 'unreachable', 'ECONNREFUSED'],
    [failing({ code: 'ENOTFOUND' }), 'unreachable', 'ENOTFOUND'],
    [failing({ code: 'EAI_AGAIN' }), 'unreachable', 'EAI_AGAIN'],
    [failing({ code: 'EHOSTUNREACH' }), 'unreachable', 'EHOSTUNREACH'],
    [
      failing({ name: 'TimeoutError' }, 'Socket timed out without establishing a connection within 5000 ms'),
      'unreachable',
      'TimeoutError',
    ],
    [failing({ code: 'ECONNRESET', name: 'TimeoutError' }, 'read ECONNRESET'), 'transient', 'ECONNRESET'],
    [failing({ code: 'EPIPE', name: 'TimeoutError' }), 'transient', 'EPIPE'],
    [
      failing({ name: 'TimeoutError' }, 'a request has exceeded the configured 20000 ms requestTimeout.'),
      'transient',
      'TimeoutError',
    ],
    [failing({}, 'socket hang up'), 'transient', 'Error'],
    [
      failing({ name: 'CredentialsProviderError' }, 'Could not load credentials from any providers'),
      'no-credentials',
      'CredentialsProviderError',
    ],
    [failing({ name: 'SyntaxError' }, 'Unexpected token < in JSON'), 'unparseable', 'SyntaxError'],
  ] as const)('%o is %s', (error, expected, code) => {
    expect(classify(error)).toMatchObject({ class: expected, code, status: null });
  });

  test('what cannot be named is still classed, whatever was thrown', () => {
    for (const thrown of [undefined, null, 'text', 42, {}, new Error('?')]) expect(classify(thrown).class).toBe('other');
  });

  test('a failure to get credentials inside a call is the failure of that call', () => {
    const meta = {
      operation: 'sts:AssumeRole',
      requestId: null,
      date: null,
      attempts: 1,
      throttles: 0,
      status: 403,
      code: 'AccessDenied',
    };
    const failure = classify(Object.assign(new Error('?'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }));
    expect(classify(new CallFailed(meta, failure, null))).toBe(failure);
  });
});

test.each([
  [
    'User: u is not authorized to perform: kms:DescribeKey on resource: k with an explicit deny in a service control policy',
    'service-control-policy',
  ],
  ['… with an explicit deny in a resource control policy', 'service-control-policy'],
  ['… because no resource-based policy allows the kms:DescribeKey action', 'resource-policy'],
  ['… because no identity-based policy allows the kms:ListKeys action', 'identity-policy'],
  ['… because no permissions boundary allows the kms:ListKeys action', 'identity-policy'],
  ['Access Denied', null],
] as const)('who denied is taken from the words of AWS: %s', (message, expected) => {
  expect(classify(Object.assign(new Error(message), { name: 'AccessDenied' })).deniedBy).toBe(expected);
});

test.each([
  ['AccessDenied', 'denied', false],
  ['ExpiredToken', 'denied', false],
  ['AuthFailure', 'denied', false],
  ['CredentialsProviderError', 'denied', false],
  ['Throttling', 'throttled', true],
  ['TimeoutError', 'unreachable', true],
  ['ECONNREFUSED', 'unreachable', true],
  ['NoSuchBucket', 'unreachable', false],
] as const)('%s leaves a fact unread as %s; worth another look: %s', (name, cause, again) => {
  const failure = classify(Object.assign(new Error(''), { name }));
  expect([causeOf(failure), isTransient(failure)]).toEqual([cause, again]);
});

test.each([
  [
    "The request signature we calculated does not match.\n\nThe Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:TOKEN'",
    'The request signature we calculated does not match.',
  ],
  [
    'Command failed: get-credentials --password TOKEN\nwrong password: TOKEN\n',
    'the credential_process of the profile failed: run it by itself to see why',
  ],
])('what an error quotes of credentials is not kept: %j', (message, kept) => {
  expect(classify(new Error(message)).message).toBe(kept);
});
