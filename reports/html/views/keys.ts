import type { KeyRow, ReportHeader } from '#model/report.js';
import { compareText } from '#model/place.js';
import { limits } from '../limits.js';
import { grouped } from '../text.js';
import { kindName, own } from './names.js';

interface KeyLine {
  readonly arn: string;
  readonly name: string;
  readonly manager: string;
  readonly state: string;
  readonly tone: string;
  readonly icon: string;
  readonly dependants: readonly string[];
  readonly total: number;
  readonly complete: boolean;
}

/** The keys, those whose state hurts somebody first. */
export interface KeysView {
  readonly rows: readonly KeyLine[];
  readonly more: number;
}

const managers: Readonly<Record<string, string>> = { CUSTOMER: 'customer managed', AWS: 'AWS managed' };

export function keysOf({ keys }: ReportHeader): KeysView {
  const ranked = keys.map((key) => ({ key, total: totalOf(key), rank: rankOfKey(key) }));
  const sorted = ranked.toSorted((a, b) => a.rank - b.rank || b.total - a.total || compareText(a.key.arn, b.key.arn));
  return {
    rows: sorted.slice(0, limits.keys).map(({ key, total }) => lineOf(key, total)),
    more: Math.max(0, keys.length - limits.keys),
  };
}

function totalOf({ dependants }: KeyRow): number {
  return Object.values(dependants).reduce((sum, count) => sum + count, 0);
}

/** In use and not Enabled, in use and unread, not Enabled, unread, the rest. */
function rankOfKey(key: KeyRow): number {
  if (key.state === 'Enabled') return 4;
  const unread = key.state === null ? 1 : 0;
  return totalOf(key) > 0 ? unread : 2 + unread;
}

function lineOf(key: KeyRow, total: number): KeyLine {
  const { arn, name, manager, state, dependants, dependantsComplete } = key;
  return {
    arn,
    name,
    manager: manager === null ? 'not read' : (own(managers, manager) ?? manager),
    state: state ?? 'not read',
    tone: state === 'Enabled' ? 'complete' : state === null ? 'unknown' : total > 0 ? 'fail' : 'partial',
    icon: state === 'Enabled' ? 'complete' : state === null ? 'unknown' : total > 0 ? 'fail' : 'partial',
    dependants: Object.entries(dependants)
      .toSorted(([a], [b]) => compareText(a, b))
      .map(([kind, count]) => `${grouped(count)} ${kindName(kind, count)}`),
    total,
    complete: dependantsComplete,
  };
}
