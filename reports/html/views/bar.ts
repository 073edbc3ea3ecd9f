/** A part of a bar, as attributes of its rectangle. */
export interface Segment {
  readonly name: string;
  readonly x: string;
  readonly width: string;
}

/** The parts of a bar by their counts. A share too small to see would look like none at all. */
export function segmentsOf(values: readonly { readonly name: string; readonly count: number }[]): readonly Segment[] {
  const sum = values.reduce((total, { count }) => total + count, 0);
  const weights = values.map(({ count }) => Math.max(count / sum, 0.008));
  const whole = weights.reduce((total, weight) => total + weight, 0);
  let x = 0;
  return values.map(({ name }, index) => {
    const width = ((weights[index] ?? 0) / whole) * 100;
    const segment = { name, x: `${x.toFixed(3)}%`, width: `${width.toFixed(3)}%` };
    x += width;
    return segment;
  });
}
