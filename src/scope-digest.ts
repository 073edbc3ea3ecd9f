import { createHash } from 'node:crypto';
import { services } from '#model/place.js';
import type { Scope } from '#scope/scope.js';
import type { RunRequest } from './run-plan.js';
import { scopeRequest } from './scope-request.js';

/**
 * Digest of what is asked to be scanned. Not of what is found there: an organisation whose accounts come and go is the same
 * scope, and so is one whose rules or baselines change.
 */
export function scopeDigest(request: RunRequest, { partition, caller }: Pick<Scope, 'partition' | 'caller'>): string {
  const { organization, accounts, regions, excludeRegions } = scopeRequest(request);
  const named = accounts.map(({ id }) => id);
  const asked = {
    partition,
    // Of an organisation too: the account of the caller is known even where the organisation cannot be described.
    caller: organization === null && named.length > 0 ? null : caller.account,
    organization: organization && {
      include: sorted(organization.include.map(choiceText)),
      exclude: sorted(organization.exclude.map(choiceText)),
      only: sorted(organization.only),
    },
    accounts: sorted(named),
    regions: sorted(regions),
    excludeRegions: sorted(excludeRegions),
    services: sorted(request.services.length > 0 ? request.services : services),
  };
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}

function choiceText(choice: unknown): string {
  return JSON.stringify(choice);
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
