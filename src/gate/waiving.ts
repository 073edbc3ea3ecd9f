import type { Attempt } from '#model/attempt.js';
import { daysLeft, isOver } from '#model/days.js';
import type { AttestationNote, Finding, StatementRow, WaiverNote } from '#model/report.js';
import type { Tags } from '#model/resources/index.js';
import type { Attestation, Conditions, Waiver, Waivers } from '#model/waiver.js';
import { canFit, fits, type Subject } from './conditions.js';

/** How long before its end a waiver is spoken of. */
const warningDays = 14;

type Note = WaiverNote | AttestationNote;

/** A waiver or an attestation, with what is noted on the findings that it means and how many they are. */
interface Statement<N extends Note> {
  readonly wanted: Conditions;
  readonly note: N;
  matches: number;
}

type Statements<N extends Note> = readonly Statement<N>[];

interface OnRule {
  readonly waivers: Statements<WaiverNote>;
  readonly attestations: Statements<AttestationNote>;
}

/** What waivers and attestations say of the findings of a run at a moment, and how often each of them does. */
export class Waiving {
  readonly #waivers: Statements<WaiverNote>;
  readonly #attestations: Statements<AttestationNote>;
  readonly #now: Date;

  constructor({ waivers, attestations }: Waivers, now: Date) {
    this.#now = now;
    this.#waivers = waivers.map((waiver) => ({ wanted: waiver, note: waiverNote(waiver, now), matches: 0 }));
    this.#attestations = attestations.map((each) => ({ wanted: each, note: attestationNote(each, now), matches: 0 }));
  }

  /** For the findings of one account; `paths` are its OU paths, as far as they are known. */
  inAccount(account: string, paths: readonly string[]): AccountWaiving | undefined {
    if (this.#waivers.length + this.#attestations.length === 0) return undefined;
    return new AccountWaiving(this.#waivers, this.#attestations, account, paths);
  }

  /** How many findings each statement means so far, waivers first, in the order of the files. */
  matches(): readonly number[] {
    return [...this.#waivers, ...this.#attestations].map(({ matches }) => matches);
  }

  /** Adds what another part of the run matched. */
  addMatches(more: readonly number[]): void {
    for (const [index, statement] of [...this.#waivers, ...this.#attestations].entries()) statement.matches += more[index] ?? 0;
  }

  /** Every statement with how many findings it means among those that were noted so far, in the order of the files. */
  rows(useOf: (wanted: Conditions) => 'unused' | 'not-evaluated'): readonly StatementRow[] {
    const row = ({ wanted, note: { reason, expires, source }, matches }: Statement<Note>) => ({
      rule: wanted.rule,
      reason,
      expires,
      state: stateAt(expires, this.#now),
      matches,
      use: matches > 0 ? ('used' as const) : useOf(wanted),
      source,
    });
    return [
      ...this.#waivers.map((each) => ({ type: 'waiver' as const, by: each.note.owner, ...row(each) })),
      ...this.#attestations.map((each) => ({ type: 'attestation' as const, by: each.note.attestedBy, ...row(each) })),
    ];
  }
}

/** The statements that can concern an account, by rule: a rule that none of them names costs its findings one look. */
export class AccountWaiving {
  readonly #waivers: Statements<WaiverNote>;
  readonly #attestations: Statements<AttestationNote>;
  readonly #account: string;
  readonly #paths: readonly string[];
  readonly #byRule = new Map<string, OnRule | null>();

  constructor(
    waivers: Statements<WaiverNote>,
    attestations: Statements<AttestationNote>,
    account: string,
    paths: readonly string[],
  ) {
    this.#waivers = waivers;
    this.#attestations = attestations;
    this.#account = account;
    this.#paths = paths;
  }

  /** Notes on a fail or an unknown what is said of it. */
  note(finding: Finding, tags: Subject['tags']): void {
    const on = this.#on(finding.rule);
    if (on === null) return;
    const subject: Subject = { finding, paths: this.#paths, tags };
    finding.waiver = noteOf(on.waivers, subject);
    if (finding.verdict === 'unknown') finding.attestation = noteOf(on.attestations, subject);
  }

  #on(rule: string): OnRule | null {
    let on = this.#byRule.get(rule);
    if (on === undefined) {
      const finding = { rule, account: this.#account, region: '', resource: '' };
      const subject: Subject = { finding, paths: this.#paths, tags: unknownTags };
      const waivers = this.#waivers.filter(({ wanted }) => canFit(wanted, subject));
      const attestations = this.#attestations.filter(({ wanted }) => canFit(wanted, subject));
      on = waivers.length + attestations.length === 0 ? null : { waivers, attestations };
      this.#byRule.set(rule, on);
    }
    return on;
  }
}

/** Of what is no resource, as a listing that could not be read. */
export function unknownTags(): Attempt<Tags> {
  return { known: false, missing: [] };
}

/** Of several that mean a finding the one that lasts longest: it is the one that counts whenever the finding is read. */
function noteOf<N extends Note>(statements: Statements<N>, subject: Subject): N | null {
  let best: N | null = null;
  for (const statement of statements) {
    if (!fits(statement.wanted, subject)) continue;
    statement.matches += 1;
    if (best === null || outranks(statement.note, best)) best = statement.note;
  }
  return best;
}

function outranks(a: Note, b: Note): boolean {
  // Where somebody found that it fails, no word that it passes may hide that.
  if (attestsFail(a) !== attestsFail(b)) return attestsFail(a);
  return b.expires !== null && (a.expires === null || a.expires > b.expires);
}

function attestsFail(note: Note): boolean {
  return 'result' in note && note.result === 'fail' && note.state === 'valid';
}

function waiverNote({ reason, owner, ticket, approvedBy, expires, source }: Waiver, now: Date): WaiverNote {
  return { state: isOver(expires, now) ? 'expired' : 'valid', reason, owner, ticket, approvedBy, expires, source };
}

function attestationNote({ result, reason, by, on, evidence, expires, source }: Attestation, now: Date): AttestationNote {
  const state = isOver(expires, now) ? 'expired' : 'valid';
  return { state, result, reason, attestedBy: by, attestedOn: on, evidence, expires, source };
}

function stateAt(expires: string | null, now: Date): StatementRow['state'] {
  if (isOver(expires, now)) return 'expired';
  return expires !== null && daysLeft(expires, now) <= warningDays ? 'expiring' : 'valid';
}
