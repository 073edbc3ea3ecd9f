import { fault } from './errors.js';
import type { ServiceName } from './errors.js';
import type { Identity } from './identity.js';
import type { Pager } from './paging.js';
import type { World } from './world/world.js';

export type Fields = Record<string, unknown>;

/** What an operation sees of a call. Parameters have the SDK's names in every protocol. */
export interface Context {
  readonly world: World;
  readonly caller: Identity;
  readonly service: ServiceName;
  readonly region: string;
  readonly params: Fields;
  /** What was sent, where it is no parameters: the content of an object. */
  readonly body: Buffer;
  readonly now: Date;
  readonly pager: Pager;
}

/** One operation: answers with an object in the shape of the SDK's output, or throws an AwsError. */
export interface Operation {
  run(context: Context): Fields;
  /** The id of the resource the call names, for faults, denials and the log. */
  resource?(context: Context): string | undefined;
  /** Its ARN, for the text of a refusal. */
  arn?(context: Context): string | undefined;
  /** The account that the resource belongs to, where it is not the one its ARN names. */
  owner?(context: Context): string | undefined;
  /** Answered whatever the identity policies say. */
  free?: true;
  /** The IAM action, where it is not `service:Operation`. */
  action?: string | ((context: Context) => string);
}

export function text(params: Fields, name: string): string | undefined {
  const value = params[name];
  return typeof value === 'string' ? value : undefined;
}

export function required(context: Context, name: string): string {
  const value = text(context.params, name);
  if (value === undefined || value === '') {
    throw fault(context.service, 'badParameter', `The request must contain the parameter ${name}`);
  }
  return value;
}

export function texts(params: Fields, name: string): readonly string[] | undefined {
  const value = params[name];
  return Array.isArray(value) ? value.map(String) : undefined;
}

export function whole(params: Fields, name: string): number | undefined {
  const value = params[name];
  return value === undefined ? undefined : Number(value);
}

/** A record without the estate's own fields, which start with a lower-case letter. */
export function wire(record: object): Fields {
  const fields: Fields = {};
  for (const name in record) if (name < 'a') fields[name] = (record as Fields)[name];
  return fields;
}
