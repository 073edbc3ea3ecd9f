/** Excel takes a file without the mark for one in the code page of the machine. */
export const byteOrderMark = '\ufeff';

/** Every cell is quoted: readers that look at quotes keep the zeros that account ids may begin with. */
export function line(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${guarded(cell).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

/**
 * Spreadsheets take for a formula what begins like one, and names come from whoever may tag a volume.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
function guarded(cell: string): string {
  return /^(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])/.test(cell) ? `'${cell}` : cell;
}
