import type { Finding, KeyReach, KeyRow } from '#model/report.js';
import { dateOf } from '#model/days.js';
import type { Texts } from '../texts/index.js';

/** A line of what is known of a key. */
export interface KeyFact {
  readonly label: string;
  readonly value: string;
  /** `fail`: it hurts; `unknown`: it could not be read; `quiet`: there is nothing to say. */
  readonly tone: 'fail' | 'unknown' | 'quiet' | 'plain';
}

type Tone = KeyFact['tone'];
type Words = Texts['keyFacts'];
type Missing = NonNullable<Finding['missing']>[number];

/** All that the report says of a key beside its state and what depends on it. */
export function factsOf(key: KeyRow, { keyFacts: words }: Texts): readonly KeyFact[] {
  if (key.manager === 'AWS') return [fact(words.awsLabel, words.awsText, 'quiet')];
  return [
    ...due(key, words),
    specOf(key, words),
    ...rotationOf(key, words),
    ...setOf(key, words),
    reachOf(key, words),
    grantsOf(key, words),
    ...(key.monthlyCost === undefined
      ? []
      : [
          fact(
            words.cost,
            `${key.monthlyCost.usd === null ? words.costNotKnown : `$${String(key.monthlyCost.usd)}`}: ${key.monthlyCost.why}`,
          ),
        ]),
    ...(missing(key, 'aliases') === undefined ? [] : [lacking(key, 'aliases', words.aliases, words)]),
  ];
}

function fact(label: string, value: string, tone: Tone = 'plain'): KeyFact {
  return { label, value, tone };
}

/** A facet that has no value: it could not be read, or nothing asked for it. */
function lacking(key: KeyRow, facet: string, label: string, words: Words): KeyFact {
  const unread = missing(key, facet);
  return unread === undefined
    ? fact(label, words.uncollected, 'quiet')
    : fact(label, words.unread(unreadText(unread)), 'unknown');
}

function missing({ missing: all = [] }: KeyRow, facet: string): Missing | undefined {
  return all.find((each) => each.facet === `kms.key/${facet}`);
}

function unreadText({ operation, facet, code, cause }: Missing): string {
  return `${operation ?? facet} ${code ?? cause}`;
}

function due({ deletionAt, materialExpiresAt }: KeyRow, words: Words): readonly KeyFact[] {
  return [
    ...(deletionAt === undefined ? [] : [fact(words.deletion, words.on(dateOf(deletionAt)), 'fail')]),
    ...(materialExpiresAt === undefined ? [] : [fact(words.expiry, words.on(dateOf(materialExpiresAt)), 'fail')]),
  ];
}

function specOf(key: KeyRow, words: Words): KeyFact {
  const { spec, usage, origin } = key;
  if (spec === undefined) return lacking(key, 'metadata', words.spec, words);
  return fact(words.spec, [spec, usage, origin].map((value) => value ?? words.leftOut).join(', '));
}

function rotationOf(key: KeyRow, words: Words): readonly KeyFact[] {
  const { rotation } = key;
  if (rotation === undefined) return [lacking(key, 'rotation', words.rotation, words)];
  const { enabled, periodDays, nextAt, why } = rotation;
  if (why !== null) return [fact(words.rotation, why, 'quiet')];
  if (!enabled) return [fact(words.rotation, words.off, 'fail')];
  const every = periodDays === null ? words.rotates : words.every(periodDays);
  return [fact(words.rotation, nextAt === null ? every : words.next(every, dateOf(nextAt)))];
}

function setOf({ arn, multiRegion }: KeyRow, words: Words): readonly KeyFact[] {
  if (multiRegion === undefined) return [];
  const { role, primary, replicas } = multiRegion;
  const others = replicas.filter((each) => each !== arn);
  const several = role === 'REPLICA' ? words.otherReplicas : words.replicas;
  const where = others.length === 0 ? words.noReplica : several(others.length, others.join(', '));
  const own =
    role === 'REPLICA'
      ? words.replicaOf(primary ?? words.primaryLeftOut)
      : role === 'PRIMARY'
        ? words.primary
        : words.roleLeftOut;
  return [fact(words.multiRegion, `${own}; ${where}`)];
}

function reachOf(key: KeyRow, words: Words): KeyFact {
  const { reach } = key;
  if (reach === undefined) return lacking(key, 'policy', words.reach, words);
  const who = [
    ...(reach.everyone === 'public' ? [words.everyone] : []),
    ...(reach.everyone === 'bound' ? [words.bound] : []),
    ...(reach.ownAccount ? [words.ownAccount] : []),
    ...(reach.ownPrincipals > 0 ? [words.ownPrincipals(reach.ownPrincipals)] : []),
    ...othersOf(reach, words),
  ];
  if (who.length === 0) return fact(words.reach, words.nobody, 'quiet');
  return fact(words.reach, who.join('; '), reach.everyone === 'public' ? 'fail' : 'plain');
}

function othersOf({ others, othersTotal }: KeyReach, words: Words): readonly string[] {
  if (othersTotal === 0) return [];
  const named = others.map(({ as, name }) => (as === 'principal' ? name : words.others[as](name))).join(', ');
  return [words.andMore(named, othersTotal - others.length)];
}

function grantsOf(key: KeyRow, words: Words): KeyFact {
  if (key.grants === undefined) return lacking(key, 'grants', words.grants, words);
  return key.grants === 0 ? fact(words.grants, words.noGrants, 'quiet') : fact(words.grants, words.grantCount(key.grants));
}
