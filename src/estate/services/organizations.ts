import { AwsError, fault } from '../errors.js';
import { whole } from '../operation.js';
import type { Context, Fields, Operation } from '../operation.js';
import { fromArray } from '../paging.js';
import type { World } from '../world/world.js';

export const ORGANIZATION = 'o-estate00000';

/** The account that says so, else the first of the organization. */
function managementAccount(world: World): string {
  const members = world.accounts();
  return members.find((id) => world.account(id).management) ?? members[0] ?? '';
}

function member(context: Context): void {
  if (!context.world.accounts().includes(context.caller.account)) {
    throw new AwsError('AWSOrganizationsNotInUseException', 400, 'Your account is not a member of an organization.');
  }
}

function listAccounts(context: Context): Fields {
  const { world, caller, params } = context;
  member(context);
  const management = managementAccount(world);
  if (caller.account !== management)
    throw fault('organizations', 'denied', "You don't have permissions to access this resource.");
  const limit = whole(params, 'MaxResults') ?? 20;
  if (limit < 1 || limit > 20) throw fault('organizations', 'badParameter');
  const { items, next } = context.pager.take(fromArray(world.accounts()), limit);
  const Accounts = items.map((Id) => {
    const { name, state, path, joined } = world.account(Id);
    return {
      Id,
      Arn: `arn:aws:organizations::${management}:account/${ORGANIZATION}/${Id}`,
      Email: `${name}@example.com`,
      Name: name,
      State: state,
      Paths: [path],
      JoinedMethod: Id === management ? 'INVITED' : 'CREATED',
      JoinedTimestamp: joined,
    };
  });
  return { Accounts, ...(next !== undefined && { NextToken: next }) };
}

function describeOrganization(context: Context): Fields {
  member(context);
  const management = managementAccount(context.world);
  return {
    Organization: {
      Id: ORGANIZATION,
      Arn: `arn:aws:organizations::${management}:organization/${ORGANIZATION}`,
      FeatureSet: 'ALL',
      MasterAccountId: management,
      MasterAccountArn: `arn:aws:organizations::${management}:account/${ORGANIZATION}/${management}`,
      MasterAccountEmail: `${context.world.account(management).name}@example.com`,
    },
  };
}

export const organizations: Record<string, Operation> = {
  ListAccounts: { run: listAccounts },
  DescribeOrganization: { run: describeOrganization },
};
