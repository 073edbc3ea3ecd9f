import { isOver } from '#model/days.js';
import type { Finding } from '#model/report.js';

/** What of a finding says whether something was said of it. */
export type Noted = Pick<Finding, 'verdict' | 'waiver' | 'attestation'>;

/**
 * Whether a waiver covers a finding at this moment: then it is shown and never gates. The state that was noted when the
 * run was evaluated is not asked: a waiver may have expired since.
 */
export function isWaived({ verdict, waiver }: Noted, now: Date): boolean {
  return waiver !== null && (verdict === 'fail' || verdict === 'unknown') && !isOver(waiver.expires, now);
}

/** What counts for an unknown at this moment because somebody attested it; null: nothing does, it is as unknown as before. */
export function attested({ verdict, attestation }: Noted, now: Date): 'pass' | 'fail' | null {
  if (attestation === null || verdict !== 'unknown' || isOver(attestation.expires, now)) return null;
  return attestation.result;
}
