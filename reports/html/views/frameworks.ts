import type { ControlRow, ReportHeader } from '#model/report.js';
import type { Digest } from '../digest.js';
import { counted, grouped } from '../text.js';
import { segmentsOf, type Segment } from './bar.js';
import { ruleTarget } from './findings.js';
import { own } from './names.js';

/** How a control stands: by its worst finding, unless no rule looked at it. */
type Outcome = 'fail' | 'unknown' | 'waived' | 'part' | 'pass' | 'nothing' | 'not-covered';

const outcomes: readonly (readonly [outcome: Outcome, word: string, icon: string])[] = [
  ['fail', 'fail', 'fail'],
  ['unknown', 'unknown', 'unknown'],
  ['waived', 'waived', 'partial'],
  ['part', 'pass in part', 'pass'],
  ['pass', 'pass', 'pass'],
  ['nothing', 'nothing to judge', 'not-applicable'],
  ['not-covered', 'not covered', 'skipped'],
];

interface RuleLink {
  readonly rule: string;
  readonly counts: string;
  readonly target: string;
}

interface ControlView {
  readonly id: string;
  readonly title: string | null;
  readonly outcome: Outcome;
  readonly word: string;
  readonly icon: string;
  readonly pass: number;
  readonly fail: number;
  readonly unknown: number;
  readonly waived: number;
  readonly rules: readonly RuleLink[];
  readonly quiet: string;
  readonly gaps: readonly string[];
}

/** A framework: its controls by outcome as a bar and a table, then control by control. */
export interface FrameworkView {
  readonly id: string;
  readonly title: string;
  readonly incomplete: boolean;
  readonly barTitle: string;
  readonly description: string;
  readonly segments: readonly Segment[];
  readonly tally: readonly { readonly outcome: Outcome; readonly word: string; readonly icon: string; readonly count: number }[];
  readonly controls: readonly ControlView[];
}

export function frameworksOf({ frameworks, summary, scope }: ReportHeader, digest: Digest): readonly FrameworkView[] {
  const targetOf = ruleTarget(digest);
  return frameworks.map(({ title, version, complete, controls }, index) => {
    const views = controls.map((control) => controlOf(control, summary.byRule, targetOf, scope.accounts.length));
    const tally = outcomes.map(([outcome, word, icon]) => ({
      outcome,
      word,
      icon,
      count: views.filter((view) => view.outcome === outcome).length,
    }));
    const some = tally.filter(({ count }) => count > 0);
    return {
      id: `fw${index}`,
      title: `${title} ${version}`.trim(),
      incomplete: !complete,
      barTitle: `${counted(views.length, 'control')} by outcome`,
      description: some.map(({ word, count }) => `${grouped(count)} ${word}`).join(', ') || 'no controls',
      segments: segmentsOf(some.map(({ outcome, count }) => ({ name: outcome, count }))),
      tally: some,
      controls: views,
    };
  });
}

/** What no rule looked at is not covered, whatever else there is to say: it is never a pass. */
function outcomeOf({ covered, fail, unknown, error, waived = 0, pass }: ControlRow): Outcome {
  if (covered === 'none') return 'not-covered';
  if (fail > 0) return 'fail';
  if (unknown > 0 || error > 0) return 'unknown';
  if (waived > 0) return 'waived';
  if (pass === 0) return 'nothing';
  return covered === 'full' ? 'pass' : 'part';
}

function controlOf(
  control: ControlRow,
  byRule: ReportHeader['summary']['byRule'],
  targetOf: (rule: string) => string,
  accounts: number,
): ControlView {
  const { id, title, rules, off, offIn, notCovered, pass, fail, unknown, error, waived = 0 } = control;
  const outcome = outcomeOf(control);
  const [, word = '', icon = ''] = outcomes.find(([name]) => name === outcome) ?? [];
  const links = rules.flatMap((rule) => {
    const counts = own(byRule, rule);
    const words = [
      ...(counts?.fail ? [`${grouped(counts.fail)} fail`] : []),
      ...(counts?.unknown ? [`${grouped(counts.unknown)} unknown`] : []),
      ...(counts?.waived ? [`${grouped(counts.waived)} waived`] : []),
    ];
    return words.length === 0 ? [] : [{ rule, counts: words.join(', '), target: targetOf(rule) }];
  });
  const quiet = rules.length - links.length;
  return {
    id,
    title,
    outcome,
    word,
    icon,
    pass,
    fail,
    unknown,
    waived,
    rules: links,
    quiet: quiet === 0 ? '' : `${counted(quiet, links.length === 0 ? 'rule' : 'further rule')} found nothing`,
    gaps: [
      ...notCovered,
      ...(off.length > 0 ? [`off: ${off.join(', ')}`] : []),
      ...Object.entries(offIn).map(
        ([rule, where]) => `${rule} is off in ${grouped(where.length)} of ${counted(accounts, 'account')}`,
      ),
      ...(error > 0 ? [`${counted(error, 'verdict')} lacking: a rule broke`] : []),
    ],
  };
}
