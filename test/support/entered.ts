import type { Report } from '#model/report.js';

/** The same report of accounts that could all be entered. */
export function allEntered(report: Report): Report {
  const accounts = report.scope.accounts.map((account) =>
    account.state === 'failed' ? { ...account, state: 'scanned' as const, reason: null } : account,
  );
  return { ...report, scope: { ...report.scope, accounts } };
}
