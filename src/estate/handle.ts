import { AwsError, denied, fault } from './errors.js';
import type { FaultRule } from './faults.js';
import { refusedByPolicies } from './further.js';
import { identify } from './identity.js';
import type { Identity } from './identity.js';
import { matches } from './match.js';
import type { Target } from './match.js';
import { text } from './operation.js';
import type { Context, Fields, Operation } from './operation.js';
import { Pager } from './paging.js';
import type { Quotas } from './quotas.js';
import { operationOf } from './services/index.js';
import type { Request } from './wire/request.js';
import type { World } from './world/world.js';

/** What answering a call takes besides the call. */
export interface Surroundings {
  world: World;
  now: Date;
  quotas: Quotas | undefined;
  strike(target: Target): FaultRule[];
}

/** What became of a call: what the log says of it, and the answer or error. */
export interface Outcome {
  target: Target;
  faults: readonly FaultRule[];
  answer: Fields | AwsError;
}

/** Runs a call through credentials, region, faults, quotas and permissions, in the order AWS would complain. */
export function handle(request: Request, surroundings: Surroundings): Outcome {
  const target: Target = {
    account: '',
    region: request.signature?.region ?? '',
    operation: `${request.service}:${request.operation}`,
    page: 1,
  };
  let faults: readonly FaultRule[] = [];
  try {
    const caller = authenticate(request, surroundings);
    target.account = caller.account;
    const operation = operationOf(request.service, request.operation);
    if (operation === undefined) throw unknown(request);
    const open = enabled(request, caller, surroundings.world);
    const context = open ? contextOf(request, caller, surroundings) : undefined;
    target.page = context?.pager.page ?? 1;
    target.resource = context && operation.resource?.(context);
    faults = surroundings.strike(target);
    if (context === undefined) throw fault(request.service, 'regionOff');
    return { target, faults, answer: answer(request, operation, context, target, faults, surroundings) };
  } catch (error) {
    if (error instanceof AwsError) return { target, faults, answer: error };
    throw error;
  }
}

function answer(
  { service, operation: name }: Request,
  operation: Operation,
  context: Context,
  target: Target,
  faults: readonly FaultRule[],
  { world, quotas }: Surroundings,
): Fields {
  for (const rule of faults) raise(rule, operation, context, name);
  const where = `${target.account}/${target.region}`;
  if (quotas?.take(where, service, name, context.params) === false) throw fault(service, 'throttled');
  const denial = world.denials.find((rule) => matches(rule, target));
  if (denial !== undefined) throw refusal(operation, context, name, denial.reason);
  const asked = {
    action: actionOf(operation, context, name),
    arn: operation.arn?.(context) ?? '*',
    owner: operation.owner?.(context),
  };
  const reason = operation.free === true ? undefined : refusedByPolicies(context, asked);
  if (reason !== undefined) throw refusal(operation, context, name, reason);
  context.pager.repeat = faults.some((rule) => rule.kind === 'repeatedToken');
  context.pager.empty = faults.some((rule) => rule.kind === 'emptyPage');
  const output = operation.run(context);
  const bent = faults.filter(({ kind }) => kind === 'dropField' || kind === 'setField');
  return bent.length === 0 ? output : (bend(output, new Map(bent.map(({ field = '', value }) => [field, value]))) as Fields);
}

/** Faults that are error answers; those of the wire are the server's business. */
function raise(rule: FaultRule, operation: Operation, context: Context, name: string): void {
  const { service } = context;
  switch (rule.kind) {
    case 'deny':
      throw refusal(operation, context, name, rule.reason);
    case 'throttle':
      throw fault(service, 'throttled');
    case 'http500':
      throw fault(service, 'internal');
    case 'http503':
      throw fault(service, 'unavailable');
    case 'notEnabled':
      throw fault(service, 'regionOff');
    case 'expiredToken':
      throw fault(service, 'expired');
    default:
  }
}

function refusal(operation: Operation, context: Context, name: string, reason: FaultRule['reason']): AwsError {
  const { service, caller } = context;
  const action = actionOf(operation, context, name);
  return denied(service, { arn: caller.arn, action, resource: operation.arn?.(context), reason });
}

function actionOf({ action }: Operation, context: Context, name: string): string {
  const named = action ?? `${context.service}:${name}`;
  return typeof named === 'string' ? named : named(context);
}

function authenticate({ service, signature, sessionToken }: Request, { world, now }: Surroundings): Identity {
  if (signature === undefined) throw fault(service, 'noCredentials');
  const caller = identify(world, signature.accessKeyId, sessionToken);
  if (caller === undefined) throw fault(service, 'badCredentials');
  if (caller.session !== undefined && caller.session.expires <= now.getTime()) throw fault(service, 'expired');
  return caller;
}

/** Organizations and Account are global: their signing region says nothing about the caller's regions. */
function enabled({ service, signature }: Request, { account }: Identity, world: World): boolean {
  if (service === 'organizations' || service === 'account') return true;
  return world.account(account).regions.has(signature?.region ?? '');
}

function contextOf(request: Request, caller: Identity, { world, now }: Surroundings): Context {
  const { service, params, body } = request;
  const region = request.signature?.region ?? '';
  const token = text(params, 'NextToken') ?? text(params, 'Marker') ?? text(params, 'ContinuationToken');
  const scope = `${world.seed}/${caller.account}/${region}/${service}:${request.operation}`;
  return { world, caller, service, region, params, body, now, pager: new Pager(service, scope, token) };
}

function unknown({ service, operation }: Request): AwsError {
  return fault(service, 'unknownOperation', `The estate does not simulate ${service}:${operation}.`);
}

/** Fields get another value, and go where there is none. */
function bend(value: unknown, fields: ReadonlyMap<string, string | undefined>): unknown {
  if (Array.isArray(value)) return value.map((item) => bend(item, fields));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const bent = Object.entries(value).map(([name, inner]) => [name, fields.has(name) ? fields.get(name) : bend(inner, fields)]);
  return Object.fromEntries(bent.filter(([, inner]) => inner !== undefined));
}
