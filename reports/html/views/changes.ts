import type { Change, ReportHeader } from '#model/report.js';
import type { ChangesDigest } from '../changes.js';
import { limits } from '../limits.js';
import { anchor, worded } from '../text.js';
import { accountNames } from './names.js';
import type { Texts } from '../texts/index.js';

/** In the order in which a reader wants them. */
const looks: readonly { readonly change: Change; readonly tone: string }[] = [
  { change: 'new', tone: 'v fail' },
  { change: 'worse', tone: 'v fail' },
  { change: 'not-evaluated', tone: 'v unknown' },
  { change: 'changed-key', tone: 'v changed quiet' },
  { change: 'better', tone: 'v pass' },
  { change: 'fixed', tone: 'v pass' },
  { change: 'gone', tone: 'v not-applicable' },
  { change: 'unchanged', tone: 'v not-applicable' },
];

export interface ChangesView {
  readonly run: string;
  readonly rows: readonly {
    readonly anchor: string;
    readonly word: string;
    readonly means: string;
    readonly tone: string;
    readonly count: number;
  }[];
  /** Findings of the earlier run that are none any more. */
  readonly ended: readonly {
    readonly word: string;
    readonly tone: string;
    readonly reason: string;
    readonly severity: string;
    readonly rule: string;
    readonly name: string;
    readonly resource: string;
    readonly place: string;
  }[];
  readonly moreEnded: string;
}

/** What differs from an earlier run: how much of each, and what there is no finding of any more. */
export function changesViewOf(
  header: ReportHeader,
  { run, counts, ended, endedTotal }: ChangesDigest,
  { changes: { words, means, reasons, moreEnded } }: Texts,
): ChangesView {
  const names = accountNames(header);
  return {
    run,
    rows: looks.map(({ change, ...look }) => ({
      ...look,
      word: words[change],
      means: means[change],
      anchor: anchor('c', change),
      count: counts[change],
    })),
    ended: ended.map(({ change, reason, before }) => {
      const { tone = '' } = looks.find((each) => each.change === change) ?? {};
      const { rule, severity, name, resource, account, region } = before;
      const place = `${names(account)}, ${region}`;
      return {
        word: words[change],
        tone,
        reason: reason === undefined ? means[change] : worded(reasons, reason),
        severity,
        rule,
        name: name.trim() === '' ? resource : name,
        resource,
        place,
      };
    }),
    moreEnded: endedTotal > limits.ended ? moreEnded(endedTotal - limits.ended) : '',
  };
}
