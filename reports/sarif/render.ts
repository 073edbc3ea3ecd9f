import type { ReportFormat, ReportHeader, ReportSource, RuleRow } from '#model/report.js';
import { inChunks } from '../chunks.js';
import { isGap } from '../gaps.js';
import { repositoryPlaces } from '../repository-place.js';
import { counted, grouped, visible } from '../html/text.js';
import { limits } from './limits.js';
import { coverageGaps, notification, notScanned } from './notifications.js';
import { descriptor } from './rules.js';
import { RunResults } from './run-results.js';
import { runsOf, type RunOfAccounts } from './runs.js';
import { subjectsOf, type Subject } from './subjects.js';

/** `report.sarif`: fails and unknowns as SARIF 2.1.0, within what GitHub code scanning takes. */
export const sarif: ReportFormat = {
  name: 'sarif',
  file: 'report.sarif',
  render: (source) => inChunks(pieces(source)),
};

const informationUri = 'https://atrest.dev/';
const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

async function* pieces(source: ReportSource): AsyncGenerator<string> {
  const subjects = new Ahead(subjectsOf(source));
  try {
    yield* filePieces(source.header, subjects);
  } finally {
    await subjects.close();
  }
}

async function* filePieces(header: ReportHeader, subjects: Ahead): AsyncGenerator<string> {
  const placeOf = repositoryPlaces(header);
  const runs = runsOf(header);
  let leftOut = 0;
  let bytesLeft: number = limits.gzippedResults;
  yield `{"$schema":${JSON.stringify(schema)},"version":"2.1.0","runs":[`;
  for (const [index, run] of runs.entries()) {
    const accounts = new Set(run.accounts.map(({ id }) => id));
    const isLast = index === runs.length - 1;
    const rules = rulesOf(header.rules, run);
    const results = new RunResults(placeOf, new Map(rules.map(({ id }, at) => [id, at])));
    for await (const subject of subjects.upTo(isLast ? undefined : run.accounts.at(-1)?.id)) {
      if (accounts.has(subject.finding.account)) results.add(subject);
      else leftOut += 1;
    }
    bytesLeft -= results.fitInto(bytesLeft / (runs.length - index));
    yield index === 0 ? '\n' : ',\n';
    yield* runPieces(run, results, { header, rules, isFirst: index === 0, leftOut: isLast ? leftOut : 0 });
  }
  yield '\n]}\n';
}

/** Findings in the order of their accounts, taken account by account. */
class Ahead {
  readonly #iterator: AsyncGenerator<Subject>;
  #next: Subject | undefined;

  constructor(subjects: AsyncGenerator<Subject>) {
    this.#iterator = subjects;
  }

  /** Lets go of what is being read, also when not all of it was. */
  async close(): Promise<void> {
    await this.#iterator.return(undefined);
  }

  /** Those of accounts up to this one, it included; undefined: all that are left. */
  async *upTo(account: string | undefined): AsyncGenerator<Subject> {
    for (;;) {
      if (this.#next === undefined) {
        const next = await this.#iterator.next();
        if (next.done === true) return;
        this.#next = next.value;
      }
      if (account !== undefined && this.#next.finding.account > account) return;
      const subject = this.#next;
      this.#next = undefined;
      yield subject;
    }
  }
}

interface Surroundings {
  readonly header: ReportHeader;
  /** Those of the run. */
  readonly rules: readonly RuleRow[];
  readonly isFirst: boolean;
  readonly leftOut: number;
}

function* runPieces(run: RunOfAccounts, results: RunResults, around: Surroundings): Generator<string> {
  const { header, rules } = around;
  const { name, version } = header.tool;
  const driver = {
    name,
    informationUri,
    version: visible(version),
    ...(semantic.test(version) ? { semanticVersion: version } : {}),
  };
  yield `{"tool":{"driver":{${fields(driver)},"rules":[`;
  yield* separated(rules, (rule) => JSON.stringify(descriptor(rule, results.worst(rule.id) ?? rule.severity)));
  yield `]}},"automationDetails":${JSON.stringify({ id: run.category })},`;
  yield `"properties":${JSON.stringify({ run: header.run.id, accounts: run.accounts.map(({ id }) => id), findings: results.count })},`;
  yield `"invocations":[{${fields(invocation(run, header))},"toolExecutionNotifications":[`;
  yield* separated(notifications(run, results, around), (each) => JSON.stringify(each));
  yield '\n]}],"results":[';
  yield* separated(results.results(), (result) => result);
  yield '\n]}';
}

/** The rules that were on for any of the accounts. */
function rulesOf(rules: readonly RuleRow[], { accounts }: RunOfAccounts): readonly RuleRow[] {
  return rules.filter(({ offIn }) => accounts.length === 0 || accounts.some(({ id }) => !offIn.includes(id)));
}

function invocation({ accounts }: RunOfAccounts, { run, coverage, errors }: ReportHeader): object {
  const ids = new Set(accounts.map(({ id }) => id));
  const hasGap = coverage.some((row) => ids.has(row.account) && isGap(row));
  const times = { startTimeUtc: run.startedAt, endTimeUtc: run.finishedAt };
  return {
    executionSuccessful: accounts.length > 0 && !hasGap && errors.length === 0,
    ...Object.fromEntries(Object.entries(times).filter(([, time]) => instant.test(time))),
  };
}

function* notifications(run: RunOfAccounts, results: RunResults, { header, isFirst, leftOut }: Surroundings): Generator<object> {
  if (results.isAggregated)
    yield notification(
      'aggregated',
      'warning',
      `The ${grouped(results.count)} findings are more than GitHub keeps of a run or takes in a file. A result stands for all findings of one ${results.per} and says how many they are; report.json holds each of them.`,
    );
  if (isFirst) {
    for (const account of header.scope.accounts) if (account.state !== 'scanned') yield notScanned(account);
    for (const { rule, resource, message } of header.errors)
      yield notification('rule-error', 'error', `${rule} threw on ${resource}, which has no verdict: ${message}`);
  }
  if (leftOut > 0)
    yield notification(
      'left-out',
      'note',
      `${counted(leftOut, 'finding')} of the earlier run left out: the account was not scanned this time.`,
    );
  yield* coverageGaps(header, new Set(run.accounts.map(({ id }) => id)));
}

function* separated<T>(items: Iterable<T>, written: (item: T) => string): Generator<string> {
  let separator = '\n';
  for (const item of items) {
    yield separator + written(item);
    separator = ',\n';
  }
}

/** The fields of an object without its braces. */
function fields(object: object): string {
  return JSON.stringify(object).slice(1, -1);
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const semantic = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
