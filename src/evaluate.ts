import { join } from 'node:path';
import { facetOperations } from '#collect/registry.js';
import { Evaluator } from '#engine/evaluator.js';
import { findingOf, listUnknown } from '#engine/findings.js';
import { Tally } from '#engine/tally.js';
import { cellPath, readCell } from '#inventory/cell-file.js';
import { LineWriter } from '#inventory/lines.js';
import { findingsFile } from '#inventory/run-folder.js';
import type { RunGraph } from '#inventory/run-graph.js';
import { compareText, type Place } from '#model/place.js';
import type { Finding, KeyRow, ReportHeader } from '#model/report.js';
import { attemptFacet, type ResourceRecord } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';
import type { Severity } from '#model/severity.js';
import { coverageOf, type RunCoverage } from './run-coverage.js';
import type { OpenCell, OpenRun } from './open-run.js';

/** Everything that evaluation says of a run but the findings themselves, which go to their file. */
export interface Evaluation extends RunCoverage {
  readonly tally: Tally;
  readonly keys: readonly KeyRow[];
  readonly errors: ReportHeader['errors'];
}

/** Judges a whole run and writes `findings.ndjson.gz` into `out`. */
export async function evaluateRun(open: OpenRun, out: string): Promise<Evaluation> {
  const tally = new Tally(open.judgement.rules);
  const keys: KeyRow[] = [];
  const errors: { rule: string; resource: string; message: string }[] = [];
  const file = await LineWriter.create(join(out, findingsFile));
  const nothingPassed = new PassList([]);
  const judgeRecord = ({ evaluator, severityOf }: AccountJudge, place: Place, record: ResourceRecord) => {
    let passed = nothingPassed;
    evaluator.evaluate(record, place, (rule, outcome, resource) => {
      switch (outcome.verdict) {
        case 'pass':
          passed = passed.and(rule.id);
          tally.count(rule.id, 'pass', null);
          return;
        case 'not-applicable':
          tally.count(rule.id, 'not-applicable', null);
          return;
        case 'error': {
          const error = { rule: rule.id, resource: record.arn, message: outcome.message };
          tally.count(rule.id, 'error', null);
          errors.push(error);
          file.write(JSON.stringify({ verdict: 'error', ...error }));
          return;
        }
        case 'fail':
        case 'unknown': {
          const finding = findingOf(rule, outcome, resource, severityOf(rule));
          tally.count(rule.id, outcome.verdict, finding.severity);
          file.write(JSON.stringify(finding));
        }
      }
    });
    if (passed !== nothingPassed) file.write(passLine(record, place, passed.json));
  };
  try {
    for await (const { judge, place, lists, records } of batches(open)) {
      for (const finding of lists) {
        tally.count(finding.rule, 'unknown', finding.severity);
        file.write(JSON.stringify(finding));
      }
      for (const record of records) {
        if (record.kind === 'kms.key') keys.push(keyRow(record as ResourceRecord<'kms.key'>, open.graph));
        if (record.gone === true) continue;
        tally.resource();
        judgeRecord(judge, place, record);
      }
      if (file.full) await file.drained();
    }
    await file.close();
  } catch (error) {
    await file.discard();
    throw error;
  }
  return { tally, keys: keys.sort((a, b) => compareText(a.arn, b.arn)), errors, ...coverageOf(open) };
}

/** Every verdict of a run as findings, passes and reasons included: for reports that were asked to show them. */
export async function* allFindings(
  open: OpenRun,
  show: { readonly pass: boolean; readonly explain: boolean },
): AsyncGenerator<Finding> {
  for await (const { judge, place, lists, records } of batches(open)) {
    yield* lists;
    for (const record of records) {
      const found: Finding[] = [];
      judge.evaluator.evaluate(record, place, (rule, outcome, resource) => {
        if (outcome.verdict === 'error') return;
        if (outcome.verdict === 'pass' && !show.pass) return;
        if (outcome.verdict === 'not-applicable' && !show.explain) return;
        found.push(findingOf(rule, outcome, resource, judge.severityOf(rule)));
      });
      yield* found;
    }
  }
}

interface AccountJudge {
  readonly evaluator: Evaluator;
  readonly severityOf: (rule: Rule) => Severity | null;
}

interface Batch {
  readonly judge: AccountJudge;
  readonly place: Place;
  /** Unknowns of kinds whose listing is not complete, at the head of their cell. */
  readonly lists: readonly Finding[];
  readonly records: readonly ResourceRecord[];
}

async function* batches(open: OpenRun): AsyncGenerator<Batch> {
  const judges = new Map<string, AccountJudge>();
  for (const opened of open.cells) {
    const { cell, place, present } = opened;
    let judge = judges.get(cell.account);
    if (judge === undefined) judges.set(cell.account, (judge = judgeOf(open, cell.account)));
    yield { judge, place, lists: listUnknowns(opened, judge), records: [] };
    if (!present) continue;
    for await (const { records } of readCell(cellPath(open.path, cell))) yield { judge, place, lists: [], records };
  }
}

function judgeOf({ judgement, graph, run }: OpenRun, account: string): AccountJudge {
  const baseline = judgement.baselines.get(account);
  if (baseline === undefined) throw new Error(`Account ${account} has no baseline`);
  const evaluator = new Evaluator({
    rules: judgement.rules,
    baseline,
    joins: graph,
    trust: judgement.trust,
    now: new Date(run.now),
    operations: facetOperations(),
  });
  return { evaluator, severityOf: ({ id }) => baseline.rules.get(id)?.severity ?? null };
}

function listUnknowns({ cell, place, footer }: OpenCell, { evaluator, severityOf }: AccountJudge): readonly Finding[] {
  return footer.lists.flatMap(({ kind, complete, missing }) =>
    complete || missing === null
      ? []
      : evaluator.rulesOn(kind).map((rule) => listUnknown(rule, kind, cell.service, place, missing, severityOf(rule))),
  );
}

function passLine({ arn, kind, region }: ResourceRecord, { account }: Place, rules: string): string {
  return `{"resource":${JSON.stringify(arn)},"kind":"${kind}","account":"${account}","region":"${region}","pass":${rules}}`;
}

/** Rules that a resource passes. A run has few different lists, so each is made once, as the list before it and one more. */
class PassList {
  readonly #rules: readonly string[];
  readonly #longer = new Map<string, PassList>();
  readonly json: string;

  constructor(rules: readonly string[]) {
    this.#rules = rules;
    this.json = JSON.stringify(rules);
  }

  and(rule: string): PassList {
    let longer = this.#longer.get(rule);
    if (longer === undefined) this.#longer.set(rule, (longer = new PassList([...this.#rules, rule])));
    return longer;
  }
}

function keyRow(record: ResourceRecord<'kms.key'>, graph: RunGraph): KeyRow {
  const aliases = attemptFacet(record, 'aliases');
  const metadata = attemptFacet(record, 'metadata');
  const names = aliases.known ? aliases.value : [];
  const awsManaged = names.some((name) => name.startsWith('alias/aws/'));
  const { byKind, complete } = graph.dependants(record.arn);
  return {
    arn: record.arn,
    name: names[0] ?? record.name,
    manager: metadata.known ? metadata.value.manager : awsManaged ? 'AWS' : null,
    state: metadata.known ? metadata.value.state : null,
    dependants: { ...byKind },
    dependantsComplete: complete,
  };
}
