import { z } from 'zod';
import { Selector } from '#model/baseline.js';

const accountIdHint = 'an account id has 12 digits; quote it, or YAML reads it as a number';
const accountId = z.string({ error: accountIdHint }).regex(/^\d{12}$/, accountIdHint);
const list = z.array(z.string().min(1));

/** `atrest.yaml`. */
export const Config = z.strictObject({
  version: z.literal(1),
  scope: z
    .strictObject({
      accounts: z
        .array(z.union([accountId, z.strictObject({ id: accountId, name: z.string().optional(), role: z.string().optional() })]))
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
  cmkRequired: z
    .array(Selector)
    .optional()
    .meta({ description: 'Which resources must be encrypted under a customer managed key' }),
  trustedAccounts: z.array(accountId).optional().meta({ description: 'Accounts that are trusted beside those of the scope' }),
});
export type Config = z.infer<typeof Config>;
