import { z } from 'zod';
import { levels } from './level.js';

const count = z.int().nonnegative();
const causes = ['denied', 'throttled', 'unreachable', 'absent-field', 'foreign', 'uncollected', 'unfinished'] as const;

export const Missing = z.object({
  facet: z.string(),
  operation: z.string().nullable(),
  action: z.string().nullable().meta({ description: 'The IAM action that the operation needs' }),
  code: z.string().nullable().meta({ description: 'The error code as AWS gave it; for absent-field the field' }),
  cause: z.enum(causes),
  account: z.string().optional().meta({ description: 'For foreign: the account that owns the key' }),
});

/** Who may use a customer managed key by its policy; whoever may only look at it is left out. */
export const KeyReach = z.object({
  everyone: z
    .enum(['no', 'bound', 'public'])
    .meta({ description: 'public: no condition binds the caller; bound: everyone whom a condition lets through' }),
  ownAccount: z
    .boolean()
    .meta({ description: 'It lets in the account of the key as a whole, mostly to leave the rest to IAM there' }),
  ownPrincipals: count.meta({ description: 'Users and roles of the account of the key that the policy names' }),
  others: z
    .array(z.object({ as: z.enum(['account', 'organisation', 'service', 'principal']), name: z.string() }))
    .meta({ description: 'Whom else it lets in, the first of them' }),
  othersTotal: count,
});
export type KeyReach = z.infer<typeof KeyReach>;

/** What is left out was not collected, for no rule of the run needed it, unless `missing` says that it could not be read. */
export const KeyRow = z.object({
  arn: z.string(),
  name: z.string(),
  manager: z.string().nullable(),
  state: z.string().nullable(),
  dependants: z.record(z.string(), count).meta({ description: 'Resources of the run that use the key, by kind' }),
  dependantsComplete: z.boolean(),
  uses: z
    .array(z.object({ kind: z.string(), usage: z.string(), count }))
    .optional()
    .meta({ description: 'The same by what they use the key for; left out: each for what its kind says' }),
  places: z
    .array(z.object({ account: z.string(), region: z.string(), dependants: z.record(z.string(), count) }))
    .optional()
    .meta({ description: 'The same by account and region; left out: none' }),
  spec: z.string().nullable().optional(),
  usage: z.string().nullable().optional(),
  origin: z.string().nullable().optional(),
  deletionAt: z.string().optional().meta({ description: 'Left out: none is set' }),
  materialExpiresAt: z
    .string()
    .optional()
    .meta({ description: 'When the first of its imported key materials expires; left out: none does' }),
  multiRegion: z
    .object({ role: z.enum(['PRIMARY', 'REPLICA']).nullable(), primary: z.string().nullable(), replicas: z.array(z.string()) })
    .optional()
    .meta({ description: 'Of a multi-Region key, by ARN' }),
  rotation: z
    .object({
      enabled: z.boolean(),
      periodDays: count.nullable(),
      nextAt: z.string().nullable(),
      why: z.string().nullable().meta({ description: 'Why it does not rotate by itself, where nobody can set that' }),
    })
    .optional(),
  reach: KeyReach.optional(),
  grants: count.optional(),
  monthlyCost: z
    .object({ usd: z.number().nullable(), why: z.string() })
    .optional()
    .meta({ description: 'List price of a customer managed key, requests apart' }),
  missing: z.array(Missing).optional().meta({ description: 'Facts about the key that could not be read; left out: none' }),
});
export type KeyRow = z.infer<typeof KeyRow>;

/** A snapshot in a chain of copies. */
export const LineageHop = z.object({
  resource: z.string().meta({ description: 'Its ARN; its id alone where that is all that is known of it' }),
  kind: z.string(),
  account: z.string().nullable(),
  region: z.string().nullable(),
  level: z.enum(levels).nullable().meta({ description: 'What it is encrypted under; null: not known, or nothing to say' }),
  key: z.string().nullable().meta({ description: 'ARN of its key' }),
  trouble: z.string().nullable().meta({ description: 'Why its key cannot be used, now or soon' }),
  unread: z.string().nullable().meta({ description: 'Why no more is known of it' }),
});
export type LineageHop = z.infer<typeof LineageHop>;

export const SnapshotLineage = z.object({
  chains: z
    .array(z.object({ hops: z.array(LineageHop) }))
    .meta({ description: 'From the first snapshot to the last copy; what can be lost comes first' }),
  more: count.meta({ description: 'Chains that are left out' }),
  unseen: count.meta({ description: 'Copies that were not looked at, for there are too many' }),
});
export type SnapshotLineage = z.infer<typeof SnapshotLineage>;
