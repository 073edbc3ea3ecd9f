import { compareText } from '#model/place.js';
import type { ReportHeader } from '#model/report.js';
import { accountsNotEntered } from '../../control-outcome.js';
import { isGap } from '../../gaps.js';
import type { Digest, SquareTally } from '../digest.js';
import { limits } from '../limits.js';
import { accountNames } from './names.js';
import { accountTargets } from './places.js';

interface Square {
  readonly any: boolean;
  /** Not all of the service was read: that nothing was found says nothing. */
  readonly gap: boolean;
  readonly fail: number;
  readonly unknown: number;
  /** 0 to 4, by how many fails there are. */
  readonly heat: number;
}

/** An account in the grid. */
export interface GridRow {
  readonly id: string;
  readonly account: string;
  /** The account where the page counts its findings by region; the script makes of it the findings themselves. */
  readonly target: string;
  readonly squares: readonly Square[];
}

/** Fails and unknowns by account and service, as a grid whose figures lead to the findings. */
export interface GridView {
  readonly services: readonly string[];
  readonly rows: readonly GridRow[];
  readonly moreRows: number;
}

/** The accounts with most fails first. */
export function gridOf(header: ReportHeader, { squares, places }: Digest): GridView {
  const targets = accountTargets(places);
  const names = accountNames(header);
  const gaps = gapsByAccount(header);
  const services = [...new Set([...squares.values()].flatMap((row) => [...row.keys()]))].toSorted(compareText);
  const shut = accountsNotEntered(header);
  // Without findings there is no grid: the coverage names what was not read.
  const ranked = [...new Set([...(services.length === 0 ? [] : shut), ...squares.keys()])].map((account) => {
    const row = squares.get(account) ?? new Map<string, SquareTally>();
    return { account, row, shut: shut.includes(account), fail: sumOf(row, 'fail'), unknown: sumOf(row, 'unknown') };
  });
  // An account of which nothing is known comes before those of which something is.
  const sorted = ranked.toSorted(
    (a, b) => Number(b.shut) - Number(a.shut) || b.fail - a.fail || b.unknown - a.unknown || compareText(a.account, b.account),
  );
  return {
    services,
    rows: sorted.slice(0, limits.gridAccounts).map(({ account, row, shut: closed }) => ({
      id: account,
      account: names(account),
      target: targets.get(account) ?? (closed ? 'accounts' : 'places'),
      squares: services.map((service) =>
        squareOf(
          row.get(service) ?? { fail: 0, unknown: 0 },
          closed || gaps.has(`${account} *`) || gaps.has(`${account} ${listedBy(service)}`),
        ),
      ),
    })),
    moreRows: Math.max(0, sorted.length - limits.gridAccounts),
  };
}

function sumOf(row: ReadonlyMap<string, SquareTally>, verdict: keyof SquareTally): number {
  return [...row.values()].reduce((sum, square) => sum + square[verdict], 0);
}

/** The service whose listing has the kinds of another name. */
function listedBy(service: string): string {
  return service === 'ebs' ? 'ec2' : service;
}

function gapsByAccount({ coverage }: ReportHeader): ReadonlySet<string> {
  return new Set(coverage.filter(isGap).map(({ account, service }) => `${account} ${service}`));
}

function squareOf({ fail, unknown }: SquareTally, gap: boolean): Square {
  return { any: fail + unknown > 0, gap, fail, unknown, heat: fail === 0 ? 0 : Math.min(4, 1 + Math.floor(Math.log10(fail))) };
}
