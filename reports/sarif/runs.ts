import { compareText } from '#model/place.js';
import type { AccountRow, ReportHeader } from '#model/report.js';
import { limits } from './limits.js';

/** A SARIF run: the accounts whose findings it holds. GitHub keeps the alerts of each category apart. */
export interface RunOfAccounts {
  readonly category: string;
  readonly accounts: readonly AccountRow[];
}

/**
 * A run for each account; beyond GitHub's 20 runs a file, a run for every twentieth of the account ids, so that an account
 * stays in its category when others come and go. In both cases the order of the accounts is that of findings. An account
 * that could not be entered has no run of its own: an empty one would close all its alerts as fixed.
 */
export function runsOf({ scope }: Pick<ReportHeader, 'scope'>): readonly RunOfAccounts[] {
  const asked = scope.accounts.filter(({ state }) => state !== 'skipped');
  const categoryOf = asked.length <= limits.runs ? (id: string) => id : twentiethOf;
  const runs = new Map<string, AccountRow[]>();
  for (const account of asked.filter(({ state }) => state === 'scanned').sort((a, b) => compareText(a.id, b.id))) {
    const category = categoryOf(account.id);
    runs.set(category, [...(runs.get(category) ?? []), account]);
  }
  if (runs.size === 0) return [{ category: 'atrest/', accounts: [] }];
  return [...runs].map(([category, accounts]) => ({ category: `atrest/${category}/`, accounts }));
}

/** `05-09` of 071234567890. */
function twentiethOf(id: string): string {
  const first = Math.floor(Number(id.slice(0, 2)) / 5) * 5;
  return [first, first + 4].map((part) => String(part).padStart(2, '0')).join('-');
}
