import type { Change, ReportHeader } from '#model/report.js';
import type { ChangesDigest } from '../changes.js';
import { limits } from '../limits.js';
import { anchor, grouped } from '../text.js';
import { accountNames } from './names.js';

/** In words, in the order in which a reader wants them; `open`: there is a finding still, which the explorer shows. */
const said: readonly {
  readonly change: Change;
  readonly word: string;
  readonly means: string;
  readonly tone: string;
  readonly icon: string;
}[] = [
  { change: 'new', word: 'new', means: 'fails that were none in the earlier run', tone: 'v fail', icon: 'fail' },
  {
    change: 'worse',
    word: 'worse',
    means: 'fails of a higher severity or on a lower level, or that were unknown',
    tone: 'v fail',
    icon: 'fail',
  },
  {
    change: 'not-evaluated',
    word: 'no longer evaluated',
    means: 'unknown now, or not judged any more: nobody can say that it is fixed',
    tone: 'v unknown',
    icon: 'unknown',
  },
  {
    change: 'changed-key',
    word: 'under another key',
    means: 'fails as before, under another key',
    tone: 'quiet',
    icon: 'partial',
  },
  {
    change: 'better',
    word: 'better',
    means: 'fails of a lower severity or on a higher level, or unknowns that could be read',
    tone: 'v pass',
    icon: 'pass',
  },
  { change: 'fixed', word: 'fixed', means: 'passes now', tone: 'v pass', icon: 'pass' },
  { change: 'gone', word: 'gone', means: 'the resource is not there any more', tone: 'v quiet', icon: 'not-applicable' },
  { change: 'unchanged', word: 'unchanged', means: 'as it was', tone: 'v quiet', icon: 'not-applicable' },
];

export interface ChangesView {
  readonly run: string;
  readonly rows: readonly {
    readonly anchor: string;
    readonly word: string;
    readonly means: string;
    readonly tone: string;
    readonly icon: string;
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
export function changesViewOf(header: ReportHeader, { run, counts, ended, endedTotal }: ChangesDigest): ChangesView {
  const names = accountNames(header);
  return {
    run,
    rows: said.map(({ change, ...words }) => ({ ...words, anchor: anchor('c', change), count: counts[change] })),
    ended: ended.map(({ change, reason, before }) => {
      const { word = change, tone = '', means = '' } = said.find((each) => each.change === change) ?? {};
      const { rule, severity, name, resource, account, region } = before;
      const place = `${names(account)}, ${region}`;
      return { word, tone, reason: reason ?? means, severity, rule, name: name.trim() === '' ? resource : name, resource, place };
    }),
    moreEnded:
      endedTotal > limits.ended
        ? `${grouped(endedTotal - limits.ended)} more, none of them worse, are in what atrest diff prints.`
        : '',
  };
}
