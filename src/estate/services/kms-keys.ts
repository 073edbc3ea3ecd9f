import { AwsError, fault } from '../errors.js';
import { text } from '../operation.js';
import type { Context } from '../operation.js';
import type { KeyRecord } from '../world/records.js';

const keyArn = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):(?:key\/([\w-]+)|(alias\/.+))$/;

/** The ways a KeyId parameter names a key: id, ARN, alias, alias ARN. */
interface Reference {
  account: string;
  region: string;
  name: string;
}

/** The key a call is about, readable or not and of whatever account; undefined if it names none that exists. */
export function keyOf(context: Context): KeyRecord | undefined {
  const given = text(context.params, 'KeyId') ?? '';
  const reference = given.startsWith('arn:') && !keyArn.test(given) ? undefined : parse(context, given);
  return reference?.region === context.region ? find(context, reference) : undefined;
}

/** For faults and the log: an alias counts as its key. */
export function keyId(context: Context): string | undefined {
  return keyOf(context)?.KeyId ?? text(context.params, 'KeyId');
}

/** For operations that take an id or ARN of a key of the caller's own account. */
export function ownKey(context: Context, given: string): KeyRecord {
  const reference = parse(context, given);
  if (reference !== undefined && reference.account !== context.caller.account) throw notYours(context);
  if (reference === undefined || reference.name.startsWith('alias/')) throw notFound(`Invalid keyId '${given}'`);
  return found(context, reference);
}

/** For operations that also read another account's key, if that key's policy admits the caller. */
export function foreignKey(context: Context, given: string): KeyRecord {
  const reference = parse(context, given);
  if (reference === undefined) throw notFound(`Invalid keyId '${given}'`);
  if (reference.account === context.caller.account) return found(context, reference);
  if (reference.region !== context.region) throw notFound(`Invalid arn ${reference.region}`);
  const key = find(context, reference);
  if (!key?.admits.includes(context.caller.account)) throw notYours(context);
  return key;
}

function found(context: Context, reference: Reference): KeyRecord {
  if (reference.region !== context.region) throw notFound(`Invalid arn ${reference.region}`);
  const key = find(context, reference);
  if (key !== undefined) return key;
  const arn = `arn:aws:kms:${reference.region}:${reference.account}:`;
  throw reference.name.startsWith('alias/')
    ? notFound(`Alias ${arn}${reference.name} is not found.`)
    : notFound(`Key '${arn}key/${reference.name}' does not exist`);
}

function find({ world }: Context, { account, region, name }: Reference): KeyRecord | undefined {
  if (!name.startsWith('alias/')) return world.find(account, region, 'kms.key', name);
  const target = world.find(account, region, 'kms.alias', name)?.TargetKeyId;
  return target === undefined ? undefined : world.find(account, region, 'kms.key', target);
}

function parse(context: Context, given: string): Reference | undefined {
  const arn = keyArn.exec(given);
  if (arn) return { region: arn[1] ?? '', account: arn[2] ?? '', name: arn[3] ?? arn[4] ?? '' };
  if (given.startsWith('arn:')) throw new AwsError('InvalidArnException', 400, `${given} is not a valid arn`);
  const own = { region: context.region, account: context.caller.account, name: given };
  return /^(alias\/.+|mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.test(given) ? own : undefined;
}

function notFound(message: string): AwsError {
  return new AwsError('NotFoundException', 400, message);
}

/** KMS does not tell whether another account's key exists. */
function notYours(context: Context): AwsError {
  const reason =
    'because the resource does not exist in this Region, no resource-based policies allow access, ' +
    'or a resource-based policy explicitly denies access';
  return fault(
    'kms',
    'denied',
    `User: ${context.caller.arn} is not authorized to perform this operation on this resource ${reason}`,
  );
}
