import { z } from 'zod';

const count = z.int().nonnegative();

const endDate = z.string().nullable().meta({ description: 'Last valid day, as YYYY-MM-DD; null: it has no end' });
const statement = z.string().meta({ description: 'Where it is written, as file:line:column' });

/** What a waiver says of a finding. One that has expired covers nothing, and is shown so that nobody wonders. */
export const WaiverNote = z.object({
  state: z.enum(['valid', 'expired']),
  reason: z.string(),
  owner: z.string().nullable(),
  ticket: z.string().nullable(),
  approvedBy: z.string().nullable(),
  expires: endDate,
  source: statement,
});
export type WaiverNote = z.infer<typeof WaiverNote>;

/** What somebody attests of what could not be read. It decides an unknown for the gate; the verdict stays unknown. */
export const AttestationNote = z.object({
  state: z.enum(['valid', 'expired']),
  result: z.enum(['pass', 'fail']),
  reason: z.string().nullable(),
  attestedBy: z.string(),
  attestedOn: z.string().meta({ description: 'YYYY-MM-DD' }),
  evidence: z.string().nullable().meta({ description: 'Link to what proves it' }),
  expires: endDate,
  source: statement,
});
export type AttestationNote = z.infer<typeof AttestationNote>;

/** A waiver or an attestation as a whole: how it stands to its end, and whether it means anything of the run. */
export const StatementRow = z.object({
  type: z.enum(['waiver', 'attestation']),
  rule: z.string().meta({ description: "A rule's id, or a glob over ids" }),
  by: z.string().nullable().meta({ description: 'Who owns a waiver; who attests' }),
  reason: z.string().nullable(),
  expires: endDate,
  state: z.enum(['valid', 'expiring', 'expired']).meta({ description: 'expiring: in 14 days or less' }),
  matches: count.meta({ description: 'Findings that it means: fails and unknowns of a waiver, unknowns of an attestation' }),
  use: z
    .enum(['used', 'unused', 'not-evaluated'])
    .meta({ description: 'not-evaluated: it means nothing of the run, but not all that it could mean was judged' }),
  source: statement,
});
export type StatementRow = z.infer<typeof StatementRow>;
