import { editKeyPolicy, keyPolicyBlock } from '#model/key-policy-edit.js';
import { defineRule } from '#model/rule.js';
import { trustMissing, type Party } from '#model/trust.js';
import { untrustedParties } from '#policy/parties.js';
import { readKeyPolicy } from '#policy/reading.js';
import { listActions, listNames, listStatements } from '#policy/wording.js';

export default defineRule({
  id: 'kms/policy-trusted-accounts',
  kind: 'kms.key',
  severity: 'high',
  title: 'Key policies let in trusted accounts and organisations only',
  needs: ['metadata', 'policy'],
  premises: ['metadata'],
  docs: {
    why: 'An account that a key policy names may hand the use of the key to any of its own identities. Whoever can decrypt with the key can read a shared snapshot, a copied object or a restored database.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html',
    waive:
      'A partner or vendor that is meant to use the key: better name its account under trustedAccounts, which every rule respects.',
  },
  messages: {
    trusted: 'The key policy lets no other account or organisation in than {trusted}.',
    untrusted: 'The key policy lets {parties} call {actions}, by {statements}. Trusted are {trusted}.',
    untrustedReads: 'The key policy lets {parties} read about the key ({actions}), by {statements}. Trusted are {trusted}.',
  },
  states: [
    ['AWS managed key', 'not applicable'],
    ['DescribeKey or GetKeyPolicy could not be read, or the text is no policy', 'unknown'],
    ['An Allow of more than Describe, Get and List for an AWS or Federated principal of an account that is not trusted', 'fail'],
    [
      'Such an Allow for everyone or a service, its binding conditions naming an account, ARN or organisation that is not trusted',
      'fail',
    ],
    ['Such Allows of Describe, Get and List only', 'fail, low'],
    ['Whether an account or organisation is trusted could not be read', 'unknown'],
    ['Another binding condition of the same statement names trusted parties only', 'pass'],
    ['Bare unique ids', 'pass: see kms/policy-orphan-principal'],
    ['Nobody outside', 'pass'],
  ],
  remediation: (key) => ({
    text: 'Take the account or organisation out of the key policy, or add it to trustedAccounts if it is meant to be there.',
    cli: editKeyPolicy(key),
    terraform: keyPolicyBlock(key, [
      ['Effect', '"Allow"'],
      ['Principal', '{ AWS = var.trusted_role_arn }'],
      ['Action', '["kms:Decrypt", "kms:DescribeKey"]'],
      ['Resource', '"*"'],
    ]),
  }),
  appliesTo: ({ metadata }) => metadata.manager === 'CUSTOMER' || 'AWS manages this key and its policy',
  evaluate: ({ arn, policy }, { pass, fail, unknown, trusts, trusted }) => {
    const document = readKeyPolicy(policy);
    if (!document.known) return unknown(document.missing);
    const trustOf = (party: Party) => {
      const verdict = trusts(party);
      return verdict.known ? (verdict.value ? 'trusted' : 'untrusted') : 'unknown';
    };
    const parties = untrustedParties(document.value, trustOf, arn);
    if (parties.length === 0) return pass('trusted', { data: { trusted } });
    const foreign = parties.filter(({ trust }) => trust === 'untrusted');
    if (foreign.length === 0)
      return unknown(
        trustMissing(
          parties.map(({ party }) => party),
          trusts,
        ),
      );

    const names = listNames(
      foreign.map(({ party }) => nameOf(party)),
      'parties',
    );
    const data = {
      parties: names,
      actions: listActions(foreign.flatMap(({ actions }) => actions)),
      statements: listStatements(foreign.map(({ statement }) => statement)),
      trusted,
    };
    const evidence = {
      statements: foreign.map(({ statement, party, by, actions }) => ({
        ...statement,
        party: party.id,
        by,
        actions: listActions(actions),
      })),
    };
    const facts = { data, expected: 'trusted accounts and organisations only', actual: names, evidence };
    const reads = foreign.every(({ readOnly }) => readOnly);
    return reads ? fail('untrustedReads', { ...facts, severity: 'low' }) : fail('untrusted', facts);
  },
});

function nameOf({ kind, id }: Party): string {
  return `${kind} ${id}`;
}
