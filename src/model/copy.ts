import { known, type Attempt, type Missing } from './attempt.js';
import { encryptionOf, type Encryption, type WithKeyFacet } from './encryption.js';
import { keyName } from './customer-managed.js';
import type { Judged } from './judged.js';
import { foreignKey, usability } from './key-graph.js';
import { isBelow, levelTexts, type Level } from './level.js';
import type { RuleContext } from './rule.js';
import type { Verdict } from './verdict.js';

/** A copy of a snapshot in another region than its source's. */
export interface Copy extends Judged {
  readonly sourceRegion: string;
  /** Null: not in the run. */
  readonly source: Attempt<{ readonly arn: string; readonly encryption: Encryption } | null>;
}

type FoundSource = WithKeyFacet & { readonly arn: string };

/** What a look-up of the source says of it. A source that is gone and one outside the run are alike: nothing to compare with. */
export function sourceOf(found: Attempt<FoundSource | 'missing' | 'outside'>): Copy['source'] {
  if (!found.known) return found;
  return known(typeof found.value === 'object' ? { arn: found.value.arn, encryption: encryptionOf(found.value) } : null);
}

export const copyMessages = {
  plain: 'The {subject}, copied from {sourceRegion}, is not encrypted.',
  keyNotUsable: 'The {subject}, copied from {sourceRegion}, is under {key}, which cannot be used: {why}.',
  belowSource: 'The {subject}, copied from {sourceRegion}, is {level}; its source {source} is {sourceLevel}.',
  notCustomerManaged: 'The {subject}, copied from {sourceRegion}, is {level}; a customer managed key is required.',
  kept: 'The {subject}, copied from {sourceRegion}, is {level}, not below its source.',
  keptWithoutSource: 'The {subject}, copied from {sourceRegion}, is {level}; its source is not in the run to compare with.',
} as const;

export const copyStates = [
  ['The copy is not encrypted', 'fail'],
  ['Its key does not exist, or is not usable', 'fail'],
  ['AWS left out its key, its key could not be read, or is of an account outside the scope', 'unknown'],
  ['Under a usable customer managed key', 'pass'],
  ['At a lower level than its source, which is in the run', 'fail'],
  ['A customer managed key is required', 'fail'],
  ['Its source, or tags that decide whether one is required, could not be read', 'unknown'],
  ['Under a key that AWS manages or owns, not below its source', 'pass'],
] as const;

type Context = Pick<
  RuleContext<typeof copyMessages>,
  'pass' | 'fail' | 'unknown' | 'notApplicable' | 'level' | 'key' | 'cmkRequired'
>;

/** The worst reason wins; a fact that was not read leaves the verdict open only where it could change it. */
export function judgeCopy({ encryption, source, sourceRegion, subject, evidence }: Copy, context: Context): Verdict {
  const { pass, fail, unknown, notApplicable, cmkRequired } = context;
  const data = { subject, sourceRegion };
  const facts = { expected: "encrypted under a usable key, not below its source's level", evidence };
  if (encryption.by === 'none') return fail('plain', { ...facts, data, actual: levelTexts.none });
  const use = useOfKey(encryption, context);
  if (use.usable === false)
    return fail('keyNotUsable', { ...facts, data: { ...data, key: use.key, why: use.why }, actual: use.why });
  const own = context.level(encryption);
  if (own.is === 'no-level') return notApplicable(own.reason);
  if (own.is === 'unknown') return unknown(own.missing);
  if (own.is === 'key-gone' || use.usable === null) return unknown(use.usable === null ? use.missing : []);

  const level = levelTexts[own.level];
  const actual = level;
  // The highest level: neither the source nor a requirement can ask for more.
  if (own.level === 'customer-managed') return pass('kept', { ...facts, data: { ...data, level }, actual });
  const from = levelOfSource(source, context);
  if (from.known && from.value !== null && isBelow(own.level, from.value.level)) {
    const sourceLevel = levelTexts[from.value.level];
    return fail('belowSource', { ...facts, data: { ...data, level, source: from.value.arn, sourceLevel }, actual });
  }
  const required = cmkRequired();
  if (required.known && required.value) return fail('notCustomerManaged', { ...facts, data: { ...data, level }, actual });
  const missing = [from, required].flatMap((attempt) => (attempt.known ? [] : attempt.missing));
  if (missing.length > 0) return unknown(distinct(missing));
  const compared = from.known && from.value !== null;
  return pass(compared ? 'kept' : 'keptWithoutSource', { ...facts, data: { ...data, level }, actual });
}

type Use =
  | { readonly usable: true }
  | { readonly usable: false; readonly key: string; readonly why: string }
  | { readonly usable: null; readonly missing: readonly Missing[] };

/** AWS managed and AWS owned keys can always be used. */
export function useOfKey(encryption: Encryption, { key }: Pick<RuleContext, 'key'>): Use {
  if (encryption.by !== 'kms' || encryption.key === null) return { usable: true };
  const resolved = key(encryption.key);
  switch (resolved.state) {
    case 'aws-managed':
      return { usable: true };
    case 'missing':
      return { usable: false, key: resolved.arn, why: 'it does not exist' };
    case 'foreign':
      return { usable: null, missing: [foreignKey(resolved)] };
    case 'unread':
      return { usable: null, missing: resolved.missing };
    case 'resolved': {
      const use = usability(resolved.key.metadata);
      if (use.usable === true) return use;
      if (use.usable === false) return { usable: false, key: keyName(resolved), why: use.why };
      return { usable: null, missing: [use.missing] };
    }
  }
}

/**
 * Null: nothing to compare with. A source whose key is gone was under a customer managed key: no other can be deleted.
 * EBS and RDS write full key ARNs, so that the source's key resolves from the copy's place too.
 */
export function levelOfSource(
  source: Copy['source'],
  { level }: Pick<RuleContext, 'level'>,
): Attempt<{ readonly arn: string; readonly level: Level } | null> {
  if (!source.known) return source;
  if (source.value === null) return known(null);
  const { arn, encryption } = source.value;
  const reading = level(encryption);
  switch (reading.is) {
    case 'unknown':
      return { known: false, missing: reading.missing };
    case 'no-level':
      return known(null);
    case 'key-gone':
      return known({ arn, level: 'customer-managed' });
    case 'level':
      return known({ arn, level: reading.level });
  }
}

/** The source's listing may be missing for its level as well as for its tags. */
function distinct(missing: readonly Missing[]): readonly Missing[] {
  return [...new Map(missing.map((each) => [JSON.stringify(each), each])).values()];
}
