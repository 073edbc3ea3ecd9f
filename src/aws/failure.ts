import type { Cause } from '#model/attempt.js';

/** What a failed call means for us, decided by error name, wire code and HTTP status together. */
export type FailureClass =
  | 'denied'
  | 'throttled'
  /** 5xx, resets, timeouts: worth another try soon. */
  | 'transient'
  /** The answer was not in the operation's protocol. */
  | 'unparseable'
  /** No connection at all: DNS, refused, connect timeout. */
  | 'unreachable'
  | 'not-found'
  /** The region does not know these credentials: not enabled for the account. */
  | 'not-enabled'
  | 'expired'
  /** The SDK's chain found nothing to sign with. */
  | 'no-credentials'
  | 'other';

export interface Failure {
  readonly class: FailureClass;
  /** AWS's own code, else the error's name. */
  readonly code: string;
  readonly message: string;
  readonly status: number | null;
  /** Who denied, as far as the message says. */
  readonly deniedBy: 'service-control-policy' | 'resource-policy' | 'identity-policy' | null;
}

const throttles = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);
const denials = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AllAccessDisabled',
  'Forbidden',
  'ForbiddenException',
  'NotAuthorized',
  'UnauthorizedOperation',
  'AccountProblem',
  'Blocked',
  'PendingVerification',
]);
const expiries = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired']);
/** Outside an opt-in region the same names mean broken credentials; which of the two is decided where the region list is known. */
const unknownCredentials = new Set([
  'AuthFailure',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'OptInRequired',
  'RegionDisabledException',
  'UnrecognizedClientException',
]);
const connects = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ProxyFailed',
]);
/** Who is at the other end is not known here: often a proxy that opens TLS with a certificate of its own. */
const distrusts = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
const resets = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'TimeoutError',
  'AbortError',
  'RequestTimeout',
  'RequestTimeoutException',
]);

const unspecific = new Set(['Error', 'Unknown', 'UnknownError']);

interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly Code?: string;
  /** The name that was looked up. */
  readonly hostname?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number };
}

/** Classifies anything that a client's `send` can throw. */
export function classify(error: unknown): Failure {
  // Credentials are fetched inside a call: what went wrong there is what went wrong.
  if (typeof error === 'object' && error !== null && 'failure' in error) return error.failure as Failure;
  const raw = (typeof error === 'object' && error !== null ? error : { message: String(error) }) as SdkError;
  const status = raw.$metadata?.httpStatusCode ?? raw.$response?.statusCode ?? null;
  const names = [raw.Code, raw.code, raw.name].filter((name): name is string => typeof name === 'string' && name !== '');
  // What the SDK calls an answer it cannot parse is no code of AWS's: its status says more.
  const known = names.find((name) => !(unspecific.has(name) || (status !== null && name === 'SyntaxError')));
  const code = known ?? (status === null ? (names[0] ?? 'Error') : `HTTP ${String(status)}`);
  const message = raw.message ?? '';
  const said = withoutSecrets(message);
  const failure = { class: classOf(names, message, status), code, message: said, status, deniedBy: deniedBy(message) };
  return { ...failure, ...networkReason(failure, raw.hostname ?? '') };
}

/** What may be shown and kept of an error's message. */
function withoutSecrets(message: string): string {
  // Node quotes the whole command line and all that the program said.
  if (message.startsWith('Command failed')) return 'the credential_process of the profile failed: run it by itself to see why';
  // Behind the first paragraph AWS quotes the request that it would have signed, with the session token.
  const [first = ''] = message.split('\n\n', 1);
  return first;
}

/** What a person can act on, where the network's own code and words do not say it. */
function networkReason({ code, message, status }: Failure, hostname: string): Partial<Failure> {
  if (status === 407) {
    return { code: 'ProxyAuthenticationRequired', message: 'the proxy asks for a name and a password, or for others' };
  }
  if (code === 'EndpointError' && message.includes('custom endpoint'))
    return { message: `${message}; AWS_ENDPOINT_URL is such an endpoint, and so is endpoint_url in a profile` };
  if (distrusts.has(code)) return { message: `${message}; AWS_CA_BUNDLE names a file of the authorities to trust` };
  if (code === noSuchHost && isFips(hostname)) {
    return {
      code: 'NoFipsEndpoint',
      message: `${hostname} does not exist: AWS has no FIPS endpoint of this service in the region`,
    };
  }
  if (code === noSuchHost && isDualStack(hostname)) {
    return {
      code: 'NoDualStackEndpoint',
      message: `${hostname} does not exist: AWS has no dual-stack endpoint of this service in the region`,
    };
  }
  return {};
}

const noSuchHost = 'ENOTFOUND';

function isFips(hostname: string): boolean {
  return /(^|[-.])fips[-.]/.test(hostname);
}

function isDualStack(hostname: string): boolean {
  return hostname.endsWith('.api.aws') || hostname.includes('.dualstack.');
}

/** The endpoint's name does not exist, as far as can be told: most proxies say no more than that they got nowhere. */
export function isNoSuchHost({ code }: Failure): boolean {
  return code === noSuchHost || code === 'NoFipsEndpoint' || code === 'NoDualStackEndpoint' || /^Proxy50[234]$/.test(code);
}

function classOf(names: readonly string[], message: string, status: number | null): FailureClass {
  const has = (set: ReadonlySet<string>) => names.some((name) => set.has(name));
  if (has(throttles) || status === 429) return 'throttled';
  if (has(expiries)) return 'expired';
  if (has(denials)) return 'denied';
  if (has(unknownCredentials)) return 'not-enabled';
  if (names.includes('CredentialsProviderError')) return 'no-credentials';
  if (has(connects) || has(distrusts) || status === 407 || (names.includes('TimeoutError') && /connection/i.test(message)))
    return 'unreachable';
  if (has(resets) || /socket hang up/i.test(message)) return 'transient';
  // A proxy or an emulator answers in HTML or in another protocol: the status still tells a denial.
  if (status === 401 || status === 403) return 'denied';
  if (names.includes('SyntaxError') || /parse error|deserialization error|not valid JSON/i.test(message)) return 'unparseable';
  if (status !== null && status >= 500) return 'transient';
  if (status === 404 || names.some((name) => /NotFound|NoSuch/.test(name))) return 'not-found';
  return 'other';
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
function deniedBy(message: string): Failure['deniedBy'] {
  if (/service control policy|resource control policy/i.test(message)) return 'service-control-policy';
  if (/resource-based policy|key policy/i.test(message)) return 'resource-policy';
  if (/identity-based policy|permissions boundary|session policy/i.test(message)) return 'identity-policy';
  return null;
}

/** The cause that an unread fact carries. */
export function causeOf(failure: Failure): Cause {
  switch (failure.class) {
    case 'denied':
    case 'expired':
    case 'not-enabled':
    case 'no-credentials':
      return 'denied';
    case 'throttled':
      return 'throttled';
    case 'transient':
    case 'unparseable':
    case 'unreachable':
    case 'not-found':
    case 'other':
      return 'unreachable';
  }
}

/** Worth one more look before a cell closes: denials never are. */
export function isTransient(failure: Failure): boolean {
  return (
    failure.class === 'throttled' ||
    failure.class === 'transient' ||
    failure.class === 'unparseable' ||
    failure.class === 'unreachable'
  );
}
