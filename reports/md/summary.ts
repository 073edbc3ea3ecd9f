import type { Finding, ReportHeader, ReportSource, RuleRow } from '#model/report.js';
import { severities, severityRank } from '#model/severity.js';
import { counted, percent, period } from '../html/text.js';
import { compose, row, tableHead, type Section } from './compose.js';
import { digestOf, type Capped, type Digest } from './digest.js';
import { code, plain } from './escape.js';

export interface SummaryLimits {
  /** Rows of a table; the rest is counted. */
  readonly rows: number;
  /** Of the whole text, in UTF-8. */
  readonly bytes: number;
}

/** What a run found, in Markdown, within limits: gaps first, then what fails, what is not known, what is waived. */
export async function markdownSummary(source: ReportSource, limits: SummaryLimits): Promise<string> {
  const { header } = source;
  const digest = await digestOf(source, limits.rows);
  const sections = [
    overview(header, digest),
    gaps(header, limits),
    ruleErrors(header, limits),
    expired(digest),
    against(source, digest),
    severityTable(digest),
    ruleTable(header, digest, limits),
    findingTable('Worst findings', 'What is wrong', digest.fails),
    findingTable('Not known', 'Why', digest.unknowns),
    attested(digest),
    waived(digest),
    reasons(header, limits),
  ];
  return compose(
    sections.filter((section) => section !== null),
    limits.bytes,
  );
}

function overview(header: ReportHeader, { bySeverity, fails, waived: covered }: Digest): Section {
  const { run, scope, summary, tool } = header;
  const unknown = Object.values(bySeverity).reduce((sum, each) => sum + each.unknown, 0);
  const { value, note } = period(run.startedAt, run.finishedAt);
  const scanned = scope.accounts.filter(({ state }) => state === 'scanned').length;
  const facts = [
    `${counted(summary.resources, 'resource')} in ${counted(scanned, 'account')} and ${counted(scope.regions.length, 'region')}`,
    `score ${summary.score === null ? 'n/a' : percent(summary.score)}`,
    `run ${code(run.id)}, ${plain(value)} ${plain(note)}`.trimEnd(),
    `atrest ${plain(tool.version)}`,
  ];
  const lines = [
    `# Encryption at rest: ${fails.total === 0 ? 'no findings' : counted(fails.total, 'finding')}${unknown === 0 ? '' : `, ${counted(unknown, 'unknown')}`}`,
    '',
    ...(run.complete ? [] : ['**INCOMPLETE**: not everything in scope could be read. What follows is not all there is.', '']),
    facts.join(' · '),
  ];
  if (covered.total > 0) lines.push('', `${counted(covered.total, 'finding')} waived; they are listed at the end.`);
  return { head: lines.join('\n'), rows: [], total: 0 };
}

/** Accounts that could not be entered, then cells, those alike in one line. */
function gaps({ scope, coverage }: ReportHeader, limits: SummaryLimits): Section | null {
  const failed = scope.accounts.filter(({ state }) => state === 'failed');
  const ids = new Set(failed.map(({ id }) => id));
  const open = coverage.filter(({ state, account }) => state !== 'complete' && state !== 'skipped' && !ids.has(account));
  const total = failed.length + open.length;
  if (total === 0) return null;
  const rows = [
    ...failed.map(({ id, name, reason }) => [code(id), name === null ? '' : plain(name), 'not entered', plain(reason ?? '')]),
    ...open.map(({ account, region, service, state, reason, operations }) => {
      const errors = operations.filter(({ code: said }) => said !== null);
      const why = errors.slice(0, 3).map(({ operation, code: said }) => `${operation}: ${said ?? ''}`);
      if (errors.length > why.length) why.push(`and ${String(errors.length - why.length)} more operations`);
      return [code(`${account}/${region}`), plain(service), state, plain(reason ?? why.join('; '))];
    }),
  ];
  const head = tableHead('Could not be read', ['Where', 'What', 'State', 'Why']);
  return { head, rows: rows.slice(0, limits.rows).map(row), total };
}

function ruleErrors({ errors }: ReportHeader, limits: SummaryLimits): Section | null {
  if (errors.length === 0) return null;
  const rows = errors.slice(0, limits.rows).map((error) => row([code(error.rule), code(error.resource), plain(error.message)]));
  return { head: tableHead('Rules that broke', ['Rule', 'Resource', 'Message']), rows, total: errors.length };
}

function expired({ expired: { first, total } }: Digest): Section | null {
  if (total === 0) return null;
  const rows = first.map(({ rule, resource, waiver, attestation }) => {
    const note = waiver?.state === 'expired' ? waiver : attestation;
    const what = note === waiver ? 'waiver' : 'attestation';
    return row([code(rule), code(resource), what, note?.expires ?? '', code(note?.source ?? '')]);
  });
  const head = tableHead('EXPIRED waivers and attestations: these count again', [
    'Rule',
    'Resource',
    'What',
    'Expired',
    'Written',
  ]);
  return { head, rows, total };
}

