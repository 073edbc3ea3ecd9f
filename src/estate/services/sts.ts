import { AwsError, denied, fault } from '../errors.js';
import { roleId, sessionCredentials } from '../identity.js';
import { required, text, whole } from '../operation.js';
import type { Context, Fields, Operation } from '../operation.js';
import type { Role } from '../world/account.js';

function getCallerIdentity({ caller }: Context): Fields {
  return { UserId: caller.userId, Account: caller.account, Arn: caller.arn };
}

function assumeRole(context: Context): Fields {
  const { world, params, now } = context;
  const arn = required(context, 'RoleArn');
  const name = required(context, 'RoleSessionName');
  const [, account = '', path = ''] = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(.+)$/.exec(arn) ?? [];
  if (account === '') throw fault('sts', 'badParameter', `${arn} is invalid`);
  const role = world.has(account) ? world.account(account).roles.get(path.split('/').at(-1) ?? '') : undefined;
  if (role === undefined || !trusts(context, role)) {
    throw denied('sts', { arn: context.caller.arn, action: 'sts:AssumeRole', resource: arn, reason: 'resource-policy' });
  }
  const seconds = role.sessionSeconds ?? duration(context);
  const expires = now.getTime() + seconds * 1000;
  const session = sessionCredentials(world, { account, role: role.name, name, expires });
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: new Date(expires),
    },
    AssumedRoleUser: {
      AssumedRoleId: `${roleId({ account, role: role.name })}:${name}`,
      Arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${name}`,
    },
    ...(text(params, 'Policy') !== undefined && { PackedPolicySize: 10 }),
  };
}

function trusts({ world, caller, params }: Context, role: Role): boolean {
  const trusted = role.trusts ?? world.accounts();
  const idFits = role.externalId === undefined || role.externalId === text(params, 'ExternalId');
  return role.assumable !== false && trusted.includes(caller.account) && idFits;
}

/** A role that was itself reached through a role gets an hour at most. */
function duration({ params, caller }: Context): number {
  const seconds = whole(params, 'DurationSeconds') ?? 3600;
  if (seconds < 900 || seconds > 43_200) {
    throw fault('sts', 'badParameter', 'DurationSeconds must be between 900 and 43200');
  }
  if (caller.session !== undefined && seconds > 3600) {
    throw new AwsError(
      'ValidationError',
      400,
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  return seconds;
}

export const sts: Record<string, Operation> = {
  // AWS answers it even where a policy denies it.
  GetCallerIdentity: { run: getCallerIdentity, free: true },
  AssumeRole: {
    run: assumeRole,
    resource: ({ params }) => text(params, 'RoleArn'),
    arn: ({ params }) => text(params, 'RoleArn'),
  },
};
