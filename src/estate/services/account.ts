import { fault } from '../errors.js';
import { text, texts, whole } from '../operation.js';
import type { Context, Fields, Operation } from '../operation.js';
import { fromArray } from '../paging.js';
import { catalogueOf, needsOptIn } from '../world/regions.js';

function listRegions(context: Context): Fields {
  const { world, caller, params } = context;
  const account = text(params, 'AccountId') ?? caller.account;
  if (!world.accounts().includes(account)) throw fault('account', 'denied', `No access to account ${account}`);
  const enabled = new Set(world.regions(account));
  const wanted = texts(params, 'RegionOptStatusContains');
  const regions = [...new Set([...catalogueOf(world), ...enabled])]
    .sort()
    .map((RegionName) => ({ RegionName, RegionOptStatus: status(RegionName, enabled.has(RegionName)) }))
    .filter(({ RegionOptStatus }) => wanted === undefined || wanted.includes(RegionOptStatus));
  const { items, next } = context.pager.take(fromArray(regions), Math.min(50, whole(params, 'MaxResults') ?? 20));
  return { Regions: items, ...(next !== undefined && { NextToken: next }) };
}

function status(region: string, enabled: boolean): string {
  if (!enabled) return 'DISABLED';
  return needsOptIn(region) ? 'ENABLED' : 'ENABLED_BY_DEFAULT';
}

export const account: Record<string, Operation> = { ListRegions: { run: listRegions } };
