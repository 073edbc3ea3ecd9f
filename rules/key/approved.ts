import { z } from 'zod';
import { underAnotherKey } from '#model/another-key.js';
import type { Attempt, Missing } from '#model/attempt.js';
import { keyName } from '#model/customer-managed.js';
import { keyBearingKinds } from '#model/encryption.js';
import { matchesGlob } from '#model/glob.js';
import { foreignKey, type ResolvedKey } from '#model/key-graph.js';
import { writtenKey } from '#model/key-in-use.js';
import type { Tags } from '#model/resources/index.js';
import { defineRule } from '#model/rule.js';
import { hasTags } from '#model/tag-match.js';

const globs = z.array(z.string().min(1)).min(1).readonly().optional();

/** Every condition that is there must hold; `kinds` says of which resources the entry speaks. */
const Approved = z
  .strictObject({
    kinds: z.array(z.enum(keyBearingKinds)).min(1).readonly().optional(),
    arns: globs,
    aliases: globs,
    accounts: globs,
    tags: z.record(z.string(), z.array(z.string()).min(1).readonly()).readonly().optional(),
  })
  .refine(({ arns, aliases, accounts, tags }) => (arns ?? aliases ?? accounts ?? tags) !== undefined, {
    error: 'name arns, aliases, accounts or tags: an entry without any would approve every key',
  });
type Approved = Readonly<z.output<typeof Approved>>;

export default defineRule({
  id: 'key/approved',
  kind: keyBearingKinds,
  severity: 'medium',
  title: 'Resources are encrypted under approved keys',
  needs: ['encryption'],
  decidedBy: 'encryption',
  lookups: { 'kms.key': ['metadata', 'aliases', 'tags'] },
  options: z.strictObject({
    allow: z.array(Approved).readonly().default([]).meta({
      description:
        'Approved keys: a list of entries with `arns`, `aliases`, `accounts` (globs) or `tags` (globs for the values of each key), all of which must hold, each entry for certain `kinds` of resources or for all',
    }),
  }),
  configured: ({ allow }) => allow.length > 0,
  docs: {
    why: 'A customer managed key is only as good as its policy. Where keys are made centrally, data under any other key has slipped past those who decide who may read it.',
    source: 'https://docs.aws.amazon.com/prescriptive-guidance/latest/encryption-best-practices/kms.html',
    waive: 'A resource that waits to be moved to an approved key.',
  },
  messages: {
    approved: 'The key {key} is approved.',
    notApproved: 'The key {key} is not among the approved keys.',
    awsManaged: 'The AWS managed key {key} is not among the approved keys: it is only where its alias is named.',
  },
  states: [
    ['No list is configured, or none for this kind', 'not applicable'],
    ['Unencrypted, or under a key that AWS owns', 'not applicable'],
    ['S3 default `aws:fsx` or `aws:backup`', "not applicable: the key is the file system's or vault's"],
    ['Member of a database cluster, volume deleting or deleted, snapshot in error', 'not applicable'],
    ['Key reference absent where AWS always returns one, or the key could not be read', 'unknown'],
    ['AWS managed key whose `alias/aws/…` is in an entry that begins so', 'pass'],
    ['AWS managed key, otherwise', 'fail'],
    ['All conditions of an entry hold', 'pass'],
    ['They would hold but for aliases or tags of the key that could not be read', 'unknown'],
    ['No entry fits', 'fail'],
  ],
  remediation: underAnotherKey,
  appliesTo: ({ kind }, { options: { allow } }) => {
    if (allow.length === 0) return 'no approved keys are configured';
    return allow.some(({ kinds }) => speaksOf(kinds, kind)) || `no approved keys are configured for ${kind}`;
  },
  evaluate: ({ kind, encryption }, context) => {
    const { pass, fail, unknown, options } = context;
    const reference = writtenKey(encryption, context);
    if (reference.verdict !== null) return reference.verdict;
    const resolved = context.key(reference.written);
    if (resolved.state === 'unread') return unknown(resolved.missing);

    const missing: Missing[] = [];
    const facts = { expected: 'an approved key', actual: keyName(resolved), evidence: { key: resolved.arn } };
    const data = { key: keyName(resolved) };
    for (const entry of options.allow) {
      if (!speaksOf(entry.kinds, kind)) continue;
      const approval = approves(entry, resolved);
      if (!approval.known) missing.push(...approval.missing);
      else if (approval.value) return pass('approved', { ...facts, data });
    }
    if (missing.length > 0) return unknown([...new Set(missing)]);
    return resolved.state === 'aws-managed' ? fail('awsManaged', { ...facts, data }) : fail('notApproved', { ...facts, data });
  },
});

function speaksOf(kinds: readonly string[] | undefined, kind: string): boolean {
  return kinds?.includes(kind) ?? true;
}

type KnownKey = Exclude<ResolvedKey, { state: 'unread' }>;
const yes = { known: true, value: true } as const;
const no = { known: true, value: false } as const;

function approves(entry: Approved, key: KnownKey): Attempt<boolean> {
  const { reference } = key;
  if (reference.form !== 'key' && reference.form !== 'alias') return no;
  if (entry.accounts !== undefined && !matchesAny(entry.accounts, [reference.place.account])) return no;
  if (entry.arns !== undefined && !matchesAny(entry.arns, [key.arn, reference.arn])) return no;
  if (key.state === 'aws-managed') return approvesAwsManaged(entry, key.alias);

  const missing: Missing[] = [];
  const written = reference.form === 'alias' ? [reference.alias] : [];
  if (entry.aliases !== undefined && !matchesAny(entry.aliases, written)) {
    const aliases = aliasesOf(key);
    if (!aliases.known) missing.push(...aliases.missing);
    else if (!matchesAny(entry.aliases, aliases.value)) return no;
  }
  if (entry.tags !== undefined) {
    const tags = tagsOf(key);
    if (!tags.known) missing.push(...tags.missing);
    else if (!hasTags(tags.value, entry.tags)) return no;
  }
  return missing.length === 0 ? yes : { known: false, missing };
}

/** Named on purpose: a glob for all aliases does not mean AWS's. */
function approvesAwsManaged({ aliases, tags }: Approved, alias: string | null): Attempt<boolean> {
  const named = aliases?.filter((pattern) => pattern.startsWith('alias/aws/')) ?? [];
  if (named.length === 0 || tags !== undefined) return no;
  if (alias === null) return { known: false, missing: [namelessKey] };
  return matchesAny(named, [alias]) ? yes : no;
}

const namelessKey = {
  facet: 'kms.key/aliases',
  operation: 'kms:ListAliases',
  action: 'kms:ListAliases',
  code: 'the alias of an AWS managed key',
  cause: 'absent-field',
} as const;

function matchesAny(patterns: readonly string[], texts: readonly string[]): boolean {
  return patterns.some((pattern) => texts.some((text) => matchesGlob(pattern, text)));
}

/** No alias points at a key that is gone. */
function aliasesOf(key: Exclude<KnownKey, { state: 'aws-managed' }>): Attempt<readonly string[]> {
  if (key.state === 'resolved') return key.key.read('aliases');
  return key.state === 'missing' ? { known: true, value: [] } : { known: false, missing: [foreignKey(key)] };
}

function tagsOf(key: Exclude<KnownKey, { state: 'aws-managed' }>): Attempt<Tags> {
  if (key.state === 'resolved') return key.key.read('tags');
  return key.state === 'missing' ? { known: true, value: {} } : { known: false, missing: [foreignKey(key)] };
}
