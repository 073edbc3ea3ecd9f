/**
 * IAM by the book, for one request at a time: an Allow and no Deny. It shares nothing with the analysis that is held
 * against it, reads policies as they were written, and knows only what the generated policies use.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import type { Json, Part } from './support.js';

export interface Request {
  readonly action: string;
  readonly resource: string;
  /** The caller's account and ARN; a service has neither. */
  readonly account: string | null;
  readonly arn: string | null;
  readonly service: string | null;
  /** By lower-cased key; a key that is not there is absent from the request. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

export function isAllowed(statements: readonly Part[], request: Request): boolean {
  const applying = statements.filter((statement) => applies(statement, request));
  return applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny');
}

function applies(statement: Part, request: Request): boolean {
  return (
    meant(statement['Principal'], statement['NotPrincipal'], (value) => isCaller(value, request)) &&
    meant(statement['Action'], statement['NotAction'], (value) => anyGlob(value, request.action.toLowerCase(), true)) &&
    meant(statement['Resource'], statement['NotResource'], (value) => anyGlob(value, request.resource, false)) &&
    holds((statement['Condition'] ?? {}) as Part, request)
  );
}

function meant(plain: Json | undefined, not: Json | undefined, matches: (value: Json) => boolean): boolean {
  return plain !== undefined ? matches(plain) : not !== undefined && !matches(not);
}

function list(value: Json): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}

function isCaller(principal: Json, { account, arn, service }: Request): boolean {
  if (principal === '*') return true;
  const { AWS = [], Service = [] } = principal as Readonly<Record<string, Json>>;
  if (service !== null && list(Service).includes(service)) return true;
  return list(AWS).some(
    (name) => name === '*' || (account !== null && (name === account || name === `arn:aws:iam::${account}:root` || name === arn)),
  );
}

function anyGlob(patterns: Json, text: string, ignoreCase: boolean): boolean {
  return list(patterns).some((pattern) => glob(ignoreCase ? pattern.toLowerCase() : pattern, text));
}

function glob(pattern: string, text: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${escaped}$`, 's').test(text);
}

function holds(condition: Part, { context }: Request): boolean {
  return Object.entries(condition).every(([written, block]) =>
    Object.entries(block as Part).every(([key, values]) => one(written, context[key.toLowerCase()], list(values))),
  );
}

function one(written: string, actual: string | readonly string[] | undefined, wanted: readonly string[]): boolean {
  const [, quantifier = '', operator = '', ifExists] = /^(ForAnyValue:|ForAllValues:)?(.*?)(IfExists)?$/.exec(written) ?? [];
  if (operator === 'Null') return wanted.some((value) => (value === 'true') === (actual === undefined));
  const negated = operator.includes('Not');
  if (actual === undefined) {
    if (quantifier === 'ForAnyValue:') return false;
    return negated || ifExists !== undefined || quantifier === 'ForAllValues:';
  }
  const values = typeof actual === 'string' ? [actual] : actual;
  const fits = (value: string): boolean => wanted.some((each) => matches(operator, each, value)) !== negated;
  return quantifier === 'ForAllValues:' ? values.every(fits) : values.some(fits);
}

function matches(operator: string, wanted: string, actual: string): boolean {
  return operator === 'StringEquals' || operator === 'StringNotEquals' || operator === 'Bool'
    ? wanted === actual
    : glob(wanted, actual);
}
