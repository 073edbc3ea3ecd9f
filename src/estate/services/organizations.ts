import { AwsError, fault } from '../errors.js';
import { required, whole } from '../operation.js';
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

/** The management account's id, for a caller who may list the organization. */
function listed(context: Context): string {
  const { world, caller } = context;
  member(context);
  const management = managementAccount(world);
  if (caller.account !== management && !world.account(caller.account).delegatedAdministrator)
    throw fault('organizations', 'denied', "You don't have permissions to access this resource.");
  return management;
}

/** Twenty at most. */
function page<T>(context: Context, items: readonly T[]): { items: T[]; next?: { NextToken: string } } {
  const limit = whole(context.params, 'MaxResults') ?? 20;
  if (limit < 1 || limit > 20) throw fault('organizations', 'badParameter');
  const { items: some, next } = context.pager.take(fromArray(items), limit);
  return { items: some, ...(next !== undefined && { next: { NextToken: next } }) };
}

function listAccounts(context: Context): Fields {
  const { world } = context;
  const management = listed(context);
  const { items, next } = page(context, world.accounts());
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
  return { Accounts, ...next };
}

/** Root and units on the way to an account, outermost first. */
function unitsAbove(world: World, account: string): string[] {
  return world
    .account(account)
    .path.split('/')
    .filter((part) => /^(r|ou)-/.test(part));
}

/** Each unit with the one it lies in. */
function tree(world: World): Map<string, string | undefined> {
  const parents = new Map<string, string | undefined>();
  for (const account of world.accounts()) {
    const units = unitsAbove(world, account);
    units.forEach((unit, depth) => parents.set(unit, units[depth - 1]));
  }
  return parents;
}

function nameOf(world: World, unit: string): string {
  return world.unitNames.get(unit) ?? (unit.startsWith('r-') ? 'Root' : `Unit ${unit}`);
}

function listRoots(context: Context): Fields {
  const { world } = context;
  listed(context);
  const roots = [...tree(world)].flatMap(([Id, parent]) => (parent === undefined ? [Id] : []));
  const { items, next } = page(context, roots);
  return { Roots: items.map((Id) => ({ Id, Name: nameOf(world, Id), PolicyTypes: [] })), ...next };
}

function listUnits(context: Context): Fields {
  const { world } = context;
  listed(context);
  const parents = tree(world);
  const ParentId = required(context, 'ParentId');
  if (!parents.has(ParentId)) throw new AwsError('ParentNotFoundException', 400, `There is no parent ${ParentId}.`);
  const { items, next } = page(
    context,
    [...parents].flatMap(([Id, parent]) => (parent === ParentId ? [Id] : [])),
  );
  return { OrganizationalUnits: items.map((Id) => ({ Id, Name: nameOf(world, Id) })), ...next };
}

function listParents(context: Context): Fields {
  const { world } = context;
  listed(context);
  const Id = unitsAbove(world, childAccount(context)).at(-1) ?? '';
  return { Parents: [{ Id, Type: Id.startsWith('r-') ? 'ROOT' : 'ORGANIZATIONAL_UNIT' }] };
}

function childAccount(context: Context): string {
  const id = required(context, 'ChildId');
  if (!context.world.accounts().includes(id)) throw new AwsError('ChildNotFoundException', 400, `There is no child ${id}.`);
  return id;
}

function listTags(context: Context): Fields {
  const { world } = context;
  listed(context);
  const id = required(context, 'ResourceId');
  if (!world.accounts().includes(id)) throw new AwsError('TargetNotFoundException', 400, `There is no target ${id}.`);
  const { items, next } = page(context, Object.entries(world.account(id).tags));
  return { Tags: items.map(([Key, Value]) => ({ Key, Value })), ...next };
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
  ListRoots: { run: listRoots },
  ListOrganizationalUnitsForParent: { run: listUnits },
  ListParents: { run: listParents },
  ListTagsForResource: { run: listTags },
  DescribeOrganization: { run: describeOrganization },
};
