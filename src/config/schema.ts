import { z } from 'zod';
import { Selector } from '#model/baseline.js';
import { severities } from '#model/severity.js';

const accountIdHint = 'an account id has 12 digits; quote it, or YAML reads it as a number';
const accountId = z.string({ error: accountIdHint }).regex(/^\d{12}$/, accountIdHint);
const list = z.array(z.string().min(1));

const path = z.string().min(1).meta({ description: 'OU path of the account: o-…/r-…/ou-…' });
const tags = z.record(z.string(), z.string());
const state = z.enum([...severities, 'on']);

/** Which accounts a baseline is assigned to: every condition that is there must hold. */
const AccountSelector = z.strictObject({
  ids: list.optional(),
  names: list.optional(),
  path: path.optional(),
  tags: tags.optional(),
});

/** A set of rules: those of the baselines it extends, with its own changes. */
const Baseline = z.strictObject({
  extends: z.union([z.string().min(1), list.min(1)]).optional(),
  rules: z
    .record(z.string(), z.union([z.enum([...severities, 'on', 'off']), z.tuple([state, z.record(z.string(), z.unknown())])]))
    .optional()
    .meta({ description: 'By rule id or glob: off, on, a severity, or [severity or on, options]' }),
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
      accounts: z
        .array(
          z.union([
            accountId,
            z.strictObject({
              id: accountId,
              name: z.string().optional(),
              role: z.string().optional(),
              path: path.optional(),
              tags: tags.optional(),
            }),
          ]),
        )
        .min(1)
        .optional(),
      role: z
        .string()
        .min(1)
        .optional()
        .meta({ description: 'Name of the role that is assumed in accounts other than the caller' }),
      externalId: z.string().optional(),
      regions: z.strictObject({ include: list.optional(), exclude: list.optional() }).optional(),
    })
    .optional(),
  baselines: z.record(z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'a baseline is named in lower case'), Baseline).optional(),
  assign: z
    .array(z.strictObject({ baseline: z.string().min(1), accounts: z.union([list.min(1), AccountSelector]).optional() }))
    .optional()
    .meta({ description: 'Which baseline an account has; the first match wins' }),
  frameworks: list.optional().meta({ description: 'Frameworks whose controls the report counts' }),
  history: z.union([target, History]).optional().meta({ description: 'Where finished runs are kept' }),
  plugins: list.optional().meta({ description: 'Folders or npm packages with rules, relative to this file' }),
  cmkRequired: z
    .array(Selector)
    .optional()
    .meta({ description: 'Which resources must be encrypted under a customer managed key' }),
  trustedAccounts: z.array(accountId).optional().meta({ description: 'Accounts that are trusted beside those of the scope' }),
});
export type Config = z.infer<typeof Config>;
