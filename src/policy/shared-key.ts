/** What a key does for the accounts that a snapshot under it is shared with (rules snapshot-shared-decryptable). */

import { known, type Attempt, type Missing } from '#model/attempt.js';
import type { Encryption } from '#model/encryption.js';
import { keyInUse } from '#model/key-in-use.js';
import type { KeyRecord } from '#model/key-graph.js';
import type { RuleContext } from '#model/rule.js';
import type { Evidence, Verdict } from '#model/verdict.js';
import { admits, type Admission, type Visit } from './admits.js';
import { readKeyPolicy } from './reading.js';
import { listNames, listStatements, shownGrants } from './wording.js';

export const sharedKeyMessages = {
  admitted: 'The {subject} is shared with {accounts}, admitted by its key {key}. Trusted are {trusted}.',
  untrusted:
    'The {subject} is shared with {accounts}, not trusted and yet admitted by its key {key}. Trusted are only {trusted}.',
  broken:
    'The {subject} is shared with {accounts}, not admitted by its key {key}: neither its policy nor a grant gives kms:Decrypt, kms:ReEncryptFrom or kms:CreateGrant. This is a broken share.',
} as const;

export const sharedKeyStates = [
  ['Key policy not read, or of a key outside the scope', 'unknown'],
  ['Shared with an account that is not trusted, and the key policy or a grant admits it', 'fail'],
  ['Whether an account is trusted, or whether a grant admits it, was not read, and it could be such a one', 'unknown'],
  ['Shared with an account that neither the policy nor a grant admits', 'fail as a broken share, low'],
  ['Whether a grant admits a trusted account was not read', 'unknown'],
  ['Shared with trusted accounts only, and each is admitted', 'pass'],
] as const;

/** What a snapshot says of itself and of its sharing. */
export interface SharedSnapshot {
  /** What it is, for messages. */
  readonly subject: string;
  readonly encryption: Encryption;
  /** The service through which it is restored. */
  readonly via: 'ec2' | 'rds';
  /** The attribute that says with whom it is shared, as AWS calls it. */
  readonly attribute: string;
  readonly accounts: Attempt<readonly string[]>;
  /** Why there is nothing to judge when it names no account. */
  readonly unshared: string;
}

type Context = Pick<
  RuleContext<typeof sharedKeyMessages>,
  'pass' | 'fail' | 'unknown' | 'notApplicable' | 'key' | 'level' | 'trusts' | 'trusted'
>;

/** Facts about the snapshot and its key come first: what cannot be shared needs no answer on whom it is shared with. */
export function judgeSharedKey(snapshot: SharedSnapshot, context: Context): Verdict {
  const { unknown, notApplicable } = context;
  const { encryption, accounts, unshared } = snapshot;
  const named = accounts.known ? accounts.value : [];
  const unjudged = accounts.known ? notApplicable(unshared) : unknown(accounts.missing);
  const inUse = keyInUse(encryption, context);
  if (inUse.verdict !== null) {
    const decides = named.length > 0 || inUse.verdict.verdict === 'not-applicable';
    return decides ? inUse.verdict : unjudged;
  }
  const { key } = inUse;
  if (key.state === 'aws-managed') return notApplicable('under an AWS managed key: AWS does not let it be shared');
  if (key.state === 'missing') return notApplicable('the key is gone: see key/exists');
  return named.length > 0 ? judgeAccounts(snapshot, named, key.key, context) : unjudged;
}

/** An account that the snapshot is shared with. */
interface Judged {
  readonly id: string;
  readonly trust: Attempt<boolean>;
  readonly admission: Attempt<Admission>;
}

