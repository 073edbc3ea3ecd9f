import { hashText, hex8 } from './world/hash.js';
import type { World } from './world/world.js';

/** Who calls. The account is written in the access key id, so the estate needs no table of credentials. */
export interface Identity {
  account: string;
  arn: string;
  userId: string;
  /** Present for the session of an assumed role. */
  session?: Session;
}

interface Session {
  account: string;
  role: string;
  name: string;
  expires: number;
}

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

const SUFFIX = 'ATRS';

export function credentialsFor(account: string): Credentials {
  const accessKeyId = `AKIA${account}${SUFFIX}`;
  return { accessKeyId, secretAccessKey: secretOf(accessKeyId) };
}

/** Session credentials. The token says all there is to say, signed by a hash, so nothing has to be remembered. */
export function sessionCredentials(world: World, session: Session): Credentials & { sessionToken: string } {
  const body = Buffer.from(JSON.stringify(session)).toString('base64url');
  const check = hex8(hashText(body, world.seed));
  const accessKeyId = `ASIA${session.account}${check.slice(0, 4).toUpperCase()}`;
  return { accessKeyId, secretAccessKey: secretOf(accessKeyId), sessionToken: `${body}.${check}` };
}

/** Undefined for a key the estate did not give out; expiry is left to the caller, who knows the time. */
export function identify(world: World, accessKeyId: string, token: string | undefined): Identity | undefined {
  const account = /^A[KS]IA(\d{12})[0-9A-Z]{4}$/.exec(accessKeyId)?.[1];
  if (account === undefined || !world.has(account)) return undefined;
  if (accessKeyId.startsWith('ASIA')) return sessionIdentity(world, accessKeyId, token);
  if (accessKeyId !== credentialsFor(account).accessKeyId) return undefined;
  return { account, arn: `arn:aws:iam::${account}:user/estate`, userId: `AIDA${account}USER` };
}

function sessionIdentity(world: World, accessKeyId: string, token = ''): Identity | undefined {
  const [body = '', check] = token.split('.');
  if (check !== hex8(hashText(body, world.seed))) return undefined;
  const session = JSON.parse(Buffer.from(body, 'base64url').toString()) as Session;
  if (!accessKeyId.startsWith(`ASIA${session.account}`)) return undefined;
  const arn = `arn:aws:sts::${session.account}:assumed-role/${session.role}/${session.name}`;
  return { account: session.account, arn, userId: `${roleId(session)}:${session.name}`, session };
}

export function roleId(role: { account: string; role: string }): string {
  return `AROA${hex8(hashText(`${role.account}/${role.role}`)).toUpperCase()}ESTATE00`;
}

function secretOf(accessKeyId: string): string {
  return [0, 1, 2, 3, 4].map((i) => hex8(hashText(accessKeyId, i))).join('');
}
