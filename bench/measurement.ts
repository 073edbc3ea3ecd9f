/** A bound on a ratio. */
export interface Bound {
  readonly is: '<=' | '>=' | '=';
  readonly than: number;
}

/** One line of the result. `ratio` is value / against; `wanted` is a bound on it, null where nothing is asked. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly against: number | null;
  readonly ratio: number | null;
  readonly wanted: string | null;
  readonly ok: boolean;
  /** What it is made of, and what it is held against. */
  readonly note: string;
}

/** A benchmark: one file, one name on the command line. */
export interface Benchmark {
  readonly name: string;
  readonly run: () => Promise<readonly Measurement[]>;
}

interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly against?: number;
  readonly wanted?: Bound;
  readonly note: string;
}

export function measurement({ name, value, unit, against, wanted, note }: Measured): Measurement {
  const ratio = against === undefined ? null : value / against;
  return {
    name,
    value: rounded(value),
    unit,
    against: against === undefined ? null : rounded(against),
    ratio: ratio === null ? null : rounded(ratio),
    wanted: wanted === undefined ? null : `${wanted.is} ${String(wanted.than)}`,
    ok: wanted === undefined || (ratio !== null && holds(ratio, wanted)),
    note,
  };
}

function holds(ratio: number, { is, than }: Bound): boolean {
  switch (is) {
    case '<=':
      return ratio <= than;
    case '>=':
      return ratio >= than;
    case '=':
      return ratio === than;
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Four significant digits; whole numbers stay whole. */
function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}
