import type { ControlRow, ReportHeader } from '#model/report.js';
import { outcomeOf, outcomeWords, type Outcome } from '../../control-outcome.js';
import type { Digest } from '../digest.js';
import { counted, grouped } from '../text.js';
import { segmentsOf, type Segment } from './bar.js';
import { ruleTarget } from './findings.js';
import { own } from './names.js';

const outcomes: readonly (readonly [outcome: Outcome, icon: string])[] = [
  ['fail', 'fail'],
  ['unknown', 'unknown'],
  ['waived', 'partial'],
  ['part', 'pass'],
  ['pass', 'pass'],
  ['nothing', 'not-applicable'],
  ['not-covered', 'skipped'],
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
    const tally = outcomes.map(([outcome, icon]) => ({
      outcome,
      word: outcomeWords[outcome],
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

function controlOf(
  control: ControlRow,
  byRule: ReportHeader['summary']['byRule'],
  targetOf: (rule: string) => string,
  accounts: number,
): ControlView {
  const { id, title, rules, off, offIn, notCovered, pass, fail, unknown, error, waived = 0 } = control;
  const outcome = outcomeOf(control);
  const [, icon = ''] = outcomes.find(([name]) => name === outcome) ?? [];
  const word = outcomeWords[outcome];
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
