import type { Finding } from '#model/report.js';
import {
  columns,
  findingOf,
  unfold,
  type Cells,
  type Column,
  type ColumnLine,
  type FoldedColumn,
  type IslandHead,
  type PlainColumn,
} from '../island/columns.js';

/** A column in memory: of each row the place of its value. */
export interface TableColumn {
  readonly values: readonly (string | null)[];
  readonly of: Int32Array;
}

/** The findings of the page. A finding is put together when it is looked at. */
export class Table {
  readonly head: IslandHead;
  readonly columns: Readonly<Record<Column, TableColumn>>;

  constructor(head: IslandHead, read: Readonly<Record<Column, TableColumn>>) {
    this.head = head;
    this.columns = read;
  }

  get rows(): number {
    return this.head.rows;
  }

  /** The value of a cell as it is stored. */
  cell(row: number, column: Column): string | null {
    const { values, of } = this.columns[column];
    return values[of[row] ?? -1] ?? null;
  }

  plain(row: number, column: PlainColumn): string {
    return this.cell(row, column) ?? '';
  }

  /** The value of a folded cell as the finding has it. */
  text(row: number, column: FoldedColumn): string {
    const folded = this.cell(row, column);
    if (folded === null) return '';
    const place = {
      resource: this.plain(row, 'resource'),
      account: this.plain(row, 'account'),
      region: this.plain(row, 'region'),
    };
    if (column === 'name') return unfold(folded, place);
    return unfold(folded, { ...place, key: this.cell(row, 'key'), name: this.text(row, 'name') });
  }

  finding(row: number): Finding {
    return findingOf(Object.fromEntries(columns.map((column) => [column, this.cell(row, column)])) as Cells);
  }
}

/** Reads the lines of the data, each when it has come. */
export async function tableOf(lines: AsyncIterable<string>): Promise<Table> {
  let head: IslandHead | undefined;
  const read: TableColumn[] = [];
  for await (const line of lines) {
    if (head === undefined) head = JSON.parse(line) as IslandHead;
    else read.push(columnOf(JSON.parse(line) as ColumnLine, head.rows));
  }
  if (head === undefined || read.length !== columns.length) throw new Error('the data of the page is not whole');
  return new Table(head, Object.fromEntries(columns.map((name, index) => [name, read[index]])) as Record<Column, TableColumn>);
}

function columnOf({ values, rows }: ColumnLine, count: number): TableColumn {
  if (rows.length === 0) return { values, of: new Int32Array(count) };
  let seen = 0;
  return { values, of: Int32Array.from(rows, (back) => (back === 0 ? seen++ : seen - back)) };
}
