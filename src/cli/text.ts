/** Columns that text for people keeps to. */
const columns = 80;

/** Words in lines of at most 80 columns; a word that is longer stands alone. */
export function wrapped(text: string, indent: string): readonly string[] {
  return folded(indent, text, indent);
}

/** The same after a heading. */
export function folded(head: string, text: string, indent = ' '.repeat(head.length)): readonly string[] {
  const lines: string[] = [];
  let line = head;
  let isFirst = true;
  for (const word of text.split(' ')) {
    const longer = `${line}${isFirst ? '' : ' '}${word}`;
    if (longer.length <= columns || line.trim() === '') line = longer;
    else {
      lines.push(line.trimEnd());
      line = indent + word;
    }
    isFirst = false;
  }
  return [...lines, line.trimEnd()];
}

/** `1 call`, `2 calls`. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${String(count)} ${count === 1 ? noun : many}`;
}

/** A line without what would move the cursor or colour the terminal: names are whatever somebody chose. */
export function printable(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}

export function secondsText(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${String(minutes)} min ${String(Math.round(seconds % 60))} s`;
  return `${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`;
}
