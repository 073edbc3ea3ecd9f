import type { Language } from '#model/language.js';
import type { Redaction } from '#model/redaction.js';
import type { ReportHeader } from '#model/report.js';
import { severities } from '#model/severity.js';
import { compareText } from '#model/place.js';
import { percent, utc } from '../text.js';
import { gapTotals } from './gaps.js';
import { overviewOf, totalsOf, type OverviewView } from './overview.js';
import type { Texts } from '../texts/index.js';

/** The page of an account. */
export interface AccountReport {
  /** Where it is, from the page over all. */
  readonly file: string;
  /** What it was made from, with pseudonyms where they were asked for. */
  readonly header: ReportHeader;
}

/** What the page over the accounts of a run is made from. */
export interface AccountsPage {
  /** Of the whole run. */
  readonly header: ReportHeader;
  readonly reports: readonly AccountReport[];
  readonly redact: readonly Redaction[];
  /** Undefined: English. */
  readonly language?: Language | undefined;
  /** Of the run; undefined: it is not finished. */
  readonly manifestSha256?: string | undefined;
}

interface AccountRow {
  readonly file: string;
  readonly account: string;
  readonly path: string;
  readonly state: string;
  readonly reason: string;
  readonly score: string;
  /** Fails by severity, then fails, waived, unknown, gaps. */
  readonly figures: readonly number[];
}

export interface AccountsPageView extends Pick<OverviewView, 'verdict' | 'run' | 'redacted'> {
  readonly id: string;
  readonly tool: string;
  readonly started: string;
  readonly manifest: string;
  readonly rows: readonly AccountRow[];
}

/** Accounts that were not scanned come first, then those with the gravest fails. */
export function accountsPageOf({ header, reports, redact, manifestSha256 = '' }: AccountsPage, texts: Texts): AccountsPageView {
  const { verdict, run, redacted } = overviewOf({ ...header, redacted: [...redact] }, texts);
  const rows = reports.map((report) => rowOf(report, texts));
  return {
    ...{ verdict, run, redacted },
    id: header.run.id,
    tool: `${header.tool.name} ${header.tool.version}`,
    started: utc(header.run.startedAt),
    manifest: manifestSha256,
    rows: rows.toSorted(
      (a, b) =>
        Number(b.state === 'failed') - Number(a.state === 'failed') ||
        a.figures.reduce((order, count, at) => order || (b.figures[at] ?? 0) - count, 0) ||
        compareText(a.file, b.file),
    ),
  };
}

function rowOf({ file, header }: AccountReport, { notKnown, tiny, noReason }: Texts): AccountRow {
  const { summary, scope, run } = header;
  const [account] = scope.accounts;
  const { fail, unknown } = totalsOf(header);
  const { gapCells } = gapTotals(header);
  const scanned = account?.state === 'scanned';
  return {
    file,
    account: account?.name ? `${account.name} (${account.id})` : (account?.id ?? file),
    path: account?.path ?? '',
    state: scanned ? (run.complete ? 'complete' : 'partial') : (account?.state ?? 'failed'),
    reason: scanned ? '' : (account?.reason ?? noReason),
    score: summary.score === null ? notKnown : percent(summary.score, tiny),
    figures: [...severities.map((severity) => summary.bySeverity[severity].fail), fail, summary.waived, unknown, gapCells],
  };
}
