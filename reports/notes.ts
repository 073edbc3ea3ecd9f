import type { AttestationNote, WaiverNote } from '#model/report.js';

/** What a waiver says of a finding, in a sentence or two. */
export function waiverText({ state, reason, owner, ticket, expires }: WaiverNote): string {
  const whose = [ticket, owner].filter((part) => part !== null).join(', ');
  const until = expires === null ? '' : ` until ${expires}`;
  const head =
    state === 'valid' ? `Waived${until}` : `No longer waived: the last day of the waiver was ${expires ?? 'before this run'}`;
  return `${head}${whose === '' ? '' : ` (${whose})`}: ${ended(reason)}`;
}

/** What an attestation says of an unknown, in a sentence or two. */
export function attestationText({ state, result, reason, attestedBy, attestedOn, evidence, expires }: AttestationNote): string {
  const head = `Attested as ${result} by ${attestedBy} on ${attestedOn}`;
  const until = state === 'valid' ? '' : `, of which the last day was ${expires ?? 'before this run'}`;
  const proof = evidence === null ? '' : ` Evidence: ${evidence}`;
  return `${head}${until}${reason === null ? '.' : `: ${ended(reason)}`}${proof}`;
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
