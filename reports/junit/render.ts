import type { CoverageRow, Finding, ReportFormat, ReportHeader, ReportSource } from '#model/report.js';
import { inChunks } from '../chunks.js';
import { caseOf, coverageCaseOf, errorCaseOf, outcomeOf, written, type Outcome, type TestCase } from './cases.js';
import { attributes } from './xml.js';

/** `report.junit.xml`: findings as test cases, and beside them whether each service could be read. */
export const junit: ReportFormat = {
  name: 'junit',
  file: 'report.junit.xml',
  render: (source) => inChunks(pieces(source)),
};

type Counts = Record<Outcome, number>;

interface Suite {
  readonly name: string;
  readonly counts: Counts;
}

/** Counts come before what they count, so that the findings are read twice. */
async function* pieces({ header, findings }: ReportSource): AsyncGenerator<string> {
  const suites: Suite[] = [];
  for await (const finding of findings()) {
    if (suites.at(-1)?.name !== suiteOf(finding)) suites.push({ name: suiteOf(finding), counts: none() });
    const counts = suites.at(-1)?.counts;
    if (counts !== undefined) counts[outcomeOf(finding)] += 1;
  }
  const fixed = fixedSuites(header);
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites${attributes({ name: 'atrest', time: '0', ...totals([...suites, ...fixed].map(({ counts }) => counts)) })}>\n`;
  for (const { name, counts, cases } of fixed) {
    yield opening({ name, counts }, header);
    for (const each of cases) yield written(each);
    yield '  </testsuite>\n';
  }
  let at = -1;
  for await (const finding of findings()) {
    if (at < 0 || suites[at]?.name !== suiteOf(finding)) {
      if (at >= 0) yield '  </testsuite>\n';
      at += 1;
      const suite = suites[at];
      if (suite?.name !== suiteOf(finding)) throw new Error('The findings are not the same when they are read again');
      yield opening(suite, header);
    }
    yield written(caseOf(finding));
  }
  yield `${at >= 0 ? '  </testsuite>\n' : ''}</testsuites>\n`;
}

/**
 * Account and region, as the coverage has them: general purpose buckets are listed once for all regions, and findings come
 * in that order.
 */
function suiteOf({ account, region, kind }: Finding): string {
  return `${account}/${kind === 's3.bucket' ? 'global' : region}`;
}

/** What the header alone gives: coverage by account, and rules that threw. They are there without any finding. */
function fixedSuites({ coverage, errors }: ReportHeader): readonly (Suite & { readonly cases: readonly TestCase[] })[] {
  const byAccount = new Map<string, CoverageRow[]>();
  for (const row of coverage) {
    const rows = byAccount.get(row.account);
    if (rows === undefined) byAccount.set(row.account, [row]);
    else rows.push(row);
  }
  const suites = [...byAccount].map(([account, rows]) => ({ name: `${account}/coverage`, cases: rows.map(coverageCaseOf) }));
  if (errors.length > 0) suites.push({ name: 'rules that threw', cases: errors.map(errorCaseOf) });
  return suites.map((suite) => ({ ...suite, counts: countsOf(suite.cases) }));
}

function none(): Counts {
  return { passed: 0, failure: 0, error: 0, skipped: 0 };
}

function countsOf(cases: readonly TestCase[]): Counts {
  const counts = none();
  for (const { outcome } of cases) counts[outcome] += 1;
  return counts;
}

function totals(all: readonly Counts[]): { readonly tests: number; readonly failures: number; readonly errors: number } {
  const sum = (of: readonly Outcome[]) =>
    all.reduce((total, counts) => total + of.reduce((part, each) => part + counts[each], 0), 0);
  return { tests: sum(['passed', 'failure', 'error', 'skipped']), failures: sum(['failure']), errors: sum(['error']) };
}

function opening({ name, counts }: Suite, { run }: ReportHeader): string {
  const given = { name, ...totals([counts]), skipped: counts.skipped, time: '0', timestamp: run.startedAt };
  const account = name.split('/')[0] ?? '';
  const properties = { run: run.id, complete: String(run.complete), baseline: run.baseline[account] ?? '' };
  const list = Object.entries(properties).map(([key, value]) => `<property${attributes({ name: key, value })}/>`);
  return `  <testsuite${attributes(given)}>\n    <properties>${list.join('')}</properties>\n`;
}
