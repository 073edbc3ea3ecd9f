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
 * The sections as one text of at most `bytesMax` bytes: rows go in as long as there is room for them and for what always
 * stands there. What is left out is counted where it would stand.
 */
export function compose(sections: readonly Section[], bytesMax: number): string {
  let room = bytesMax - sections.reduce((sum, { head }) => sum + Buffer.byteLength(head) + noteBytes, 0);
  const texts = sections.map(({ head, rows, total }) => {
    let text = `${head}\n`;
    let shown = 0;
    for (const row of rows) {
      const bytes = Buffer.byteLength(row) + 1;
      if (bytes > room) break;
      room -= bytes;
      shown += 1;
      text += `${row}\n`;
    }
    const more = total - shown;
    return more === 0 ? text : `${text}\n**And ${String(more)} more**, not listed here.\n`;
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
