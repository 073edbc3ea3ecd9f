import { z } from 'zod';
import { severities } from './severity.js';

/** What an unknown that comes with a gap in the coverage does: it counts as a fail, makes the run incomplete, or nothing. */
export const unknownModes = ['fail', 'gap', 'ignore'] as const;
export type UnknownMode = (typeof unknownModes)[number];

const threshold = z.enum([...severities, 'never']);
const max = z.int({ error: 'a whole number is expected' }).min(0);
const accountId = z.string().regex(/^\d{12}$/, 'an account id has 12 digits');

/** `gate:` of the config. */
export const GateConfig = z.strictObject({
  failOn: threshold.optional().meta({ description: 'Findings of this severity or worse fail the gate' }),
  failOnNew: threshold.optional().meta({ description: 'The same for findings that are new or worse' }),
  unknown: z.enum(unknownModes).optional().meta({ description: 'What an unknown does that comes with a gap; default: gap' }),
  max: z
    .strictObject({ rules: z.record(z.string(), max).optional(), accounts: z.record(accountId, max).optional() })
    .optional()
    .meta({ description: 'So many findings of a rule, or in an account, fail nothing' }),
});
export type GateConfig = z.infer<typeof GateConfig>;
