import type { AttestationNote, WaiverNote } from '#model/report.js';
import { worded } from '../text.js';
import { filled, texts } from './texts.js';

const words = texts.panel;

/** What a waiver says of a finding, in a sentence or two. */
export function waiverText({ state, reason, owner, ticket, expires: date }: WaiverNote): string {
  const whose = [ticket, owner].filter((part) => part !== null).join(', ');
  const valid = date === null ? words.waived : filled(words.waivedUntil, { date });
  const ended = date === null ? words.waiverEndedBefore : filled(words.waiverEnded, { date });
  return `${state === 'valid' ? valid : ended}${whose === '' ? '' : ` (${whose})`}: ${closed(reason)}`;
}

/** What an attestation says of an unknown, in a sentence or two. */
export function attestationText(note: AttestationNote): string {
  const { state, result, reason, attestedBy: who, attestedOn: day, evidence, expires } = note;
  const ended = expires === null ? words.attestationEndedBefore : words.attestationEnded;
  const verdict = worded(texts.verdicts, result);
  const head = filled(state === 'valid' ? words.attestedBy : ended, { verdict, who, day, date: expires ?? '' });
  const proof = evidence === null ? '' : ` ${filled(words.proof, { evidence })}`;
  return `${head}${reason === null ? '.' : `: ${closed(reason)}`}${proof}`;
}

/** `new: it passed before` in the page's language. */
export function changeText(change: string): string {
  const [name = '', ...reason] = change.split(': ');
  const word = worded(texts.changes, name);
  return reason.length === 0 ? word : `${word}: ${worded(texts.reasons, reason.join(': '))}`;
}

function closed(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
