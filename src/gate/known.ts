import { findingId } from '#model/finding.js';
import { levels } from '#model/level.js';
import type { Finding } from '#model/report.js';
import { severities } from '#model/severity.js';
import { z } from 'zod';
import { gradeOf, isWorse } from './change.js';

const date = z.iso.date({ error: 'a date is expected, as 2027-03-31' });

/** A finding that is accepted as it is, at the level that it has. */
export const KnownFinding = z
  .strictObject({
    id: z.string(),
    rule: z.string(),
    account: z.string(),
    region: z.string(),
    kind: z.string(),
    resource: z.string(),
    severity: z.enum(severities),
    level: z.enum(levels).nullable(),
    firstSeen: date,
  })
  .refine(
    ({ id, rule, resource, account, region }) => id === findingId(rule, resource, account, region),
    'the id is not that of the rule, resource, account and region: write the file with `atrest known write`',
  );
export type KnownFinding = z.infer<typeof KnownFinding>;

/** The committed file of accepted findings. */
export const KnownFile = z.strictObject({ version: z.literal(1), known: z.array(KnownFinding) });

export function knownOf(finding: Finding, firstSeen: string): KnownFinding {
  const { id, rule, account, region, kind, resource } = finding;
  return { id, rule, account, region, kind, resource, ...gradeOf(finding), firstSeen };
}

/** Whether a finding is accepted. One that is worse than what was accepted is new. */
export function isAccepted(finding: Finding, known: KnownFinding | undefined): boolean {
  return known !== undefined && !isWorse(gradeOf(finding), known);
}
