import { facetOperations } from '#collect/registry.js';
import { Evaluator, type Emit, type EvaluatorOptions } from '#engine/evaluator.js';
import { findingOf, listUnknown, type Asked } from '#engine/findings.js';
import type { Resource } from '#engine/resource.js';
import { Tally } from '#engine/tally.js';
import type { GateSettings } from '#gate/settings.js';
import { Gate, type GateCounts } from '#gate/verdict.js';
import { unknownTags, Waiving, type AccountWaiving } from '#gate/waiving.js';
import { cellPath, readCell } from '#inventory/cell-file.js';
import { LineWriter } from '#inventory/lines.js';
import { KeyRows } from './key-rows.js';
import { LineageNodes, type LineageNode } from './snapshot-lineage.js';
import { OutcomePatterns } from './outcome-patterns.js';
import type { Place } from '#model/place.js';
import type { Finding, KeyRow, ReportHeader } from '#model/report.js';
import type { ResourceRecord } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';
import type { Verdict } from '#model/verdict.js';
import type { OpenCell, OpenRun } from './open-run.js';
import { blockSize, cellsIn, wholeRun, type RunRange } from './run-ranges.js';

/** Everything that evaluation says of part of a run but the findings themselves, which go to their file. */
export interface Judged {
  readonly summary: ReportHeader['summary'];
  readonly keys: readonly KeyRow[];
  readonly snapshots: readonly LineageNode[];
  readonly errors: ReportHeader['errors'];
  /** How many findings each waiver and attestation means. */
  readonly matches: readonly number[];
  readonly gate: GateCounts;
}

/** Judges part of a run and writes its findings to a file. */
export async function judgeRange(
  open: OpenRun,
  range: RunRange,
  path: string,
  { settings, signal }: { readonly settings: GateSettings; readonly signal?: AbortSignal | undefined },
): Promise<Judged> {
  const now = new Date(open.run.now);
  // The clock of the run, so that judging it again says the same; whether a waiver has expired since is for `gate` to say.
  const gate = new Gate(settings, { now });
  const tally = new Tally(open.judgement.rules);
  const rules = new Map(open.judgement.rules.map((rule) => [rule.id, rule]));
  const facts = new RunFacts(open.graph);
  const errors: { rule: string; resource: string; message: string }[] = [];
  const file = new LineWriter(path);
  const patterns = new OutcomePatterns((line) => {
    file.write(line);
  });
  const waiving = new Waiving(open.judgement.waivers, now);
  let judging: AccountJudge;
  // One for all resources: a function for each would be a good part of the work on it.
  const emit: Emit = (rule, outcome, resource) => {
    patterns.add(rule.id, outcome.verdict);
    switch (outcome.verdict) {
      case 'pass':
      case 'not-applicable':
        return;
      case 'error': {
        const error = { rule: rule.id, resource: resource.record.arn, message: outcome.message };
        tally.count(rule.id, 'error');
        errors.push(error);
        file.write(JSON.stringify({ verdict: 'error', ...error }));
        return;
      }
      case 'fail':
      case 'unknown': {
        const finding = judged(judging, rule, outcome, resource);
        tally.count(rule.id, outcome.verdict, finding);
        gate.add(finding);
        file.write(JSON.stringify(finding));
      }
    }
  };
  try {
    for await (const { judge, place, lists, records, at, ends } of batches(open, { passesInFull: false }, waiving, range)) {
      signal?.throwIfAborted();
      for (const finding of lists) {
        tally.count(finding.rule, 'unknown', finding);
        gate.add(finding);
        file.write(JSON.stringify(finding));
      }
      judging = judge;
      let number = at;
      for (const record of records) {
        if (number++ % blockSize === 0) patterns.flush();
        facts.add(record, place);
        if (record.gone === true) continue;
        tally.resource();
        patterns.begin(record.kind);
        judge.evaluator.evaluate(record, place, emit);
        patterns.end(record, place);
      }
      if (ends) {
        patterns.flush();
        patterns.count((id, verdict, times) => {
          const rule = rules.get(id);
          const severity = rule === undefined ? null : (judge.askedBy(rule).severity ?? rule.severity);
          tally.count(id, verdict, { times, severity, account: place.account });
        });
      }
      if (file.full) await file.drained();
    }
    await file.close();
  } catch (error) {
    await file.discard();
    throw error;
  }
  return { summary: tally.summary(), ...facts.gathered(), errors, matches: waiving.matches(), gate: gate.counts() };
}

/** What a report says of a run beside its verdicts. */
class RunFacts {
  readonly #keys: KeyRows;
  readonly #snapshots: LineageNodes;

  constructor(graph: OpenRun['graph']) {
    this.#keys = new KeyRows(graph);
    this.#snapshots = new LineageNodes(graph, graph.copied);
  }

  add(record: ResourceRecord, place: Place): void {
    if (record.kind === 'kms.key') this.#keys.add(record as ResourceRecord<'kms.key'>, place);
    else if (record.gone !== true) this.#snapshots.add(record, place);
  }

