import { compareText } from '#model/place.js';
import type { ReportHeader } from '#model/report.js';
import type { Digest, SquareTally } from '../digest.js';
import { limits } from '../limits.js';
import { accountNames } from './names.js';

interface Figure {
  readonly count: number;
  /** Where the findings behind it are. */
  readonly target: string;
}

interface Square {
  readonly fail: Figure | null;
  readonly unknown: Figure | null;
  /** 0 to 4, by how many fails there are. */
  readonly heat: number;
}

/** Fails and unknowns by account and service, as a grid whose figures lead to the findings. */
export interface GridView {
  readonly services: readonly string[];
  readonly rows: readonly { readonly account: string; readonly squares: readonly Square[] }[];
  readonly moreRows: number;
}

/** The accounts with most fails first. */
export function gridOf(header: ReportHeader, { squares }: Digest): GridView {
  const names = accountNames(header);
  const services = [...new Set([...squares.values()].flatMap((row) => [...row.keys()]))].toSorted(compareText);
  const ranked = [...squares].map(([account, row]) => ({
    account,
    row,
    fail: sumOf(row, 'fail'),
    unknown: sumOf(row, 'unknown'),
  }));
  const sorted = ranked.toSorted((a, b) => b.fail - a.fail || b.unknown - a.unknown || compareText(a.account, b.account));
  return {
    services,
    rows: sorted.slice(0, limits.gridAccounts).map(({ account, row }) => ({
      account: names(account),
      squares: services.map((service) => squareOf(account, service, row.get(service) ?? { fail: 0, unknown: 0 })),
    })),
    moreRows: Math.max(0, sorted.length - limits.gridAccounts),
  };
}

function sumOf(row: ReadonlyMap<string, SquareTally>, verdict: keyof SquareTally): number {
  return [...row.values()].reduce((sum, square) => sum + square[verdict], 0);
}

function squareOf(account: string, service: string, { fail, unknown }: SquareTally): Square {
  const figure = (count: number, query: Readonly<Record<string, string>>): Figure | null =>
    count === 0 ? null : { count, target: new URLSearchParams({ ...query, account, service }).toString() };
  return {
    fail: figure(fail, { verdict: 'fail', '-waiver': 'valid' }),
    unknown: figure(unknown, { verdict: 'unknown' }),
    heat: fail === 0 ? 0 : Math.min(4, 1 + Math.floor(Math.log10(fail))),
  };
}