function against({ against: earlier }: ReportSource, { changes, regressions }: Digest): Section | null {
  if (earlier === undefined || changes === null) return null;
  const counts = Object.entries(changes).filter(([, count]) => count > 0);
  const said =
    counts.length === 0 ? 'No findings in either run.' : counts.map(([change, n]) => `${String(n)} ${change}`).join(', ');
  const heading = `Against the run ${code(earlier.run)}`;
  if (regressions.total === 0) return { head: `## ${heading}\n\n${said}`, rows: [], total: 0 };
  const table = tableHead(heading, ['Change', ...findingColumns('What is wrong')]);
  const rows = regressions.first.map(({ change, after }) => row([change, ...(after === null ? [] : findingCells(after))]));
  return { head: table.replace('\n\n', `\n\n${said}\n\n`), rows, total: regressions.total };
}

function severityTable({ bySeverity }: Digest): Section {
  const rows = severities.map((name) => row([name, bySeverity[name].fail, bySeverity[name].waived, bySeverity[name].unknown]));
  return { head: tableHead('By severity', ['Severity', 'Fail', 'Waived', 'Unknown']), rows, total: rows.length };
}

/** Rules with something to say, the worst first. */
function ruleTable({ rules, summary }: ReportHeader, { byRule }: Digest, limits: SummaryLimits): Section {
  const counts = (id: string) => ({
    ...(byRule.get(id) ?? { fail: 0, waived: 0, unknown: 0 }),
    pass: summary.byRule[id]?.pass ?? 0,
    error: summary.byRule[id]?.error ?? 0,
  });
  const speaking = rules.filter(({ id }) => counts(id).fail + counts(id).unknown + counts(id).error > 0);
  const rank = ({ id, severity }: RuleRow) => [severityRank(severity), -counts(id).fail, -counts(id).unknown] as const;
  const sorted = speaking
    .map((rule) => ({ rule, rank: rank(rule) }))
    .sort(({ rank: a }, { rank: b }) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  const rows = sorted.slice(0, limits.rows).map(({ rule: { id, severity, title } }) => {
    const { fail, waived: covered, unknown, error, pass } = counts(id);
    return row([code(id), severity, plain(title), fail, covered, unknown, error, pass]);
  });
  const silent = rules.length - speaking.length;
  const quiet = `${counted(silent, rows.length === 0 ? 'rule' : 'other rule')} found nothing.`;
  if (rows.length === 0) return { head: `## By rule\n\n${quiet}`, rows: [], total: 0 };
  const head = tableHead('By rule', ['Rule', 'Severity', 'Title', 'Fail', 'Waived', 'Unknown', 'Error', 'Pass']);
  return { head: silent === 0 ? head : head.replace('\n\n', `\n\n${quiet}\n\n`), rows, total: speaking.length };
}

const findingColumns = (message: string): readonly string[] => ['Severity', 'Rule', 'Resource', 'Where', message];

function findingCells({ severity, rule, resource, account, region, message }: Finding): readonly string[] {
  return [severity, code(rule), code(resource), code(`${account}/${region}`), plain(message)];
}

function findingTable(heading: string, message: string, { first, total }: Capped<Finding>): Section | null {
  if (total === 0) return null;
  return { head: tableHead(heading, findingColumns(message)), rows: first.map((each) => row(findingCells(each))), total };
}

function attested({ attested: { first, total } }: Digest): Section | null {
  if (total === 0) return null;
  const rows = first.flatMap(({ rule, resource, attestation: note }) =>
    note === null ? [] : [row([code(rule), code(resource), note.result, plain(note.attestedBy), note.expires ?? 'no end'])],
  );
  return { head: tableHead('Not known, but attested', ['Rule', 'Resource', 'Result', 'By', 'Until']), rows, total };
}

function waived({ waived: { first, total } }: Digest): Section | null {
  if (total === 0) return null;
  const rows = first.flatMap(({ rule, severity, resource, waiver: note }) => {
    if (note === null) return [];
    const who = [note.owner, note.ticket].filter((each) => each !== null).join(', ');
    return [row([severity, code(rule), code(resource), plain(note.reason), plain(who), plain(note.expires ?? 'no end')])];
  });
  const head = tableHead('Waived', ['Severity', 'Rule', 'Resource', 'Reason', 'Who', 'Until']);
  return { head, rows, total };
}

/** Rules that the config turns off or makes less, or more, severe, where it says why. */
function reasons({ run }: ReportHeader, limits: SummaryLimits): Section | null {
  const { reasons: said = [] } = run;
  if (said.length === 0) return null;
  const rows = said
    .slice(0, limits.rows)
    .map(({ baseline, rule, state, reason }) => row([code(baseline), code(rule), plain(state), plain(reason)]));
  return { head: tableHead('Changed by a baseline', ['Baseline', 'Rule', 'To', 'Reason']), rows, total: said.length };
}
