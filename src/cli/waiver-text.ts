import type { StatementRow } from '#index.js';

/** What has to be done about waivers and attestations: what expired first, then what is about to, then what is of no use. */
export function waiverWarnings(rows: readonly StatementRow[]): readonly string[] {
  const expired = rows.filter(({ state }) => state === 'expired');
  const expiring = rows.filter(({ state }) => state === 'expiring');
  const unused = rows.filter(({ use, state }) => use === 'unused' && state !== 'expired');
  return [
    ...expired.map(
      (row) => `EXPIRED: the ${named(row)} ended on ${row.expires ?? ''}.${row.matches > 0 ? ` ${countAgain(row)}` : ''}`,
    ),
    ...expiring.map((row) => `The ${named(row)} ends on ${row.expires ?? ''}: renew it, or fix what it covers.`),
    ...unused.map((row) => `The ${named(row)} is not used: nothing in this run that it could mean is ${lacking(row)}.`),
  ];
}

function named({ type, source, rule, reason }: StatementRow): string {
  return `${type} ${source} (${rule}${reason === null ? '' : `: ${reason}`})`;
}

function countAgain({ type, matches }: StatementRow): string {
  const findings = `${String(matches)} ${matches === 1 ? 'finding' : 'findings'}`;
  return type === 'waiver'
    ? `${findings} that it covered ${matches === 1 ? 'counts' : 'count'} again.`
    : `${findings} that it decided ${matches === 1 ? 'is' : 'are'} unknown again.`;
}

function lacking({ type }: StatementRow): string {
  return type === 'waiver' ? 'a fail or an unknown' : 'unknown';
}
