import type { ConfigLine, Finding, ReportSource, RuleRow } from '#model/report.js';
import { severityRank, type Severity } from '#model/severity.js';
import { counted, visible } from '../html/text.js';

const levels = ['error', 'warning', 'notice'] as const;
type Level = (typeof levels)[number];

/** GitHub shows ten annotations of a level for a step and drops the others in silence; the tenth says how many there are. */
const perLevel = 9;
const resourcesNamed = 5;
const longest = 300;

const levelOf: Readonly<Record<Severity, Level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'warning',
  info: 'notice',
};

interface Annotation {
  readonly level: Level;
  readonly title: string;
  readonly message: string;
  readonly place?: ConfigLine | undefined;
}

/** What fails of a rule at one level. */
interface Failing {
  readonly rule: string;
  readonly level: Level;
  severity: Severity;
  readonly first: Finding;
  readonly resources: string[];
  count: number;
}

/**
 * Workflow commands of GitHub Actions, a line each: an annotation for each rule that fails, and for what makes the rest
 * doubtful. What a valid waiver covers is no annotation; against an earlier run, only what is new or worse is one.
 */
export async function* annotations(source: ReportSource): AsyncGenerator<string> {
  const byRule = new Map<string, Failing>();
  const counts = { unknown: 0, expired: 0 };
  for await (const finding of ofInterest(source)) {
    const { verdict, waiver, attestation, rule, severity, resource } = finding;
    if (waiver?.state === 'expired' || attestation?.state === 'expired') counts.expired += 1;
    if (waiver?.state === 'valid') continue;
    if (verdict === 'unknown' && attestation?.state !== 'valid') counts.unknown += 1;
    if (verdict !== 'fail') continue;
    const level = levelOf[severity];
    const id = `${level} ${rule}`;
    const failing = byRule.get(id) ?? { rule, level, severity, first: finding, resources: [], count: 0 };
    if (severityRank(severity) < severityRank(failing.severity)) failing.severity = severity;
    failing.count += 1;
    if (failing.resources.length < resourcesNamed) failing.resources.push(resource);
    byRule.set(id, failing);
  }
  const all = [...doubts(source, counts), ...failures(source, [...byRule.values()])];
  for (const level of levels) {
    const these = all.filter((each) => each.level === level);
    for (const each of these.slice(0, perLevel)) yield command(each);
    const more = these.length - perLevel;
    if (more > 0) yield command({ level, title: 'atrest', message: `And ${String(more)} more of this level, not shown here.` });
  }
}

async function* ofInterest({ against, ...source }: ReportSource): AsyncGenerator<Finding> {
  if (against === undefined) {
    yield* source.findings();
    return;
  }
  for await (const { change, after } of against.findings())
    if (after !== null && (change === 'new' || change === 'worse' || change === 'changed-key')) yield after;
}

function doubts({ header }: ReportSource, { unknown, expired }: { unknown: number; expired: number }): readonly Annotation[] {
  const found: Annotation[] = [];
  if (!header.run.complete) {
    const open = header.coverage.filter(({ state }) => state !== 'complete' && state !== 'skipped');
    const message = `${counted(open.length, 'cell')} (a service in an account and region) not fully read: what is shown is not all there is.`;
    found.push({ level: 'warning', title: 'The run is not complete', message });
  }
  if (unknown > 0) {
    const message = `${counted(unknown, 'verdict')} unknown: what would decide could not be read.`;
    found.push({ level: 'warning', title: 'Not known', message });
  }
  if (expired > 0) {
    const message = `${counted(expired, 'finding')} ${expired === 1 ? 'counts' : 'count'} again: a waiver or attestation has expired.`;
    found.push({ level: 'warning', title: 'Expired waivers', message });
  }
  if (header.errors.length > 0)
    found.push({ level: 'error', title: 'Rules that broke', message: `${counted(header.errors.length, 'verdict')} lacking.` });
  return found;
}

function failures({ header }: ReportSource, failing: readonly Failing[]): readonly Annotation[] {
  const titles = new Map(header.rules.map(({ id, title }: RuleRow) => [id, title]));
  const places = new Map(header.scope.accounts.map(({ id, governedBy }) => [id, governedBy]));
  return [...failing]
    .sort((a, b) => severityRank(a.severity) - severityRank(b.severity) || b.count - a.count)
    .map(({ rule, level, first, resources, count }) => {
      const more = count - resources.length;
      const named = `${resources.map(clipped).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
      const message =
        count === 1
          ? `${clipped(first.message)} (${named})`
          : `${titles.get(rule) ?? rule}: ${String(count)} resources fail: ${named}.`;
      return { level, title: rule, message, place: places.get(first.account) ?? undefined };
    });
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

/** The runner ends a command at a line end and decodes what is written so. */
function data(text: string): string {
  return visible(text).replaceAll('%', '%25');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
