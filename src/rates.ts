import { facetCalls, registryOf } from '#collect/registry.js';
import type { Locate } from '#config/checked-yaml.js';
import type { Config } from '#config/schema.js';
import { AtrestError } from '#model/errors.js';
import type { Catalogue } from '#model/framework.js';
import { matchesGlob } from '#model/glob.js';
import { nearest } from '#model/nearest.js';

/** Operations that find out about accounts and regions, before there are facets to read. */
const scopeOperations = [
  'account:ListRegions',
  'ec2:DescribeRegions',
  'organizations:DescribeOrganization',
  'organizations:ListAccounts',
  'organizations:ListTagsForResource',
  'sts:AssumeRole',
  'sts:GetCallerIdentity',
];

/** Refuses a rate of an operation that no scan makes: it would hold nothing back. Throws a config error with its place. */
export function checkRates({ facets }: Catalogue, { rates = {} }: Config, locate: Locate): void {
  const calls = [...facetCalls(registryOf(facets)).values()].flat().map(({ operation }) => operation);
  const known = [...new Set([...calls, ...scopeOperations])].sort();
  for (const pattern of Object.keys(rates)) {
    if (known.some((operation) => matchesGlob(pattern, operation))) continue;
    const close = nearest(pattern, known);
    throw new AtrestError('config', `${locate(['rates'], pattern)}: no scan calls ${pattern}`, {
      hint: close === undefined ? undefined : `Did you mean ${close}?`,
    });
  }
}
