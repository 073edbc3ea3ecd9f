import type { DenyReason } from './match.js';

export const services = ['kms', 's3', 'ec2', 'rds', 'sts', 'organizations', 'account', 'securityhub'] as const;
export type ServiceName = (typeof services)[number];

/** What can go wrong in any service; each has its own name for it. */
export type Condition =
  | 'denied'
  | 'throttled'
  | 'expired'
  | 'badCredentials'
  | 'noCredentials'
  | 'regionOff'
  | 'internal'
  | 'unavailable'
  | 'badToken'
  | 'badParameter'
  | 'unknownOperation';

/** An error answer: wire code, HTTP status, and for S3 further elements and headers. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail: Record<string, string>;
  readonly headers: Record<string, string>;

  constructor(
    code: string,
    status: number,
    message: string,
    more: { detail?: Record<string, string>; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.detail = more.detail ?? {};
    this.headers = more.headers ?? {};
  }
}

type Entry = readonly [code: string, status: number, message: string];

const invalidToken = 'The security token included in the request is invalid.';
const expiredToken = 'The security token included in the request is expired';

const json: Record<Condition, Entry> = {
  denied: ['AccessDeniedException', 400, 'Access denied'],
  throttled: [
    'ThrottlingException',
    400,
    'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
  ],
  expired: ['ExpiredTokenException', 400, expiredToken],
  badCredentials: ['UnrecognizedClientException', 400, invalidToken],
  noCredentials: ['MissingAuthenticationTokenException', 400, 'Missing Authentication Token'],
  regionOff: ['UnrecognizedClientException', 400, invalidToken],
  internal: ['KMSInternalException', 500, 'An internal error occurred.'],
  unavailable: ['ServiceUnavailableException', 503, 'The service is unavailable. Please try again.'],
  badToken: ['InvalidMarkerException', 400, 'The marker is not valid.'],
  badParameter: ['ValidationException', 400, 'The request is not valid.'],
  unknownOperation: ['UnknownOperationException', 501, ''],
};

const query: Record<Condition, Entry> = {
  denied: ['AccessDenied', 403, 'Access denied'],
  throttled: ['Throttling', 400, 'Rate exceeded'],
  expired: ['ExpiredToken', 403, expiredToken],
  badCredentials: ['InvalidClientTokenId', 403, invalidToken],
  noCredentials: ['MissingAuthenticationToken', 403, 'Request is missing Authentication Token'],
  regionOff: ['InvalidClientTokenId', 403, invalidToken],
  internal: ['InternalFailure', 500, 'The request processing has failed because of an unknown error, exception or failure.'],
  unavailable: ['ServiceUnavailable', 503, 'The request has failed due to a temporary failure of the server.'],
  badToken: ['InvalidParameterValue', 400, 'The marker is not valid.'],
  badParameter: ['InvalidParameterValue', 400, 'A parameter value is not valid.'],
  unknownOperation: ['InvalidAction', 501, ''],
};

const conditions: Record<ServiceName, Record<Condition, Entry>> = {
  kms: json,
  organizations: {
    ...json,
    throttled: ['TooManyRequestsException', 400, 'You have sent too many requests in too short a period of time.'],
    internal: ['ServiceException', 500, "AWS Organizations can't complete your request because of an internal service error."],
    badToken: ['InvalidInputException', 400, 'You specified an invalid value for nextToken.'],
    badParameter: ['InvalidInputException', 400, 'You specified an invalid value.'],
  },
  account: {
    ...json,
    denied: ['AccessDeniedException', 403, 'Access denied'],
    throttled: ['TooManyRequestsException', 429, 'Rate exceeded'],
    internal: ['InternalServerException', 500, 'The operation failed because of an error internal to AWS.'],
    badToken: ['ValidationException', 400, 'Invalid NextToken'],
  },
  securityhub: {
    ...json,
    denied: ['AccessDeniedException', 403, 'Access denied'],
    throttled: ['TooManyRequestsException', 429, 'Rate exceeded'],
    expired: ['ExpiredTokenException', 403, expiredToken],
    badCredentials: ['UnrecognizedClientException', 403, invalidToken],
    regionOff: ['UnrecognizedClientException', 403, invalidToken],
    internal: ['InternalException', 500, 'Internal server error.'],
    badToken: ['InvalidInputException', 400, 'Invalid parameter NextToken.'],
    badParameter: ['InvalidInputException', 400, 'Invalid parameter.'],
  },
  rds: query,
  sts: {
    ...query,
    regionOff: ['RegionDisabledException', 403, 'STS is not activated in this region for the requested account.'],
    badParameter: ['ValidationError', 400, 'A parameter value is not valid.'],
  },
  ec2: {
    ...query,
    denied: ['UnauthorizedOperation', 403, 'You are not authorized to perform this operation.'],
    throttled: ['RequestLimitExceeded', 503, 'Request limit exceeded.'],
    expired: ['RequestExpired', 400, 'Request has expired.'],
    badCredentials: ['AuthFailure', 401, 'AWS was not able to validate the provided access credentials'],
    regionOff: ['AuthFailure', 401, 'AWS was not able to validate the provided access credentials'],
    internal: ['InternalError', 500, 'An internal error has occurred'],
    unavailable: ['Unavailable', 503, 'The service is unavailable. Please try again shortly.'],
    badToken: ['InvalidNextToken', 400, 'The token is not valid.'],
  },
  s3: {
    ...query,
    denied: ['AccessDenied', 403, 'Access Denied'],
    throttled: ['SlowDown', 503, 'Please reduce your request rate.'],
    expired: ['ExpiredToken', 400, 'The provided token has expired.'],
    badCredentials: ['InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.'],
    regionOff: ['InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.'],
    noCredentials: ['AccessDenied', 403, 'Access Denied'],
    internal: ['InternalError', 500, 'We encountered an internal error. Please try again.'],
    unavailable: ['ServiceUnavailable', 503, 'Service is unable to handle request.'],
    badToken: ['InvalidArgument', 400, 'The continuation token provided is incorrect'],
    badParameter: ['InvalidArgument', 400, 'Invalid Argument'],
    unknownOperation: ['NotImplemented', 501, ''],
  },
};

export function fault(service: ServiceName, condition: Condition, message?: string): AwsError {
  const [code, status, usual] = conditions[service][condition];
  return new AwsError(code, status, message ?? usual);
}

const because: Record<DenyReason, (action: string) => string> = {
  'identity-policy': (action) => `because no identity-based policy allows the ${action} action`,
  'identity-deny': () => 'with an explicit deny in an identity-based policy',
  'service-control-policy': () => 'with an explicit deny in a service control policy',
  'resource-control-policy': () => 'with an explicit deny in a resource control policy',
  'resource-policy': (action) => `because no resource-based policy allows the ${action} action`,
  'resource-deny': () => 'with an explicit deny in a resource-based policy',
  'permissions-boundary': (action) => `because no permissions boundary allows the ${action} action`,
  'session-policy': (action) => `because no session policy allows the ${action} action`,
};

/** A refusal in the words AWS uses, which name the policy that refused. */
export function denied(
  service: ServiceName,
  who: { arn: string; action: string; resource?: string | undefined; reason?: DenyReason | undefined },
): AwsError {
  const on = who.resource === undefined ? '' : ` on resource: ${service === 's3' ? `"${who.resource}"` : who.resource}`;
  const why = because[who.reason ?? 'identity-policy'](who.action);
  const text = `User: ${who.arn} is not authorized to perform: ${who.action}${on} ${why}`;
  return fault(service, 'denied', service === 'ec2' ? `You are not authorized to perform this operation. ${text}` : text);
}
