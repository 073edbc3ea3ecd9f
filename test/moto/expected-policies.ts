import { DE, EU, US } from './cloud.js';
import { table, type Verdicts } from './expected-table.js';

const columns = [
  'kms/policy-trusted-accounts',
  'kms/policy-confused-deputy',
  'kms/policy-separation-of-duties',
  'kms/policy-lockout',
  'kms/policy-orphan-principal',
  'kms/policy-create-grant-scoped',
  'kms/grant-trusted',
  'kms/grant-redelegation',
  'kms/grant-stale',
  'kms/alias-present',
  'kms/key-spec-approved',
].join(' ');

const managed = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '- - - - - - - - - - -']));
/** A key with the policy that moto gives it, no grants and no alias. */
const plain = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, 'pass - - pass pass - - - - fail pass']));

/** moto leaves CreationDate out of its grants, so that their age is unknown. */
export const keyPoliciesOfA = table(columns, {
  ...plain('still', 'hmac', 'ecc', 'imported', 'disabled', 'disabled-eu', 'disabled-de', 'primary', 'replica'),
  ...managed(...[US, EU, DE].flatMap((region) => ['ebs', 'rds'].map((service) => `aws/${service} ${region}`))),
  app: '             pass -    -    pass pass -    -    -    -       pass pass',
  'app-eu': '        pass -    -    pass pass -    -    -    -       pass pass',
  rsa: '             pass -    -    pass pass -    -    -    -       fail fail',
  'deleting-used': ' pass -    -    pass pass -    -    -    -       -    pass',
  'deleting-unused': 'pass -   -    pass pass -    -    -    -       -    pass',
  public: '          pass -    pass pass pass fail -    -    -       fail pass',
  'public-to-read': 'pass -    pass pass pass -    -    -    -       fail pass',
  'bound-to-caller': 'pass -   -    pass pass fail -    -    -       fail pass',
  'lent-to-b': '     fail -    pass pass pass -    -    -    -       fail pass',
  'one-role': '      pass -    fail pass pass fail -    -    -       fail pass',
  'for-any-topic': ' pass fail pass pass pass -    -    -    -       fail pass',
  locked: '          pass -    pass fail fail fail -    -    -       fail pass',
  granted: '         pass -    -    pass pass -    pass fail unknown fail pass',
  'granted-to-b': '  pass -    -    pass pass -    fail pass unknown fail pass',
});

/** With both accounts in the scope each trusts the other. */
export const keyPoliciesOfBoth: Verdicts = {
  ...table(columns, { ...plain('b-shared', 'b-still'), ...managed(`b-aws/rds ${US}`) }),
  'lent-to-b kms/policy-trusted-accounts': 'pass',
  'granted-to-b kms/grant-trusted': 'pass',
};

export const keyPoliciesInWest = table(columns, plain('west'));

/** Whether a key admits an account is a question only where the key is another account's. */
export function admissions(verdicts: Verdicts): Verdicts {
  return Object.fromEntries(
    Object.entries(verdicts)
      .filter(([id]) => id.endsWith(' key/exists'))
      .map(([id, verdict]) => [
        id.replace('key/exists', 'key/admits-account'),
        verdict === 'unknown' ? 'unknown' : 'not-applicable',
      ]),
  );
}
