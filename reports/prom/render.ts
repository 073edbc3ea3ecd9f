import { cellStates } from '#model/coverage.js';
import type { AccountCounts, ReportFormat, ReportHeader } from '#model/report.js';
import { severities } from '#model/severity.js';

/**
 * `report.prom`: the run as a textfile for Prometheus' node_exporter. Series are by account, operation, verdict and
 * severity, never by resource, so that their number does not grow with what is found.
 */
export const prom: ReportFormat = {
  name: 'prom',
  file: 'report.prom',
  async *render({ header }) {
    // One piece: the whole is some kilobytes for each account.
    yield await Promise.resolve([...families(header)].join(''));
  },
};

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

/** One metric with its help and type; one without samples is left out. */
function gauge(name: string, help: string, samples: Iterable<Sample>): string {
  const lines = [...samples].map(([labels, value]) => `atrest_${name}${labelsOf(labels)} ${String(value)}\n`);
  if (lines.length === 0) return '';
  return `# HELP atrest_${name} ${help}\n# TYPE atrest_${name} gauge\n${lines.join('')}`;
}

function labelsOf(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** The format knows three escapes. What no UTF-8 text holds, and what would end a line or a text elsewhere, is replaced. */
function escaped(text: string): string {
  return text
    .replace(/\p{Cs}|[\u0000-\u0009\u000b-\u001f\u007f]/gu, '\ufffd')
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n');
}

const one = (value: number): readonly Sample[] => [[{}, value]];

function* families(header: ReportHeader): Generator<string> {
  const { run, tool, scope, summary, errors } = header;
  const [start, end] = [Date.parse(run.startedAt) / 1000, Date.parse(run.finishedAt) / 1000];
  yield gauge('build_info', 'The version that made the run.', [[{ version: tool.version }, 1]]);
  yield gauge('run_complete', '1 if everything in scope was read, else 0.', one(run.complete ? 1 : 0));
  yield gauge('run_start_timestamp_seconds', 'When the run began.', one(start));
  yield gauge('run_end_timestamp_seconds', 'When the run ended.', one(end));
  yield gauge(
    'run_duration_seconds',
    'How long the run took.',
    one((Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000),
  );
  yield gauge('resources', 'Resources that were judged.', one(summary.resources));
  yield gauge('rule_errors', 'Verdicts that are lacking because a rule threw.', one(errors.length));
  yield gauge(
    'account_info',
    'The name of an account and whether it was scanned.',
    scope.accounts.map(({ id, name, state }) => [{ account: id, name: name ?? '', state }, 1]),
  );
  yield gauge(
    'verdicts',
    'Verdicts by account and severity; unknown: something could not be read; waived: fails that a valid waiver covers.',
    verdicts(header),
  );
  yield gauge('score_ratio', 'Share of passes among passes and fails of an account, waived ones too.', scores(header));
  yield gauge('waivers', 'Waivers and attestations by how they stand to their end.', waivers(header));
  yield gauge(
    'cells',
    'Services in regions of an account, by how far they were read; all but complete and skipped are gaps.',
    cells(header),
  );
  yield* calls(header);
}

function* verdicts({ summary }: ReportHeader): Generator<Sample> {
  for (const [account, counts] of Object.entries(summary.byAccount ?? {}))
    for (const verdict of ['pass', 'fail', 'unknown', 'waived'] as const)
      for (const severity of severities) yield [{ account, verdict, severity }, counts[verdict]?.[severity] ?? 0];
}

/** Every state, zeros too: an alert on a series that is not there never fires. */
function* waivers({ waivers: rows = [] }: ReportHeader): Generator<Sample> {
  for (const type of ['waiver', 'attestation'])
    for (const state of ['valid', 'expiring', 'expired'])
      yield [{ type, state }, rows.filter((row) => row.type === type && row.state === state).length];
}

function* scores({ summary }: ReportHeader): Generator<Sample> {
  for (const [account, { pass, fail, waived }] of Object.entries(summary.byAccount ?? {})) {
    const passes = total(pass);
    const judged = passes + total(fail) + (waived === undefined ? 0 : total(waived));
    if (judged > 0) yield [{ account }, passes / judged];
  }
}

function total(counts: AccountCounts['pass']): number {
  return severities.reduce((sum, severity) => sum + counts[severity], 0);
}

/** Every state of every account, zeros too: an alert on a series that is not there never fires. */
function* cells({ coverage }: ReportHeader): Generator<Sample> {
  const counts = new Map<string, Map<string, number>>();
  for (const { account, state } of coverage) {
    const states = counts.get(account) ?? new Map<string, number>();
    counts.set(account, states.set(state, (states.get(state) ?? 0) + 1));
  }
  for (const [account, states] of counts) for (const state of cellStates) yield [{ account, state }, states.get(state) ?? 0];
}

function* calls({ coverage }: ReportHeader): Generator<string> {
  const sums = new Map<string, { calls: number; errors: number; throttles: number }>();
  for (const { operations } of coverage) {
    for (const { operation, calls, errors, throttles = 0 } of operations) {
      const sum = sums.get(operation) ?? { calls: 0, errors: 0, throttles: 0 };
      sums.set(operation, { calls: sum.calls + calls, errors: sum.errors + errors, throttles: sum.throttles + throttles });
    }
  }
  const by = (what: 'calls' | 'errors' | 'throttles') =>
    [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([operation, sum]): Sample => [{ operation }, sum[what]]);
  yield gauge('calls', 'Calls made of an operation, retries apart.', by('calls'));
  yield gauge('call_errors', 'Calls that ended without an answer.', by('errors'));
  yield gauge('throttled_answers', 'Answers that asked to come back later.', by('throttles'));
}
