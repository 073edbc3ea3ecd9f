/** One word of a POSIX shell command, whatever the text: names of resources are chosen by others. */
export function shellQuote(text: string): string {
  return /^[\w./:=@,+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
