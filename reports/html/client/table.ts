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

/** What a line of the list shows of a finding. */
export type Line = Pick<
  Finding,
  'verdict' | 'severity' | 'rule' | 'account' | 'region' | 'kind' | 'resource' | 'name' | 'message' | 'waiver' | 'attestation'
>;

/**
 * The findings of the page. A finding is put together when it is looked at, and a column when it is first asked for: most
 * of the data is ids and evidence, which the first lines of the list show nothing of.
 */
export class Table {
  readonly head: IslandHead;
  readonly #unread: Map<Column, string>;
  readonly #read = new Map<Column, TableColumn>();

  constructor(head: IslandHead, lines: readonly string[]) {
    this.head = head;
    this.#unread = new Map(columns.map((name, index) => [name, lines[index] ?? '']));
  }

  get rows(): number {
    return this.head.rows;
  }

  column(name: Column): TableColumn {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const made = columnOf(JSON.parse(this.#unread.get(name) ?? '') as ColumnLine, this.rows);
    this.#unread.delete(name);
    this.#read.set(name, made);
    return made;
  }

  /** The value of a cell as it is stored. */
  cell(row: number, column: Column): string | null {
    const { values, of } = this.column(column);
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

  line(row: number): Line {
    const plain = (column: PlainColumn) => this.plain(row, column);
    const json = (column: PlainColumn) => JSON.parse(this.cell(row, column) ?? 'null') as unknown;
    // What went in was a finding, checked as such when the run was read.
    return {
      ...{ verdict: plain('verdict'), severity: plain('severity'), rule: plain('rule'), account: plain('account') },
      ...{ region: plain('region'), kind: plain('kind'), resource: plain('resource') },
      ...{ name: this.text(row, 'name'), message: this.text(row, 'message') },
      ...{ waiver: json('waiver'), attestation: json('attestation') },
    } as Line;
  }

  finding(row: number): Finding {
    return findingOf(Object.fromEntries(columns.map((column) => [column, this.cell(row, column)])) as Cells);
  }
}

/** Reads the lines of the data. */
export async function tableOf(lines: AsyncIterable<string>): Promise<Table> {
  const read: string[] = [];
  for await (const line of lines) read.push(line);
  const [head, ...rest] = read;
  if (head === undefined || rest.length !== columns.length) throw new Error('the data of the page is not whole');
  return new Table(JSON.parse(head) as IslandHead, rest);
}

function columnOf({ values, rows }: ColumnLine, count: number): TableColumn {
  const of = new Int32Array(count);
  let seen = 0;
  // Some hundred thousand times for each column: Int32Array.from takes ten times as long.
  for (let row = 0; row < rows.length; row += 1) {
    const back = rows[row] ?? 0;
    of[row] = back === 0 ? seen : seen - back;
    if (back === 0) seen += 1;
  }
  return { values, of };
}
