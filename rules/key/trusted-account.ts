import { underAnotherKey } from '#model/another-key.js';
import { keyBearingKinds } from '#model/encryption.js';
import { writtenKey } from '#model/key-in-use.js';
import { defineRule } from '#model/rule.js';

export default defineRule({
  id: 'key/trusted-account',
  kind: keyBearingKinds,
  severity: 'high',
  title: 'The key that a resource is encrypted under belongs to a trusted account',
  needs: ['encryption'],
  decidedBy: 'encryption',
  docs: {
    why: 'Who owns the key owns the data: he can disable it or delete it, and with it everything under it. Ransom works by re-encrypting under the key of a stranger.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html',
    waive: 'A partner whose key is to hold the data by contract. Better to name the account under `trustedAccounts`.',
  },
  messages: {
    own: 'The key {key} belongs to the own account.',
    trusted: 'The key {key} belongs to account {account}, one of {trusted}.',
    stranger: 'The key {key} belongs to account {account}, which is none of {trusted}.',
  },
  states: [
    ['Unencrypted, or under a key that AWS owns', 'not applicable'],
    ['S3 default `aws:fsx` or `aws:backup`', "not applicable: the key is the file system's or vault's"],
    ['Member of a database cluster, volume deleting or deleted, snapshot in error', 'not applicable'],
    ['Key reference absent where AWS always returns one, or no reference to a key', 'unknown'],
    ['Key of the own account, AWS managed keys among them', 'pass, without a call'],
    ['Key of another account that is trusted, whatever has become of the key', 'pass'],
    ['Key of another account, and the accounts of the organisation could not be listed', 'unknown'],
    ['Key of an account that is not trusted', 'fail'],
  ],
  remediation: underAnotherKey,
  evaluate: (resource, context) => {
    const { pass, fail, unknown, trusts, trusted } = context;
    const reference = writtenKey(resource.encryption, context);
    if (reference.verdict !== null) return reference.verdict;
    // Only what the reference says of itself: nothing is looked up.
    const resolved = context.key(reference.written);
    const key = resolved.reference;
    if (key.form !== 'key' && key.form !== 'alias') return unknown(resolved.state === 'unread' ? resolved.missing : []);

    const { account } = key.place;
    const facts = { expected: `a key of ${trusted}`, actual: account, evidence: { key: key.arn } };
    if (account === resource.account) return pass('own', { ...facts, data: { key: key.arn } });
    const trust = trusts({ kind: 'account', id: account });
    if (!trust.known) return unknown(trust.missing);
    const data = { key: key.arn, account, trusted };
    return trust.value ? pass('trusted', { ...facts, data }) : fail('stranger', { ...facts, data });
  },
});
