import type { Change, Changes, ComparedFinding, Finding } from '#index.js';
import { printable } from './text.js';

/** Headings, in the order in which they matter. */
const titles = {
  new: 'New',
  worse: 'Worse',
  'changed-key': 'Under another key',
  'not-evaluated': 'Not evaluated any more',
  better: 'Better',
  fixed: 'Fixed',
  gone: 'Gone',
} as const satisfies Partial<Record<Change, string>>;
type Shown = keyof typeof titles;
const shown = Object.keys(titles) as Shown[];

/** How many of each change are listed. */
export const listedMax = 20;

export interface Compared {
  readonly before: string;
  readonly after: string;
}

/** For a terminal: what changed, worst first. */
export function diffText({ before, after }: Compared, changes: Changes): string {
  const lines = [`${after} against ${before}: ${countsText(changes)}.`];
  for (const change of shown) {
    const first = changes.first.get(change) ?? [];
    if (first.length === 0) continue;
    lines.push('', `${titles[change]}: ${String(changes.counts[change])}`);
    for (const each of first) lines.push(...itemLines(each));
    const more = changes.counts[change] - first.length;
    if (more > 0) lines.push(`  and ${String(more)} more; --format json has them all`);
  }
  const { count, first } = changes.lapsed;
  if (count > 0) {
    lines.push(
      '',
      `Waived before, and the waiver has expired: ${String(count)}`,
      ...first.map((each) => `  ${lapsedText(each)}`),
    );
    if (count > first.length) lines.push(`  and ${String(count - first.length)} more`);
  }
  return `${lines.map(printable).join('\n')}\n`;
}

function itemLines(compared: ComparedFinding): readonly string[] {
  const finding = shownOf(compared);
  const place = `${finding.account}/${finding.region}`;
  const detail = detailOf(compared);
  return [
    `  ${finding.severity.padEnd(8)} ${finding.rule}  ${finding.resource}  (${place})`,
    ...(detail === '' ? [] : [`           ${detail}`]),
  ];
}

function lapsedText({ rule, resource, waiver }: Finding): string {
  return `${rule}  ${resource}  (until ${waiver?.expires ?? 'the earlier run'})`;
}

/** For a pull request. What AWS users name is data, never markup. */
export function diffMarkdown({ before, after }: Compared, changes: Changes): string {
  const lines = ['### atrest: what changed', '', `Run ${code(after)} against ${code(before)}: ${countsText(changes)}.`];
  for (const change of shown) {
    const first = changes.first.get(change) ?? [];
    if (first.length === 0) continue;
    lines.push('', `**${titles[change]}: ${String(changes.counts[change])}**`, '');
    lines.push('| severity | rule | resource | account/region | |', '| --- | --- | --- | --- | --- |');
    for (const each of first) {
      const { severity, rule, resource, account, region } = shownOf(each);
      lines.push(`| ${severity} | ${code(rule)} | ${code(resource)} | ${account}/${region} | ${escaped(detailOf(each))} |`);
    }
    const more = changes.counts[change] - first.length;
    if (more > 0) lines.push('', `and ${String(more)} more`);
  }
  const { count, first } = changes.lapsed;
  if (count > 0) {
    lines.push('', `**Waived before, and the waiver has expired: ${String(count)}**`, '');
    lines.push(
      ...first.map(({ rule, resource, waiver }) => `- ${code(rule)} ${code(resource)} (until ${waiver?.expires ?? '?'})`),
    );
    if (count > first.length) lines.push('', `and ${String(count - first.length)} more`);
  }
  return `${lines.join('\n')}\n`;
}

/** For a program: every change, a line each; what is unchanged is counted only. */
export async function* diffJson(
  { before, after }: Compared,
  comparison: AsyncIterable<ComparedFinding>,
  changes: Changes,
): AsyncGenerator<string> {
  yield `{\n  "before": ${JSON.stringify(before)},\n  "after": ${JSON.stringify(after)},\n`;
  yield `  "counts": ${JSON.stringify(changes.counts)},\n  "waiversExpired": ${String(changes.lapsed.count)},\n  "changes": [`;
  let separator = '\n    ';
  for await (const { change, reason = null, before: was, after: is } of comparison) {
    if (change === 'unchanged') continue;
    yield `${separator}${JSON.stringify({ change, reason, before: was, after: is })}`;
    separator = ',\n    ';
  }
  yield separator.startsWith(',') ? '\n  ]\n}\n' : ']\n}\n';
}

function shownOf({ before, after }: ComparedFinding): Finding {
  const finding = after ?? before;
  if (finding === null) throw new Error('A comparison of nothing');
  return finding;
}

/** What the line of a finding does not say yet: from what to what, and why. */
function detailOf({ change, reason, before, after }: ComparedFinding): string {
  switch (change) {
    case 'new':
      return `${after?.message ?? ''}${reason === undefined ? '' : ` (${reason})`}`;
    case 'worse':
    case 'better':
      return reason ?? `was ${gradeText(before)}, is ${gradeText(after)}`;
    case 'changed-key':
      return `was ${before?.key?.arn ?? 'under no key'}, is ${after?.key?.arn ?? 'under no key'}`;
    case 'not-evaluated':
      return reason ?? '';
    case 'fixed':
    case 'gone':
    case 'unchanged':
      return '';
  }
}

function gradeText(finding: Finding | null): string {
  return finding === null ? 'a pass' : `${finding.severity}${finding.actual === null ? '' : `: ${finding.actual}`}`;
}

function countsText({ counts }: Changes): string {
  const words: Readonly<Record<Change, string>> = {
    new: 'new',
    worse: 'worse',
    'changed-key': 'under another key',
    'not-evaluated': 'not evaluated any more',
    better: 'better',
    fixed: 'fixed',
    gone: 'gone',
    unchanged: 'unchanged',
  };
  const there = [...shown, 'unchanged' as const].filter((change) => counts[change] > 0);
  return there.length === 0
    ? 'no findings in either'
    : there.map((change) => `${String(counts[change])} ${words[change]}`).join(', ');
}

function code(text: string): string {
  const flat = printable(text).replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${flat}${fence}` : `${fence} ${flat} ${fence}`;
}

/** Markdown shows these characters as they are when a backslash stands before them. */
function escaped(text: string): string {
  return printable(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_{}[\]<>()#+\-.!|~@:&]/g, '\\$&');
}
