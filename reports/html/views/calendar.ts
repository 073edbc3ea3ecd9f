import type { ReportHeader } from '#model/report.js';
import { dateOf, daysLeft } from '#model/days.js';
import { compareText } from '#model/place.js';
import { groupBy } from '../group-by.js';
import { limits } from '../limits.js';
import { totalOf } from './key-picture.js';
import { keyTargets } from './keys.js';
import type { Texts } from '../texts/index.js';

interface Due {
  /** YYYY-MM-DD, in UTC; null: no date is set yet. */
  readonly date: string | null;
  readonly what: string;
  readonly of: string;
  /** The key of it, where the page shows it in full. */
  readonly target: string | null;
  readonly place: string;
  readonly note: string;
  /** `fail`: something is lost, or a promise has ended. */
  readonly tone: 'fail' | 'plain';
}

interface DueRow extends Due {
  readonly when: string;
}

export interface Month {
  readonly name: string;
  readonly overdue: boolean;
  readonly rows: readonly DueRow[];
}

/** What comes due, by month, a long one in parts; what is overdue stands before all months. */
export interface CalendarView {
  readonly today: string;
  readonly months: readonly Month[];
  readonly more: number;
}

/** As of the day of the run: a report says the same whenever it is rendered. */
export function calendarOf(header: ReportHeader, texts: Texts): CalendarView {
  const { overdue } = texts.calendar;
  const day = isDate(header.run.startedAt) ? dateOf(header.run.startedAt) : null;
  const all = [...ofKeys(header, texts), ...rotations(header, texts), ...statements(header, texts)].toSorted(
    (a, b) => compareText(a.date ?? '~', b.date ?? '~') || compareText(a.what, b.what) || compareText(a.of, b.of),
  );
  const months = groupBy(all.slice(0, limits.dueDates), ({ date }) => monthOf(date, day, texts));
  return {
    today: day ?? header.run.startedAt,
    months: [...months].flatMap(([name, dues]) =>
      inParts(dues, limits.datesTogether).map((part) => ({
        name,
        overdue: name === overdue,
        rows: part.map((due) => ({ ...due, when: whenOf(due.date, day, texts) })),
      })),
    ),
    more: Math.max(0, all.length - limits.dueDates),
  };
}

function inParts<Item>(items: readonly Item[], most: number): (readonly Item[])[] {
  const parts: (readonly Item[])[] = [];
  for (let from = 0; from < items.length; from += most) parts.push(items.slice(from, from + most));
  return parts;
}

function isDate(text: string): boolean {
  return /^\d{4}-(0[1-9]|1[0-2])-\d\d/.test(text) && !Number.isNaN(Date.parse(dateOf(text)));
}

function monthOf(date: string | null, day: string | null, { calendar }: Texts): string {
  if (date === null) return calendar.undated;
  if (day !== null && date < day) return calendar.overdue;
  return calendar.month(Number(date.slice(5, 7)), date.slice(0, 4));
}

function whenOf(date: string | null, day: string | null, { calendar }: Texts): string {
  if (date === null || day === null) return '';
  const days = daysLeft(date, new Date(day));
  if (days === 0) return calendar.today;
  return days < 0 ? calendar.ago(-days) : calendar.ahead(days);
}

/** A date as its day; a text that is none is shown where the date is lacking. */
function dated(moment: string, { calendar }: Texts): { date: string | null; unread: string } {
  return isDate(moment) ? { date: dateOf(moment), unread: '' } : { date: null, unread: calendar.unread(moment) };
}

function* ofKeys(header: ReportHeader, texts: Texts): Generator<Due> {
  const { calendar } = texts;
  const targets = keyTargets(header);
  for (const key of header.keys) {
    const { name, arn, state, deletionAt, materialExpiresAt } = key;
    const of = { of: name, target: targets.get(arn) ?? null, place: arn };
    const uses = totalOf(key.dependants);
    const note = uses === 0 ? calendar.unused : calendar.uses(uses);
    const tone = uses === 0 ? 'plain' : 'fail';
    if (deletionAt !== undefined) {
      const { date, unread } = dated(deletionAt, texts);
      yield { date, what: calendar.deleted, ...of, note: unread + note, tone };
    } else if (state === 'PendingReplicaDeletion')
      yield { date: null, what: calendar.deleted, ...of, note: calendar.onceReplicas(note), tone };
    if (materialExpiresAt !== undefined) {
      const { date, unread } = dated(materialExpiresAt, texts);
      yield { date, what: calendar.expires, ...of, note: unread + note, tone };
    }
  }
}

/** Keys rotate by themselves, and many on one day: a line a day. */
function* rotations({ keys }: ReportHeader, texts: Texts): Generator<Due> {
  const rotating = keys.flatMap(({ name, rotation }) => {
    const at = rotation?.nextAt ?? null;
    return at === null ? [] : [{ name, ...dated(at, texts) }];
  });
  for (const [date, those] of groupBy(rotating, (each) => each.date)) {
    const named = those.slice(0, 3).map(({ name }) => name);
    const more = those.length - named.length;
    const of = texts.calendar.andMore(named.join(', '), more);
    yield {
      date,
      what: texts.calendar.rotate(those.length),
      of,
      target: null,
      place: '',
      note: those[0]?.unread ?? '',
      tone: 'plain',
    };
  }
}

function* statements({ waivers = [] }: ReportHeader, texts: Texts): Generator<Due> {
  const { calendar } = texts;
  for (const { type, rule, by, expires, state, matches, source } of waivers) {
    if (expires === null) continue;
    const { date, unread } = dated(expires, texts);
    yield {
      date,
      what: calendar.lastDay[type],
      of: rule,
      target: null,
      place: source,
      note: unread + (by === null ? calendar.means(matches) : calendar.meansBy(by, matches)),
      tone: state === 'valid' ? 'plain' : 'fail',
    };
  }
}
