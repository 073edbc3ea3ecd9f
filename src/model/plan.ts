import { z } from 'zod';
import { AccountRow, Missing } from './report.js';

/** The documents that `atrest plan` prints as JSON. */
export const planSchemaVersion = '1.0';

const count = z.int().nonnegative();
const header = {
  schemaVersion: z.literal(planSchemaVersion),
  tool: z.object({ name: z.literal('atrest'), version: z.string() }),
};
const Account = AccountRow.omit({ governedBy: true });
const accountRow = Account.extend({ baseline: z.string(), regions: z.array(z.string()) });
const seconds = z.number().nonnegative();

const Estimate = z.enum(['not-read', 'not-listed', 'incomplete']).meta({
  description:
    'Why a count is an estimate. not-read: something that decides it was not read before, so the call is counted for every resource that it may be made for; not-listed: nothing is known of the place, so it counts as empty; incomplete: something could not be read',
});
export type Estimate = z.infer<typeof Estimate>;

const PlanFacet = z.object({
  facet: z.string().meta({ description: 'KIND/FACET; KIND/* is the listing of the kind' }),
  asked: z
    .enum(['page', 'region', 'resource', 'item', 'follow-up'])
    .meta({ description: 'For what a call is made; follow-up: for a key, once all else is known' }),
  operations: z.array(z.string()),
  rules: z.array(z.string()).meta({ description: 'Rules that want it' }),
});
export type PlanFacet = z.infer<typeof PlanFacet>;

const PlanOperation = z.object({
  operation: z.string(),
  action: z.string().nullable().meta({ description: 'The IAM action that it needs; null: none' }),
  calls: count,
  estimate: z.boolean().meta({ description: 'Whether some of the calls are an estimate' }),
  quota: z
    .object({ rate: z.number(), burst: z.number(), published: z.boolean() })
    .meta({ description: 'Calls a second and at once that a scan keeps to, in one account and region' }),
  facets: z.array(z.string()),
  rules: z.array(z.string()).meta({ description: 'Rules because of which it is called; none: every scan calls it' }),
});
export type PlanOperation = z.infer<typeof PlanOperation>;

export const Plan = z
  .object({
    ...header,
    basis: z.object({
      kind: z.enum(['run', 'listing']),
      run: z.string().nullable().meta({ description: 'Id of the earlier run' }),
      calls: count.meta({ description: 'Calls that were made for this plan' }),
    }),
    complete: z
      .boolean()
      .meta({ description: 'False: an account could not be entered, or something that decides the counts could not be read' }),
    scope: z.object({ accounts: z.array(accountRow), regions: z.array(z.string()) }),
    rules: z.array(z.string()).meta({ description: 'Rules that are on and have something to judge' }),
    resources: count.meta({ description: 'Resources that the basis holds' }),
    calls: z.array(
      z.object({ account: z.string(), region: z.string(), operation: z.string(), calls: count, estimate: Estimate.nullable() }),
    ),
    operations: z.array(PlanOperation),
    facets: z.array(PlanFacet),
    time: z
      .object({
        seconds,
        boundBy: z.string().meta({ description: 'The term that is longest' }),
        terms: z.array(z.object({ term: z.enum(['quota', 'paging', 'CPU', 'max-rps']), seconds, at: z.string() })),
        latencyMs: z.number().meta({ description: 'Assumed time of an answer' }),
      })
      .meta({ description: 'The least time that a scan takes' }),
    cost: z
      .object({
        usd: z.number().nonnegative(),
        lines: z.array(z.object({ what: z.string(), calls: count, usdPer1000: z.number(), usd: z.number(), source: z.string() })),
      })
      .meta({ description: 'What AWS charges for the calls, at list prices of US East (N. Virginia) without free tiers' }),
    disk: z.object({ bytes: count, atLeast: z.boolean() }).meta({ description: 'Size of the inventory in the run folder' }),
  })
  .meta({ title: 'atrest plan', description: 'The calls that a scan would make, and the least that they take' });
export type Plan = z.infer<typeof Plan>;

const Denied = z.object({
  operation: z.string(),
  action: z.string(),
  regions: z.array(z.string()),
  code: z.string(),
  deniedBy: z
    .enum(['identity-policy', 'resource-policy', 'service-control-policy'])
    .nullable()
    .meta({ description: 'As far as the answer says' }),
  explicit: z.boolean().meta({ description: 'A policy says Deny: an Allow elsewhere does not help' }),
  rules: z.array(z.string()).meta({ description: 'Rules that need it' }),
});

const PreflightAccount = Account.extend({
  regions: z.array(z.string()).meta({ description: 'Regions in which the operations were tried' }),
  tried: count.meta({ description: 'Operations that AWS answered or denied, in all regions' }),
  gap: Missing.nullable().meta({ description: 'What kept the account from being entered' }),
  denied: z.array(Denied),
  unclear: z
    .array(z.object({ operation: z.string(), region: z.string(), code: z.string(), message: z.string() }))
    .meta({ description: 'Neither answered nor denied' }),
  notTried: z.array(z.object({ operation: z.string(), region: z.string(), why: z.string() })),
  statement: z
    .object({ Effect: z.literal('Allow'), Action: z.array(z.string()), Resource: z.literal('*') })
    .nullable()
    .meta({ description: 'What to add to the IAM policy of the role; null: nothing that would help' }),
});
export type PreflightAccount = z.infer<typeof PreflightAccount>;

export const Preflight = z
  .object({
    ...header,
    caller: z.string().meta({ description: 'ARN of the caller' }),
    missing: z.boolean().meta({ description: 'Some account cannot be entered for lack of a permission, or denies an operation' }),
    complete: z.boolean().meta({ description: 'False: something could be neither confirmed nor denied' }),
    accounts: z.array(PreflightAccount),
  })
  .meta({ title: 'atrest preflight', description: 'Permissions that a scan would lack, by account' });
export type Preflight = z.infer<typeof Preflight>;
