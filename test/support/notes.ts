import type { AttestationNote, WaiverNote } from '#model/report.js';

/** A waiver that covers its finding. */
export function waived(given: Partial<WaiverNote> = {}): WaiverNote {
  return {
    state: 'valid',
    reason: 'static assets, public by design',
    owner: 'web-team',
    ticket: 'SEC-12',
    approvedBy: null,
    expires: '2026-12-31',
    source: 'waivers.yaml:2:5',
    ...given,
  };
}

/** An attestation that decides its unknown. */
export function attested(given: Partial<AttestationNote> = {}): AttestationNote {
  return {
    state: 'valid',
    result: 'pass',
    reason: null,
    attestedBy: 'Ada',
    attestedOn: '2026-10-01',
    evidence: 'https://wiki.example.com/keys',
    expires: '2027-03-31',
    source: 'waivers.yaml:20:5',
    ...given,
  };
}
