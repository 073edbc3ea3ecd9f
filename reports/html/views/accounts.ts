import type { AccountRow, ReportHeader } from '#model/report.js';
import { own } from './names.js';

/** An account with what it was judged by and who asked. */
export interface AccountLine extends AccountRow {
  readonly baseline: string | null;
  readonly caller: string | null;
}

/** The accounts in scope: those that were not scanned apart from those that were. */
export interface AccountsView {
  readonly missed: readonly AccountLine[];
  readonly scanned: readonly AccountLine[];
}

export function accountsOf({ scope, run }: ReportHeader): AccountsView {
  const lines = scope.accounts.map((account) => ({
    ...account,
    baseline: own(run.baseline, account.id) ?? null,
    caller: own(run.callers, account.id) ?? null,
  }));
  const rank = { failed: 0, skipped: 1, scanned: 2 } as const;
  return {
    missed: lines.filter(({ state }) => state !== 'scanned').toSorted((a, b) => rank[a.state] - rank[b.state]),
    scanned: lines.filter(({ state }) => state === 'scanned'),
  };
}
