import type { CoverageRow } from '#model/report.js';

/** True for a cell of which something is missing; a region that the account has not enabled is no gap. */
export function isGap({ state }: Pick<CoverageRow, 'state'>): boolean {
  return state !== 'complete' && state !== 'skipped';
}

/** Where and why a cell was not read whole. */
export function gapText({ account, region, service, state, reason, operations }: CoverageRow): string {
  const failed = operations.filter(({ errors }) => errors > 0);
  const why = failed.map(
    ({ operation, code, errors, calls }) => `${operation} (${code ?? 'no code'}, ${errors} of ${calls} calls)`,
  );
  const because = why.length > 0 ? why.join(', ') : (reason ?? 'no reason was given');
  return `${service} in account ${account}, ${region}, is ${state}: ${because}. What was not read is unknown, not clean.`;
}
