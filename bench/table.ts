import type { Measurement } from './measurement.js';

const head = ['benchmark', 'value', 'against', 'ratio', 'wanted', '', 'note'];

/** Aligned columns, names and notes to the left, numbers to the right. */
export function table(measured: readonly Measurement[]): string {
  const rows = [head, ...measured.map(row)];
  const widths = head.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 0 || column >= 4 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return `${rows.map((cells) => line(cells).trimEnd()).join('\n')}\n`;
}

function row({ name, value, unit, against, ratio, wanted, ok, note }: Measurement): readonly string[] {
  const verdict = wanted === null ? '' : ok ? 'ok' : 'MISSED';
  return [name, `${number(value)} ${unit}`, number(against), number(ratio), wanted ?? '', verdict, note];
}

function number(value: number | null): string {
  return value === null ? '' : value.toLocaleString('en', { maximumFractionDigits: 2 });
}
