import type { Finding, KeyReach, KeyRow } from '#model/report.js';
import { dateOf } from '#model/days.js';
import { counted, grouped } from '../text.js';

/** A line of what is known of a key. */
export interface KeyFact {
  readonly label: string;
  readonly value: string;
  /** `fail`: it hurts; `unknown`: it could not be read; `quiet`: there is nothing to say. */
  readonly tone: 'fail' | 'unknown' | 'quiet' | 'plain';
}

type Tone = KeyFact['tone'];
type Missing = NonNullable<Finding['missing']>[number];

/** All that the report says of a key beside its state and what depends on it. */
export function factsOf(key: KeyRow): readonly KeyFact[] {
  if (key.manager === 'AWS')
    return [fact('Policy, rotation', 'AWS sets both, for whoever may use the service in the account', 'quiet')];
  return [
    ...due(key),
    specOf(key),
    ...rotationOf(key),
    ...setOf(key),
    reachOf(key),
    grantsOf(key),
    ...(key.monthlyCost === undefined
      ? []
      : [
          fact(
            'Monthly cost',
            `${key.monthlyCost.usd === null ? 'not known' : `$${String(key.monthlyCost.usd)}`}: ${key.monthlyCost.why}`,
          ),
        ]),
    ...(missing(key, 'aliases') === undefined ? [] : [lacking(key, 'aliases', 'Aliases')]),
  ];
}

function fact(label: string, value: string, tone: Tone = 'plain'): KeyFact {
  return { label, value, tone };
}

/** A facet that has no value: it could not be read, or nothing asked for it. */
function lacking(key: KeyRow, facet: string, label: string): KeyFact {
  const unread = missing(key, facet);
  return unread === undefined
    ? fact(label, 'not collected in this run', 'quiet')
    : fact(label, `could not be read: ${unreadText(unread)}`, 'unknown');
}

function missing({ missing: all = [] }: KeyRow, facet: string): Missing | undefined {
  return all.find((each) => each.facet === `kms.key/${facet}`);
}

function unreadText({ operation, facet, code, cause }: Missing): string {
  return `${operation ?? facet} ${code ?? cause}`;
}

function due({ deletionAt, materialExpiresAt }: KeyRow): readonly KeyFact[] {
  return [
    ...(deletionAt === undefined ? [] : [fact('To be deleted', `on ${dateOf(deletionAt)}`, 'fail')]),
    ...(materialExpiresAt === undefined ? [] : [fact('Key material expires', `on ${dateOf(materialExpiresAt)}`, 'fail')]),
  ];
}

function specOf(key: KeyRow): KeyFact {
  const { spec, usage, origin } = key;
  if (spec === undefined) return lacking(key, 'metadata', 'Spec, origin');
  return fact('Spec, origin', [spec, usage, origin].map((value) => value ?? 'left out by AWS').join(', '));
}

function rotationOf(key: KeyRow): readonly KeyFact[] {
  const { rotation } = key;
  if (rotation === undefined) return [lacking(key, 'rotation', 'Rotation')];
  const { enabled, periodDays, nextAt, why } = rotation;
  if (why !== null) return [fact('Rotation', why, 'quiet')];
  if (!enabled) return [fact('Rotation', 'off', 'fail')];
  const every = periodDays === null ? 'on' : `every ${counted(periodDays, 'day')}`;
  return [fact('Rotation', nextAt === null ? every : `${every}, next on ${dateOf(nextAt)}`)];
}

function setOf({ arn, multiRegion }: KeyRow): readonly KeyFact[] {
  if (multiRegion === undefined) return [];
  const { role, primary, replicas } = multiRegion;
  const others = replicas.filter((each) => each !== arn);
  const where =
    others.length === 0
      ? 'no other replica'
      : `${counted(others.length, role === 'REPLICA' ? 'other replica' : 'replica')}: ${others.join(', ')}`;
  const own =
    role === 'REPLICA'
      ? `replica of ${primary ?? 'a primary that AWS left out'}`
      : role === 'PRIMARY'
        ? 'primary'
        : 'role left out by AWS';
  return [fact('Multi-Region', `${own}; ${where}`)];
}

function reachOf(key: KeyRow): KeyFact {
  const { reach } = key;
  if (reach === undefined) return lacking(key, 'policy', 'Who may use it');
  const words = [
    ...(reach.everyone === 'public' ? ['anyone in any account: no condition binds the caller'] : []),
    ...(reach.everyone === 'bound' ? ['anyone whom a condition lets through'] : []),
    ...(reach.ownAccount ? ['its own account'] : []),
    ...(reach.ownPrincipals > 0 ? [`${counted(reach.ownPrincipals, 'principal')} of its own account`] : []),
    ...othersOf(reach),
  ];
  if (words.length === 0) return fact('Who may use it', 'nobody, by its policy', 'quiet');
  return fact('Who may use it', words.join('; '), reach.everyone === 'public' ? 'fail' : 'plain');
}

function othersOf({ others, othersTotal }: KeyReach): readonly string[] {
  if (othersTotal === 0) return [];
  const named = others.map(({ as, name }) => (as === 'principal' ? name : `${as} ${name}`)).join(', ');
  const more = othersTotal - others.length;
  return [more > 0 ? `${named} and ${grouped(more)} more` : named];
}

function grantsOf(key: KeyRow): KeyFact {
  if (key.grants === undefined) return lacking(key, 'grants', 'Grants');
  return key.grants === 0 ? fact('Grants', 'none', 'quiet') : fact('Grants', counted(key.grants, 'grant'));
}
