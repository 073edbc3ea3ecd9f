/** A chart of columns, one a run, as paths in a box of as many units as there are slots, 100 high. */
export interface ColumnChart {
  readonly width: number;
  readonly columns: readonly { readonly name: string; readonly path: string }[];
}

/** A value of each series for each slot, lowest first; null: there is none. They stand on one another, up to `most`. */
export function stacked(
  series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[],
  most: number,
): ColumnChart {
  const width = Math.max(0, ...series.map(({ values }) => values.length));
  const floors = Array.from({ length: width }, () => 100);
  const columns = series.map(({ name, values }) => {
    let path = '';
    for (const [slot, value] of values.entries()) {
      if (value === null || value === 0) continue;
      const floor = floors[slot] ?? 100;
      // One of very many is to be seen too.
      const top = Math.max(0, floor - Math.max((value / most) * 100, 1));
      path += `M${short(slot + 0.1)} ${short(floor)}V${short(top)}h.8V${short(floor)}z`;
      floors[slot] = top;
    }
    return { name, path };
  });
  return { width, columns: columns.filter(({ path }) => path !== '') };
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