  gathered(): Pick<Judged, 'keys' | 'snapshots'> {
    return { keys: this.#keys.rows, snapshots: this.#snapshots.nodes };
  }
}

/** Every verdict of a run as findings, passes and reasons included: for reports that were asked to show them. */
export async function* allFindings(
  open: OpenRun,
  show: { readonly pass: boolean; readonly explain: boolean },
  waiving: NotesFindings = new Waiving(open.judgement.waivers, new Date(open.run.now)),
): AsyncGenerator<Finding> {
  const words = { passesInFull: show.pass || show.explain };
  for await (const { judge, place, lists, records } of batches(open, words, waiving, wholeRun(open.cells))) {
    yield* lists;
    for (const record of records) {
      const found: Finding[] = [];
      judge.evaluator.evaluate(record, place, (rule, outcome, resource) => {
        if (outcome.verdict === 'error') return;
        if (outcome.verdict === 'pass' && !show.pass) return;
        if (outcome.verdict === 'not-applicable' && !show.explain) return;
        found.push(judged(judge, rule, outcome, resource));
      });
      yield* found;
    }
  }
}

/** Who looks at fails and unknowns as they are found, account by account. */
export interface NotesFindings {
  inAccount(account: string, paths: readonly string[]): Pick<AccountWaiving, 'note'> | undefined;
}

interface AccountJudge {
  readonly evaluator: Evaluator;
  readonly askedBy: (rule: Rule) => Asked;
  /** Undefined: the run has neither waivers nor attestations. */
  readonly waiving: ReturnType<NotesFindings['inAccount']>;
}

/** A verdict as a finding, with what waivers and attestations say of it. */
function judged({ askedBy, waiving }: AccountJudge, rule: Rule, verdict: Verdict, resource: Resource): Finding {
  const finding = findingOf(rule, verdict, resource, askedBy(rule));
  const { verdict: is } = finding;
  if (waiving !== undefined && (is === 'fail' || is === 'unknown')) waiving.note(finding, () => resource.tags());
  return finding;
}

interface Batch {
  readonly judge: AccountJudge;
  readonly place: Place;
  /** Unknowns of kinds whose listing is not complete, at the head of their cell. */
  readonly lists: readonly Finding[];
  readonly records: Iterable<ResourceRecord>;
  /** How many resources of the cell are before the first of these. */
  readonly at: number;
  /** Nothing more comes of the cell. */
  readonly ends: boolean;
}

async function* batches(open: OpenRun, words: Words, waiving: NotesFindings, range: RunRange): AsyncGenerator<Batch> {
  // Cells are in the order of their accounts: what one account's judge remembers is of no use to the next.
  let judge: (AccountJudge & { readonly account: string }) | undefined;
  for (const { from, to, ...opened } of cellsIn(range, open.cells)) {
    const { cell, place, present } = opened;
    if (judge?.account !== cell.account) judge = { account: cell.account, ...judgeOf(open, cell.account, words, waiving) };
    const none = { judge, place, lists: [], records: [], at: from, ends: false };
    if (from === 0) yield { ...none, lists: listUnknowns(opened, judge) };
    if (present) {
      for await (const { records, at } of readCell(cellPath(open.path, cell), undefined, { from, to }))
        yield { ...none, records: cell.service === 'kms' && open.followed.size > 0 ? withFollowUps(records, open) : records, at };
    }
    yield { ...none, ends: true };
  }
}

/** Keys with what was asked of them once the run was known. */
function* withFollowUps(records: Iterable<ResourceRecord>, { followed }: OpenRun): Iterable<ResourceRecord> {
  for (const record of records) {
    const more = followed.get(record.arn);
    if (more === undefined) yield record;
    else yield { ...record, facets: { ...record.facets, ...more.facets }, unread: { ...record.unread, ...more.unread } };
  }
}

type Words = Pick<EvaluatorOptions, 'passesInFull'>;

function judgeOf({ judgement, graph, run }: OpenRun, account: string, words: Words, waiving: NotesFindings): AccountJudge {
  const baseline = judgement.baselines.get(account);
  if (baseline === undefined) throw new Error(`Account ${account} has no baseline`);
  const evaluator = new Evaluator({
    rules: judgement.rules,
    baseline,
    joins: graph,
    trust: judgement.trust,
    paths: judgement.paths,
    now: new Date(run.now),
    operations: facetOperations(judgement.registry),
    ...words,
  });
  const { name, rules } = baseline;
  return {
    evaluator,
    askedBy: ({ id }) => ({ baseline: name, severity: rules.get(id)?.severity ?? null }),
    waiving: waiving.inAccount(account, judgement.paths.get(account) ?? []),
  };
}

function listUnknowns({ cell, place, footer }: OpenCell, { evaluator, askedBy, waiving }: AccountJudge): readonly Finding[] {
  const unknowns = footer.lists.flatMap(({ kind, complete, missing }) =>
    complete || missing === null
      ? []
      : evaluator.rulesOn(kind).map((rule) => listUnknown(rule, kind, cell.service, place, missing, askedBy(rule))),
  );
  for (const finding of unknowns) waiving?.note(finding, unknownTags);
  return unknowns;
}
