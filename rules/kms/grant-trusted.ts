import type { Attempt } from '#model/attempt.js';
import { revokeGrants } from '#model/grant-removal.js';
import { defineRule } from '#model/rule.js';
import { trustMissing } from '#model/trust.js';
import { grantAccounts } from '#policy/grants.js';
import { listNames, shownGrants } from '#policy/wording.js';

export default defineRule({
  id: 'kms/grant-trusted',
  kind: 'kms.key',
  severity: 'high',
  title: 'Grants of a key name trusted accounts only',
  needs: ['metadata', 'grants'],
  premises: ['metadata'],
  docs: {
    why: 'A grant lets its grantee use the key beside the key policy, and shows in no policy. A grant to another account is a door that nobody sees who reads policies only.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/grants.html',
    waive:
      'A partner or vendor that is meant to use the key: better name its account under trustedAccounts, which every rule respects.',
  },
  messages: {
    trusted: 'No grant of the key names another account than {trusted}.',
    untrusted: '{untrusted} of {count} grants of the key name accounts that are not trusted: {accounts}. Trusted are {trusted}.',
  },
  states: [
    ['AWS managed key', 'not applicable'],
    ['DescribeKey or ListGrants could not be read to its end', 'unknown'],
    ['No grants', 'not applicable'],
    ['The account of the grantee of any grant is not trusted', 'fail'],
    ['The account of the retiring principal, or the one that issued it, is not trusted, and it is no service grant', 'fail'],
    ['Whether one of these accounts is trusted could not be read', 'unknown'],
    ['All of them are trusted; services and bare unique ids name no account', 'pass'],
  ],
  remediation: (key) => revokeGrants(key, 'Revoke the grant, or add its account to trustedAccounts if it is meant to be there.'),
  appliesTo: ({ metadata }) => metadata.manager === 'CUSTOMER' || 'AWS manages this key and its grants',
  evaluate: ({ grants }, { pass, fail, unknown, notApplicable, trusts, trusted }) => {
    if (grants.length === 0) return notApplicable('the key has no grants');
    const named = grants.flatMap((grant) => grantAccounts(grant).map(({ account, as }) => ({ grant: grant.id, account, as })));
    const accounts = [...new Set(named.map(({ account }) => account))].sort();
    const parties = accounts.map((id) => ({ kind: 'account', id }) as const);
    const untrusted = new Set(parties.filter((party) => isUntrusted(trusts(party))).map(({ id }) => id));
    if (untrusted.size === 0) {
      const missing = trustMissing(parties, trusts);
      return missing.length > 0 ? unknown(missing) : pass('trusted', { data: { trusted } });
    }
    const foreign = named.filter(({ account }) => untrusted.has(account));
    const names = listNames([...untrusted], 'accounts');
    return fail('untrusted', {
      data: { untrusted: new Set(foreign.map(({ grant }) => grant)).size, count: grants.length, accounts: names, trusted },
      expected: 'trusted accounts only',
      actual: names,
      evidence: { grants: foreign.slice(0, shownGrants), inAll: foreign.length },
    });
  },
});

function isUntrusted(trusted: Attempt<boolean>): boolean {
  return trusted.known && !trusted.value;
}
