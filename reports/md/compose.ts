import { grouped } from '../html/text.js';

/** A part of a document: what always stands there, and rows of which there may be too many. */
export interface Section {
  readonly head: string;
  /** Each without a line end. */
  readonly rows: readonly string[];
  /** How many there would be; those that have no row are counted in a note. */
  readonly total: number;
}

/** Room for `And 1,234,567 more.` and the empty lines around it, and for a closing tag. */
const noteBytes = 64;

/**
 * The sections as one text of at most `bytesMax` bytes. Rows go in by turns, so that no section starves another, as long as
 * there is room for them beside what always stands there. What is left out is counted where it would stand.
 */
export function compose(sections: readonly Section[], bytesMax: number): string {
  let room = bytesMax - sections.reduce((sum, { head }) => sum + Buffer.byteLength(head) + noteBytes, 0);
  const shown = sections.map(() => 0);
  const longest = Math.max(0, ...sections.map(({ rows }) => rows.length));
  for (let turn = 0; turn < longest; turn += 1) {
    for (const [index, { rows }] of sections.entries()) {
      const next = rows[turn];
      // Once a row did not fit, those after it would stand in the wrong place.
      if (next === undefined || shown[index] !== turn) continue;
      const bytes = Buffer.byteLength(next) + 1;
      if (bytes > room) continue;
      room -= bytes;
      shown[index] = turn + 1;
    }
  }
  const texts = sections.map(({ head, rows, total }, index) => {
    const text = [head, ...rows.slice(0, shown[index])].map((line) => `${line}\n`).join('');
    const more = total - (shown[index] ?? 0);
    return more === 0 ? text : `${text}\n**And ${grouped(more)} more**, not listed here.\n`;
  });
  return texts.join('\n');
}

/** The head of a section that is a table. */
export function tableHead(heading: string, columns: readonly string[]): string {
  const rule = columns.map((name) => (/^(Fail|Pass|Waived|Unknown|Error)$/.test(name) ? '--:' : '---'));
  return `## ${heading}\n\n${row(columns)}\n${row(rule)}`;
}

/** A row of a table; the cells are Markdown already. */
export function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}