function judgeAccounts(
  { subject, via, attribute }: SharedSnapshot,
  accounts: readonly string[],
  key: KeyRecord,
  context: Context,
): Verdict {
  const { pass, fail, unknown, trusted } = context;
  const text = key.read('policy');
  const document = text.known ? readKeyPolicy(text.value) : text;
  if (!document.known) return unknown(document.missing);
  const grants = key.read('grants');

  const judged = accounts.map((id): Judged => {
    const trust = context.trusts({ kind: 'account', id });
    const visit = visitOf(id, trust, { via, owner: key.account, keyArn: key.arn }, context);
    const alone = admits(document.value, [], visit);
    // Grants add to what the policy gives and take nothing away.
    if (alone.admitted === 'yes' || (alone.admitted === 'conditional' && !grants.known))
      return { id, trust, admission: known(alone) };
    return { id, trust, admission: grants.known ? known(admits(document.value, grants.value, visit)) : grants };
  });

  const about = (of: readonly Judged[]) => {
    const names = listNames(of.map(nameOf), 'accounts');
    const given = of.flatMap(({ admission }) => (admission.known ? [admission.value] : []));
    const statements = [...new Map(given.flatMap((each) => each.statements).map((each) => [each.index, each])).values()];
    const evidence: Evidence = {
      key: key.arn,
      [attribute]: accounts,
      decidedBy: of.map(({ id }) => id),
      statements,
      grants: [...new Set(given.flatMap((each) => each.grants))].slice(0, shownGrants),
    };
    return { names, evidence };
  };

  const strangers = judged.filter(({ trust, admission }) => isNot(trust) && isAdmitted(admission));
  if (strangers.length > 0) {
    const { names, evidence } = about(strangers);
    const data = { subject, accounts: names, key: key.arn, trusted };
    return fail('untrusted', { data, expected: 'the key admits trusted accounts only', actual: `admits ${names}`, evidence });
  }
  const maybe = judged.filter(({ trust, admission }) => !isTrue(trust) && !isRefused(admission));
  if (maybe.length > 0) return unknown(missingOf(maybe));
  const refused = judged.filter(({ admission }) => isRefused(admission));
  if (refused.length > 0) {
    const { names, evidence } = about(refused);
    const data = { subject, accounts: names, key: key.arn };
    const facts = { data, expected: 'the key admits every account', actual: `does not admit ${names}`, evidence };
    return fail('broken', { ...facts, severity: 'low' });
  }
  const missing = missingOf(judged);
  if (missing.length > 0) return unknown(missing);
  const { names, evidence } = about(judged);
  return pass('admitted', { data: { subject, accounts: names, key: key.arn, trusted }, evidence });
}

function visitOf(
  account: string,
  trust: Attempt<boolean>,
  key: Pick<Visit, 'via' | 'owner' | 'keyArn'>,
  { trusts }: Context,
): Visit {
  const visit = { ...key, account, actions: ['kms:Decrypt', 'kms:ReEncryptFrom', 'kms:CreateGrant'] };
  // The accounts of the own organisation are all trusted.
  const outside = (id: string): boolean => isTrue(trusts({ kind: 'organisation', id }));
  return isNot(trust) ? { ...visit, outside } : visit;
}

function nameOf({ id, admission }: Judged): string {
  const conditional = admission.known && admission.value.admitted === 'conditional';
  return conditional ? `${id} (under conditions, by ${listStatements(admission.value.statements)})` : id;
}

function missingOf(judged: readonly Judged[]): readonly Missing[] {
  // The same listing is missing for each of them.
  return [...new Set(judged.flatMap(({ trust, admission }) => [trust, admission]).flatMap(lacking))];
}

function lacking(attempt: Attempt<unknown>): readonly Missing[] {
  return attempt.known ? [] : attempt.missing;
}

function isTrue(attempt: Attempt<boolean>): boolean {
  return attempt.known && attempt.value;
}

function isNot(attempt: Attempt<boolean>): boolean {
  return attempt.known && !attempt.value;
}

function isAdmitted(admission: Attempt<Admission>): boolean {
  return admission.known && admission.value.admitted !== 'no';
}

function isRefused(admission: Attempt<Admission>): boolean {
  return admission.known && admission.value.admitted === 'no';
}
