import type { ConfigLine, Finding, ReportHeader } from '#model/report.js';
import { severityRank, type Severity } from '#model/severity.js';
import { counted, visible } from '../html/text.js';

/** GitHub shows ten annotations of a level for a step and drops the others in silence; the tenth says how many there are. */
const perLevel = 9;
const resourcesNamed = 5;
/** Longest text from outside, in characters. */
const longest = 300;

/** What the gate says of a run. */
export interface Gated {
  readonly header: ReportHeader;
  /** Services in an account and region that were not fully read. */
  readonly gaps: number;
  /** Findings that count again, because their waiver has expired. */
  readonly lapsed: number;
  /** Those that fail the gate, in report order. */
  findings(): AsyncIterable<Finding>;
}

interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly message: string;
  readonly place?: ConfigLine | undefined;
}

/** What fails of a rule. */
interface Failing {
  readonly first: Finding;
  readonly resources: string[];
  severity: Severity;
  count: number;
}

/** Workflow commands of GitHub Actions, a line each: an error for each rule that fails the gate, a warning for what is in doubt. */
export async function* annotations(gated: Gated): AsyncGenerator<string> {
  const byRule = new Map<string, Failing>();
  for await (const finding of gated.findings()) {
    const { rule, severity, resource } = finding;
    const failing = byRule.get(rule) ?? { first: finding, resources: [], severity, count: 0 };
    failing.count += 1;
    if (severityRank(severity) < severityRank(failing.severity)) failing.severity = severity;
    if (failing.resources.length < resourcesNamed) failing.resources.push(clipped(resource));
    byRule.set(rule, failing);
  }
  const errors = failures(gated.header, byRule);
  for (const each of errors.slice(0, perLevel)) yield command(each);
  const more = errors.length - perLevel;
  if (more > 0) yield command({ level: 'error', title: 'atrest', message: `And ${counted(more, 'more rule')}, not shown here.` });
  for (const each of doubts(gated)) yield command(each);
}

/** The worst first, then those that fail most. */
function failures({ rules, scope }: ReportHeader, byRule: ReadonlyMap<string, Failing>): readonly Annotation[] {
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  const places = new Map(scope.accounts.map(({ id, governedBy }) => [id, governedBy ?? undefined]));
  return [...byRule]
    .sort(([, a], [, b]) => severityRank(a.severity) - severityRank(b.severity) || b.count - a.count)
    .map(([rule, { first, resources, count }]) => {
      const more = count - resources.length;
      const named = `${resources.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
      const several = `${titles.get(rule) ?? rule}: ${String(count)} resources fail: ${named}.`;
      const message = count === 1 ? `${clipped(first.message)} (${named})` : several;
      return { level: 'error', title: rule, message, place: places.get(first.account) };
    });
}

/** Three at most. */
function doubts({ header, gaps, lapsed }: Gated): readonly Annotation[] {
  const said = [
    ['Not everything was read', gaps, `${counted(gaps, 'service')} in an account and region not fully read.`],
    ['Expired waivers', lapsed, `${counted(lapsed, 'finding')} of which the waiver has expired.`],
    ['Rules that broke', header.errors.length, `${counted(header.errors.length, 'verdict')} lacking: see the report.`],
  ] as const;
  return said.filter(([, count]) => count > 0).map(([title, , message]) => ({ level: 'warning', title, message }));
}

function command({ level, title, message, place }: Annotation): string {
  const properties = [
    ...(place === undefined ? [] : [`file=${property(place.file)}`, `line=${String(place.line)}`]),
    `title=${property(title)}`,
  ];
  return `::${level} ${properties.join(',')}::${data(message)}\n`;
}

function clipped(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

/** The runner ends a command at a line end, of which `visible` leaves none, and decodes what is written with a per cent sign. */
function data(text: string): string {
  return visible(text).replaceAll('%', '%25');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
