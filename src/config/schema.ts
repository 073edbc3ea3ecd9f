import { z } from 'zod';
import { AccountSelector } from '#model/account-selector.js';
import { Selector } from '#model/baseline.js';
import { GateConfig } from '#model/gate.js';
import { languages } from '#model/language.js';
import { nearest } from '#model/nearest.js';
import { severities } from '#model/severity.js';

const accountIdHint = 'an account id has 12 digits; quote it, or YAML reads it as a number';
const accountId = z.string({ error: accountIdHint }).regex(/^\d{12}$/, accountIdHint);
const list = z.array(z.string().min(1));

const role = z.string().min(1);
const choiceHint =
  'name an account id or an OU path as text (quote an id, or YAML reads it as a number), or ids, names, path, tags';
const choices = z.array(z.union([z.string({ error: choiceHint }).min(1), AccountSelector])).min(1);

/** What is wrong with a language that there is none of. */
function noLanguage(input: unknown): string {
  const close = typeof input === 'string' ? nearest(input, languages) : undefined;
  const suggestion = close === undefined ? '' : `; did you mean ${close}?`;
  return `the language of HTML pages is one of ${languages.join(', ')}${suggestion}`;
}

const path = z.string().min(1).meta({ description: 'OU path of the account: o-…/r-…/ou-…' });
const tags = z.record(z.string(), z.string());
const state = z.enum([...severities, 'on']);

/** How accounts that are not the caller's are entered. */
const entering = {
  through: role.optional().meta({ description: 'Role that is assumed first, and that assumes all the others' }),
  externalId: z.string().min(2).optional().meta({ description: 'External id that every role is assumed with' }),
  sessionName: z
    .string()
    .regex(/^[\w+=,.@-]{2,64}$/, 'a session name has 2 to 64 letters, digits or any of +=,.@-')
    .optional(),
  durationSeconds: z
    .int()
    .min(900)
    .max(43_200)
    .optional()
    .meta({ description: 'How long sessions last; an hour at most where a role assumes a role' }),
};

/** The accounts of an AWS organisation. */
const Organization = z.strictObject({
  role: role.meta({ description: 'Name of the role that is assumed in each account' }),
  listRole: role.optional().meta({ description: 'Role that may list the accounts, where the caller may not' }),
  ...entering,
  include: choices.optional().meta({ description: 'Accounts by id, OU path or tag; left out: all' }),
  exclude: choices.optional(),
});

/** An account that is named. */
const Account = z
  .strictObject({
    id: accountId,
    name: z.string().optional(),
    role: role.optional(),
    profile: z.string().min(1).optional().meta({ description: 'Profile of the AWS config, in place of a role' }),
    path: path.optional(),
    tags: tags.optional(),
  })
  .refine(({ role: named, profile }) => named === undefined || profile === undefined, 'name either a role or a profile');

const options = z.record(z.string(), z.unknown());
const anyState = z.enum([...severities, 'on', 'off']);

/** What a baseline says of a rule; only the long form holds a reason. */
const RuleLine = z.union([
  anyState,
  z.tuple([state, options]),
  z
    .strictObject({
      state: anyState,
      options: options.optional(),
      reason: z.string().regex(/\S/, 'write the reason').optional(),
    })
    .refine((line) => line.state !== 'off' || line.options === undefined, 'a rule that is off has no options'),
]);
export type RuleLine = z.infer<typeof RuleLine>;

/** A set of rules: those of the baselines it extends, with its own changes. */
const Baseline = z.strictObject({
  extends: z.union([z.string().min(1), list.min(1)]).optional(),
  rules: z
    .record(z.string(), RuleLine)
    .optional()
    .meta({ description: 'By rule id or glob: off, on, a severity, [severity or on, options], or { state, options, reason }' }),
  cmkRequired: z.array(Selector).optional(),
});

const target = z.string().min(1).meta({ description: 'A folder, relative to this file, or s3://bucket/prefix' });
const limit = z.int().min(1);

/** Where finished runs are kept. */
const History = z.strictObject({
  to: target,
  keep: z
    .strictObject({ runs: limit.optional(), days: limit.optional() })
    .optional()
    .meta({ description: 'A run goes when neither limit keeps it; without limits all stay' }),
  kmsKey: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'S3: key that objects are encrypted under, in place of what the bucket says' }),
  role: z
    .string()
    .regex(/^arn:[a-z-]+:iam::\d{12}:role\/.+$/, 'write the ARN of the role')
    .optional()
    .meta({ description: 'S3: role that the history is written with' }),
});

/** `atrest.yaml`. */
export const Config = z.strictObject({
  version: z.literal(1),
  scope: z
    .strictObject({
      organization: Organization.optional(),
      accounts: z
        .array(z.union([accountId, Account]))
        .min(1)
        .optional(),
      role: role.optional().meta({ description: 'Name of the role that is assumed in accounts other than the caller' }),
      ...entering,
      partition: z
        .string()
        .regex(/^aws(-[a-z]+)*$/, 'a partition is aws, aws-cn, aws-us-gov or another that ARNs begin with')
        .optional()
        .meta({ description: 'The partition that must be the one of the credentials' }),
      regions: z.strictObject({ include: list.optional(), exclude: list.optional() }).optional(),
    })
    .refine(
      ({ organization, accounts }) => organization === undefined || accounts === undefined,
      'name either organization or accounts',
    )
    .optional(),
  baselines: z.record(z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'a baseline is named in lower case'), Baseline).optional(),
  requireReason: z
    .boolean()
    .optional()
    .meta({ description: 'Refuse a baseline that turns a rule off, or lowers its severity, without a reason' }),
  assign: z
    .array(z.strictObject({ baseline: z.string().min(1), accounts: z.union([list.min(1), AccountSelector]).optional() }))
    .optional()
    .meta({ description: 'Which baseline an account has; the first match wins' }),
  frameworks: list.optional().meta({ description: 'Frameworks whose controls the report counts' }),
  lang: z
    .enum(languages, { error: ({ input }) => noLanguage(input) })
    .optional()
    .meta({ description: 'Language of HTML pages; --lang goes before it' }),
  history: z.union([target, History]).optional().meta({ description: 'Where finished runs are kept' }),
  waivers: list.optional().meta({ description: 'Files of waivers and attestations, relative to this file' }),
  waiverPolicy: z
    .strictObject({ requireExpires: z.boolean().optional(), requireOwner: z.boolean().optional() })
    .optional()
    .meta({ description: 'What every waiver has to say; an attestation too, of its end' }),
  gate: GateConfig.optional().meta({ description: 'What makes the exit code 1' }),
  plugins: list.optional().meta({ description: 'Folders or npm packages with rules, relative to this file' }),
  cmkRequired: z
    .array(Selector)
    .optional()
    .meta({ description: 'Which resources must be encrypted under a customer managed key' }),
  rates: z
    .record(
      z.string().regex(/^(\*|[a-z0-9]+:[A-Za-z0-9*]+)$/, 'an operation is expected, as kms:DescribeKey, rds:* or *'),
      z.number().positive({ error: 'calls a second are expected, a number above 0' }),
    )
    .optional()
    .meta({ description: 'Calls a second in one account and region, by operation; the first that fits counts' }),
  trustedAccounts: z.array(accountId).optional().meta({ description: 'Accounts that are trusted beside those of the scope' }),
});
export type Config = z.infer<typeof Config>;
