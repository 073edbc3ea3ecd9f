/** Lists in messages: whole while they are short, counted where they are not. */

import type { StatementRef } from './document.js';
import { statementName } from './reading.js';

/** Distinct and sorted; `kms:*` means more than fifty actions. */
export function listActions(actions: readonly string[]): string {
  const names = [...new Set(actions)].sort();
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more actions`;
}

/** Distinct, in the order given: `a`, `a and b`, `a, b, c and 7 more principals`. */
export function listNames(names: readonly string[], noun: string): string {
  const distinct = [...new Set(names)];
  const last = distinct.length <= 4 ? distinct.pop() : `${distinct.length - 3} more ${noun}`;
  const first = distinct.slice(0, 3).join(', ');
  return first === '' ? (last ?? '') : `${first} and ${last ?? ''}`;
}

/** Each statement once, in the order of the policy. */
export function listStatements(statements: readonly StatementRef[]): string {
  const inOrder = [...statements].sort((a, b) => a.index - b.index);
  return listNames(inOrder.map(statementName), 'statements');
}

/** As many grants as a finding shows: a key may have fifty thousand. */
export const shownGrants = 20;
