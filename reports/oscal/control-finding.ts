import { outcomeOf, outcomeWords } from '../control-outcome.js';
import type { NamedControl } from './controls.js';
import type { Ids } from './ids.js';
import { line, props } from './text.js';

interface Status {
  readonly state: 'satisfied' | 'not-satisfied';
  readonly reason: 'pass' | 'fail' | 'other';
  readonly remarks?: string;
}

/** How much of the scope was read. */
export interface Extent {
  readonly complete: boolean;
  readonly notEntered: readonly string[];
}

/** Satisfied is only what was looked at whole and passed whole. OSCAL has two states; the remarks say which of ours it is. */
function statusOf({ row }: NamedControl, { complete, notEntered }: Extent): Status {
  const other = (remarks: string): Status => ({ state: 'not-satisfied', reason: 'other', remarks });
  switch (outcomeOf(row, notEntered)) {
    case 'fail':
      return { state: 'not-satisfied', reason: 'fail' };
    case 'unknown': {
      const attested = row.attested === undefined ? '' : ` Of the unknowns, ${String(row.attested)} are attested by somebody.`;
      return other(`Not all of it could be judged: what could not be read is unknown, not passed.${attested}`);
    }
    case 'waived':
      return other('What fails is waived: see the risks whose status is deviation-approved.');
    case 'nothing':
      return other('There was nothing to judge.');
    case 'not-covered':
      return other('No rule looked at it.');
    case 'part':
      return other(
        notEntered.length === 0
          ? 'What was looked at passes, but that is not all the control asks for.'
          : `What was read passes, but these accounts could not be entered: ${notEntered.join(', ')}.`,
      );
    case 'pass':
      if (!complete) return other('What was read passes, but the run is not complete.');
      return { state: 'satisfied', reason: 'pass' };
  }
}

/** A finding on a control, but for the lists of observations and risks that it leans on. */
export function controlFinding(control: NamedControl, extent: Extent, ids: Ids): object {
  const { row, controlId, target } = control;
  const { id, title, pass, fail, unknown, error, waived = 0, attested = 0 } = row;
  const gaps = [
    ...row.notCovered.map((each) => `Not covered: ${each}.`),
    ...(row.off.length > 0 ? [`Rules that were off: ${row.off.join(', ')}.`] : []),
    ...Object.entries(row.offIn).map(([rule, accounts]) => `Rule ${rule} was off in accounts ${accounts.join(', ')}.`),
  ];
  const count = (number: number): string | null => (number === 0 ? null : String(number));
  return {
    uuid: ids.other('control', id),
    title: line(title === null ? id : `${id}: ${title}`),
    description: line(
      `Rules ${row.rules.join(', ')} over all resources of the run: pass ${String(pass)}, fail ${String(fail)}, ` +
        `unknown ${String(unknown)}, waived ${String(waived)}, rule error ${String(error)}.`,
    ),
    ...props({
      ...{ control: id, 'control-id': controlId, outcome: outcomeWords[outcomeOf(row, extent.notEntered)], covered: row.covered },
      ...{ pass: String(pass), fail: String(fail), unknown: String(unknown), waived: count(waived), attested: count(attested) },
    }),
    origins: [{ actors: [{ type: 'tool', 'actor-uuid': ids.tool }] }],
    target: { type: target.type, 'target-id': target.id, status: statusOf(control, extent) },
    ...(gaps.length > 0 && { remarks: gaps.map(line).join('\n\n') }),
  };
}
