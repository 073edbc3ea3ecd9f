import type { ControlRow, ReportHeader } from '#model/report.js';
import { accountsNotEntered, outcomeOf, type Outcome } from '../../control-outcome.js';
import type { Digest } from '../digest.js';
import { segmentsOf, type Segment } from './bar.js';
import { ruleTarget } from './findings.js';
import { own } from './names.js';
import type { Texts } from '../texts/index.js';

const outcomes: readonly Outcome[] = ['fail', 'unknown', 'waived', 'part', 'pass', 'nothing', 'not-covered'];

interface RuleLink {
  readonly rule: string;
  readonly counts: string;
  readonly target: string;
}

/** A control with its outcome. */
export interface ControlView {
  readonly id: string;
  readonly title: string | null;
  readonly outcome: Outcome;
  readonly word: string;
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
  readonly tally: readonly { readonly outcome: Outcome; readonly word: string; readonly count: number }[];
  readonly controls: readonly ControlView[];
}

export function frameworksOf(header: ReportHeader, digest: Digest, texts: Texts): readonly FrameworkView[] {
  const { frameworks, summary, scope } = header;
  const notEntered = accountsNotEntered(header);
  const words = texts.frameworks;
  const { outcomes: outcomeWords } = words;
  const targetOf = ruleTarget(digest);
  return frameworks.map(({ title, version, complete, controls }, index) => {
    const views = controls.map((control) =>
      controlOf(control, summary.byRule, targetOf, { accounts: scope.accounts.length, notEntered, words }),
    );
    const tally = outcomes.map((outcome) => ({
      outcome,
      word: outcomeWords[outcome],
      count: views.filter((view) => view.outcome === outcome).length,
    }));
    const some = tally.filter(({ count }) => count > 0);
    return {
      id: `fw${index}`,
      title: `${title} ${version}`.trim(),
      incomplete: !complete,
      barTitle: words.barTitle(views.length),
      description: some.map(({ word, count }) => words.barPart(count, word)).join(', ') || words.noControls,
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
  {
    accounts,
    notEntered,
    words,
  }: { readonly accounts: number; readonly notEntered: readonly string[]; readonly words: Texts['frameworks'] },
): ControlView {
  const { id, title, rules, off, offIn, notCovered, pass, fail, unknown, error, waived = 0 } = control;
  const outcome = outcomeOf(control, notEntered);
  const word = words.outcomes[outcome];
  const links = rules.flatMap((rule) => {
    const counts = own(byRule, rule);
    const tallies = [
      ...(counts?.fail ? [words.fail(counts.fail)] : []),
      ...(counts?.unknown ? [words.unknown(counts.unknown)] : []),
      ...(counts?.waived ? [words.waived(counts.waived)] : []),
    ];
    return tallies.length === 0 ? [] : [{ rule, counts: tallies.join(', '), target: targetOf(rule) }];
  });
  const quiet = rules.length - links.length;
  return {
    id,
    title,
    outcome,
    word,
    pass,
    fail,
    unknown,
    waived,
    rules: links,
    quiet: quiet === 0 ? '' : links.length === 0 ? words.quiet(quiet) : words.quietToo(quiet),
    gaps: [
      ...notCovered,
      ...(off.length > 0 ? [words.off(off.join(', '))] : []),
      ...Object.entries(offIn).map(([rule, where]) => words.offIn(rule, where.length, accounts)),
      ...(error > 0 ? [words.lacking(error)] : []),
      ...(notEntered.length > 0 && outcome !== 'not-covered' ? [words.notEntered(notEntered.length)] : []),
    ],
  };
}
