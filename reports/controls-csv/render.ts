import type { ControlRow, FrameworkRow, ReportFormat, ReportSource } from '#model/report.js';
import { inChunks } from '../chunks.js';
import { accountsNotEntered, outcomeOf, outcomeWords } from '../control-outcome.js';
import { byteOrderMark, line } from '../csv/line.js';
import { frameworksOf } from '../frameworks.js';
import { counted, grouped } from '../html/text.js';

/** `report.controls.csv`: the control matrix, a row for each control of each framework. */
export const controlsCsv: ReportFormat = {
  name: 'controls-csv',
  file: 'report.controls.csv',
  render: (source) => inChunks(rows(source)),
};

/** Columns keep their place; later ones go to the end. */
const columns = [
  'framework',
  'framework_title',
  'framework_version',
  'control',
  'title',
  'outcome',
  'covered',
  'pass',
  'fail',
  'unknown',
  'waived',
  'attested',
  'rule_errors',
  'not_covered',
  'rules',
  'rules_off',
  'findings',
  'finding_ids',
  'run',
  'run_complete',
] as const;

type Row = Readonly<Record<(typeof columns)[number], string>>;

/** Ids that a cell of a spreadsheet has room for, beside the words that say that there are more. */
const idsMax = 900;

/** Of a rule: how many fails and unknowns there are, and the ids of the first. */
interface Found {
  count: number;
  readonly ids: string[];
}

async function* rows({ header, findings }: ReportSource): AsyncGenerator<string> {
  const { run, scope } = header;
  const notEntered = accountsNotEntered(header);
  const found = await foundByRule(findings());
  yield byteOrderMark + line(columns);
  for (const framework of frameworksOf(header)) {
    for (const control of framework.controls) {
      const row: Row = {
        ...controlCells(framework, control, { accounts: scope.accounts.length, notEntered }),
        ...findingCells(control, found),
        run: run.id,
        run_complete: framework.complete ? 'yes' : 'no',
      };
      yield line(columns.map((column) => row[column]));
    }
  }
}

async function foundByRule(findings: AsyncIterable<{ rule: string; verdict: string; id: string }>): Promise<Map<string, Found>> {
  const byRule = new Map<string, Found>();
  for await (const { rule, verdict, id } of findings) {
    if (verdict !== 'fail' && verdict !== 'unknown') continue;
    let found = byRule.get(rule);
    if (found === undefined) byRule.set(rule, (found = { count: 0, ids: [] }));
    found.count += 1;
    if (found.ids.length < idsMax) found.ids.push(id);
  }
  return byRule;
}

function controlCells(
  framework: FrameworkRow,
  control: ControlRow,
  { accounts, notEntered }: { readonly accounts: number; readonly notEntered: readonly string[] },
) {
  const { id, title, covered, pass, fail, unknown, waived = 0, attested = 0, error, notCovered, rules, off, offIn } = control;
  const partly = Object.entries(offIn).map(
    ([rule, where]) => `${rule} (off in ${grouped(where.length)} of ${counted(accounts, 'account')})`,
  );
  return {
    framework: framework.id,
    framework_title: framework.title,
    framework_version: framework.version,
    control: id,
    title: title ?? '',
    outcome: outcomeWords[outcomeOf(control, notEntered)],
    covered,
    pass: String(pass),
    fail: String(fail),
    unknown: String(unknown),
    waived: String(waived),
    attested: String(attested),
    rule_errors: String(error),
    not_covered: [...notCovered, ...notEntered.map((account) => `account ${account}, which could not be entered`)].join('; '),
    rules: rules.join(' '),
    rules_off: [...off, ...partly].join('; '),
  };
}

function findingCells({ rules }: ControlRow, found: ReadonlyMap<string, Found>) {
  const here = rules.flatMap((rule) => found.get(rule) ?? []);
  const count = here.reduce((sum, each) => sum + each.count, 0);
  const ids = here.flatMap((each) => each.ids).slice(0, idsMax);
  const more = count - ids.length;
  const rest = more === 0 ? [] : [`and ${grouped(more)} more, which report.csv and report.json have`];
  return { findings: String(count), finding_ids: [...ids, ...rest].join(' ') };
}
