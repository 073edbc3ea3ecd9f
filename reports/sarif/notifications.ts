import type { AccountRow, ReportHeader } from '#model/report.js';
import { gapText, isGap } from '../gaps.js';
import { message } from './message.js';

/** What a notification is about; `left-out`: findings of the earlier run that no run of the file holds. */
export type NotificationKind = 'coverage' | 'account' | 'rule-error' | 'aggregated' | 'left-out';

/** A remark on how the run went. What could not be read is an error: what it hides is unknown. */
export function notification(kind: NotificationKind, level: 'error' | 'warning' | 'note', text: string): object {
  return { descriptor: { id: kind }, level, message: message(text) };
}

/** What could not be read in the accounts, a notification a cell. */
export function* coverageGaps({ coverage }: ReportHeader, accounts: ReadonlySet<string>): Generator<object> {
  for (const row of coverage) {
    if (!isGap(row) || !accounts.has(row.account)) continue;
    yield notification('coverage', 'error', gapText(row));
  }
}

/** An account that has no run in the file, so that what a viewer knows of it stays as it was. */
export function notScanned({ id, state, reason }: AccountRow): object {
  const level = state === 'failed' ? 'error' : 'note';
  return notification('account', level, `Account ${id} was not scanned and has no run here: ${reason ?? 'no reason was given'}.`);
}
