import { z } from 'zod';
import { known, type Attempt, type Missing } from '#model/attempt.js';
import { editPolicy, policyBlock } from '#model/bucket-remediation.js';
import { listText } from '#model/list-text.js';
import { defineRule, type RuleContext } from '#model/rule.js';
import { externalChanges, isOwnOrganisation, type ExternalChange } from '#policy/encryption-change.js';
import { readPolicy, statementName } from '#policy/reading.js';

const expected = "no Allow that lets another account change the bucket's encryption, policy or ACLs";

export default defineRule({
  id: 's3/policy-no-external-encryption-change',
  kind: 's3.bucket',
  severity: 'high',
  title: 'Bucket policies let no other account change the encryption, the policy or the ACLs',
  needs: ['policy'],
  options: z.strictObject({
    allowTrusted: z.boolean().default(false).meta({ description: 'Whether trusted accounts and organisations may be let in' }),
  }),
  docs: {
    why: 'Whoever may change the default encryption can point it at a key of his own, and whoever may change the policy or the ACLs can give himself the rest. Such rights of another account are rarely meant: most come from s3:* or s3:Put*.',
    source: 'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-6',
    waive: 'An account that administers the bucket by design, such as a central account for logs.',
  },
  messages: {
    closed: "The bucket policy lets no other account change the bucket's encryption, policy or ACLs.",
    open: 'The bucket policy lets {principals} call {actions}, by {statements}.',
    untrusted: 'The bucket policy lets {principals}, not among {trusted}, call {actions}, by {statements}.',
  },
  states: [
    ['No bucket policy', 'not applicable'],
    ['GetBucketPolicy could not be read, or the text is no policy', 'unknown'],
    [
      "An Allow of PutEncryptionConfiguration, PutBucketPolicy, DeleteBucketPolicy, PutBucketAcl or PutObjectAcl, by name or wildcard, reaches another account, an organisation or everyone, and no condition binds it to the owner's account",
      'fail, unless allowTrusted is set and all of them are trusted',
    ],
    ['Such an Allow for a principal whose account its name does not tell: a canonical user, a web identity', 'unknown'],
    ['With allowTrusted, whether one is trusted could not be read', 'unknown'],
    ['Such an Allow is taken back by a Deny without conditions, or by one that exempts only the owner', 'pass'],
    ['No such Allow', 'pass'],
  ],
  remediation: (bucket) => ({
    text: 'Name the actions that the other account needs in place of a wildcard, or bind the statement to the own account with aws:PrincipalAccount.',
    cli: editPolicy(bucket, 'Narrow the statements down'),
    terraform: policyBlock(bucket, {
      Sid: 'OwnAccountOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: [
        's3:PutEncryptionConfiguration',
        's3:PutBucketPolicy',
        's3:DeleteBucketPolicy',
        's3:PutBucketAcl',
        's3:PutObjectAcl',
      ],
      Resource: [bucket.arn, `${bucket.arn}/*`],
      Condition: { StringNotEquals: { 'aws:PrincipalAccount': bucket.account } },
    }),
  }),
  evaluate: ({ arn, account, policy }, context) => {
    const { pass, fail, unknown, notApplicable, options, trusted } = context;
    const document = readPolicy('s3.bucket/policy', known(policy));
    if (!document.known) return unknown(document.missing);
    if (document.value === null) return notApplicable('the bucket has no policy');
    const open: ExternalChange[] = [];
    const missing: Missing[] = [];
    for (const change of externalChanges(document.value, arn, account)) {
      const allowed = options.allowTrusted ? isTrusted(change, context) : known(false);
      if (!allowed.known) missing.push(...allowed.missing);
      else if (!allowed.value) {
        if (change.certain) open.push(change);
        else missing.push(accountOf(change));
      }
    }
    if (open.length === 0) return missing.length === 0 ? pass('closed', { expected }) : unknown(missing);

    const data = {
      principals: distinct(open.map(named)),
      actions: distinct(open.flatMap(({ actions }) => actions)),
      statements: distinct(open.map(statementName)),
    };
    const evidence = { statements: open.map(({ index, sid, principal, actions }) => ({ index, sid, principal, actions })) };
    const facts = { expected, actual: `${data.principals}: ${data.actions}`, evidence };
    return options.allowTrusted ? fail('untrusted', { ...facts, data: { ...data, trusted } }) : fail('open', { ...facts, data });
  },
});

/** Groups are ANDed: one of which all are trusted is enough. */
function isTrusted({ parties }: ExternalChange, { trusts }: Pick<RuleContext, 'trusts'>): Attempt<boolean> {
  const missing: Missing[] = [];
  for (const group of parties) {
    const answers = group.map((party) => (isOwnOrganisation(party) ? known(true) : trusts(party)));
    if (answers.every((answer) => answer.known && answer.value)) return known(true);
    missing.push(...answers.flatMap((answer) => (answer.known ? [] : answer.missing)));
  }
  return missing.length === 0 ? known(false) : { known: false, missing };
}

function accountOf({ principal }: ExternalChange): Missing {
  const operation = 's3:GetBucketPolicy';
  const code = `the account of the principal ${principal}`;
  return { facet: 's3.bucket/policy', operation, action: operation, code, cause: 'absent-field' };
}

/** Everyone bound to somebody is that somebody. */
function named({ principal, parties }: ExternalChange): string {
  const ids = parties.flat().map(({ id }) => id);
  if (principal !== '*') return principal;
  return ids.length === 0 ? 'everyone' : `everyone of ${[...new Set(ids)].join(' or ')}`;
}

function distinct(texts: readonly string[]): string {
  return listText([...new Set(texts)]);
}
