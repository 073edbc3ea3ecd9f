import { revokeGrants } from '#model/grant-removal.js';
import { defineRule } from '#model/rule.js';
import { granteeOf, isRedelegable } from '#policy/grants.js';
import { describePrincipal } from '#policy/principals.js';
import { listNames, shownGrants } from '#policy/wording.js';

export default defineRule({
  id: 'kms/grant-redelegation',
  kind: 'kms.key',
  severity: 'medium',
  title: 'No grant lets its grantee pass the use of the key on without limits',
  needs: ['metadata', 'grants'],
  premises: ['metadata'],
  docs: {
    why: 'A grantee that may create grants itself can let in any identity of any account, and so on from there. A constraint on the encryption context or the source goes along with every such grant and keeps it narrow.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html',
    waive: 'A broker that hands out grants for short tasks, if what it does is watched.',
  },
  messages: {
    none: 'No grant of the key can be passed on without a constraint.',
    open: '{open} of {count} grants of the key hold CreateGrant beside decryption and have no constraint. Grantees: {grantees}.',
  },
  states: [
    ['AWS managed key', 'not applicable'],
    ['DescribeKey or ListGrants could not be read to its end', 'unknown'],
    ['No grants', 'not applicable'],
    [
      'A grant of CreateGrant and one of Decrypt, ReEncryptFrom, GenerateDataKey, DeriveSharedSecret, Decapsulate, without a constraint on encryption context or source, that is no service grant',
      'fail',
    ],
    ['No such grant', 'pass'],
  ],
  remediation: (key) =>
    revokeGrants(key, 'Make the grant anew without CreateGrant, or with a constraint, and revoke the old one.'),
  appliesTo: ({ metadata }) => metadata.manager === 'CUSTOMER' || 'AWS manages this key and its grants',
  evaluate: ({ grants }, { pass, fail, notApplicable }) => {
    if (grants.length === 0) return notApplicable('the key has no grants');
    const open = grants.filter(isRedelegable);
    if (open.length === 0) return pass('none');
    const shown = open.map((grant) => {
      const grantee = granteeOf(grant);
      return { grant: grant.id, grantee: grantee === null ? 'none' : describePrincipal(grantee), operations: grant.operations };
    });
    return fail('open', {
      data: {
        open: open.length,
        count: grants.length,
        grantees: listNames(
          shown.map(({ grantee }) => grantee),
          'grantees',
        ),
      },
      expected: 'no CreateGrant, or a constraint',
      actual: 'CreateGrant without a constraint',
      evidence: { grants: shown.slice(0, shownGrants), inAll: open.length },
    });
  },
});
