import { z } from 'zod';
import type { Missing } from '#model/attempt.js';
import { revokeGrants } from '#model/grant-removal.js';
import { defineRule } from '#model/rule.js';
import type { KeyGrant } from '#model/resources/index.js';
import { granteeOf, isServiceGrant } from '#policy/grants.js';
import { shownGrants } from '#policy/wording.js';

const dayMs = 86_400_000;
const noDate: Missing = {
  facet: 'kms.key/grants',
  operation: 'kms:ListGrants',
  action: 'kms:ListGrants',
  code: 'CreationDate',
  cause: 'absent-field',
};

export default defineRule({
  id: 'kms/grant-stale',
  kind: 'kms.key',
  severity: 'low',
  title: 'Grants of a key are in use: their grantees exist and they are not old',
  needs: ['metadata', 'grants'],
  premises: ['metadata'],
  options: z.strictObject({
    days: z.int().min(1).default(365).meta({ description: 'Age in days beyond which a grant is stale, service grants apart' }),
  }),
  docs: {
    why: 'Grants have no end: one that was made for a task lasts until somebody retires or revokes it. Old ones, and those of deleted users and roles, are access that nobody remembers.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html',
    waive: 'A grant for a workload that runs for years.',
  },
  messages: {
    fresh: 'No grant of the key is older than {days} days or belongs to a deleted user or role.',
    stale: '{stale} of {count} grants of the key are stale: {orphans} of deleted users or roles, {old} older than {days} days.',
  },
  states: [
    ['AWS managed key', 'not applicable'],
    ['DescribeKey or ListGrants could not be read to its end', 'unknown'],
    ['No grants', 'not applicable'],
    ['A grantee is a bare unique id: its user or role was deleted', 'fail'],
    ['A grant that is no service grant is older than the option days', 'fail'],
    ['AWS gave no CreationDate of a grant that is no service grant', 'unknown'],
    ['Service grants, and younger ones', 'pass'],
  ],
  remediation: (key) =>
    revokeGrants(key, 'Ask the owner of the grantee whether the grant is still needed, and revoke it if not.'),
  appliesTo: ({ metadata }) => metadata.manager === 'CUSTOMER' || 'AWS manages this key and its grants',
  evaluate: ({ grants }, { now, options: { days }, pass, fail, unknown, notApplicable }) => {
    if (grants.length === 0) return notApplicable('the key has no grants');
    const orphans = grants.filter((grant) => granteeOf(grant)?.kind === 'unique-id');
    const byPeople = grants.filter((grant) => !isServiceGrant(grant));
    const old = byPeople.filter(({ createdAt }) => createdAt !== null && now.getTime() - Date.parse(createdAt) > days * dayMs);
    const stale = [...new Set<KeyGrant>([...orphans, ...old])];
    if (stale.length > 0)
      return fail('stale', {
        data: { stale: stale.length, count: grants.length, orphans: orphans.length, old: old.length, days },
        expected: `grantees that exist, and no grant older than ${days} days`,
        actual: `${stale.length} stale`,
        evidence: {
          grants: stale
            .slice(0, shownGrants)
            .map(({ id, granteePrincipal, createdAt }) => ({ grant: id, granteePrincipal, createdAt })),
          inAll: stale.length,
        },
      });
    return byPeople.some(({ createdAt }) => createdAt === null) ? unknown([noDate]) : pass('fresh', { data: { days } });
  },
});
