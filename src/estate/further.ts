import { matches } from './match.js';
import type { DenyReason } from './match.js';
import type { Context } from './operation.js';
import { refusedBy } from './permissions.js';
import { ORGANIZATION } from './services/organizations.js';

/** Why the caller's identity policies refuse an action; undefined: they allow it, or there are none. */
export function refusedByPolicies(
  { world, caller }: Context,
  asked: { readonly action: string; readonly arn: string; readonly owner?: string | undefined },
): DenyReason | undefined {
  const { policies } = world.account(caller.account);
  if (policies === undefined) return undefined;
  const owner = asked.owner ?? (asked.arn.split(':')[4] || caller.account);
  const organization = (account: string) => (world.accounts().includes(account) ? ORGANIZATION : undefined);
  return refusedBy(policies, {
    action: asked.action,
    resource: asked.arn,
    facts: {
      'aws:PrincipalAccount': caller.account,
      'aws:PrincipalOrgID': organization(caller.account),
      'aws:ResourceAccount': owner,
      'aws:ResourceOrgID': organization(owner),
    },
  });
}

/** Why the caller may not do what a call asks for besides its own operation: to use a key, to set a retention. */
export function refusedFurther(
  context: Context,
  asked: { readonly action: string; readonly arn: string; readonly resource: string; readonly region?: string },
): DenyReason | undefined {
  const { world, caller, region } = context;
  const target = {
    account: caller.account,
    region: asked.region ?? region,
    operation: asked.action,
    resource: asked.resource,
    page: 1,
  };
  const denial = world.denials.find((rule) => matches(rule, target));
  return denial === undefined ? refusedByPolicies(context, asked) : (denial.reason ?? 'identity-policy');
}
