import { catalogue, countControls, readSummary, type ControlRow } from '#index.js';
import type { Io } from '../io.js';
import { unknownWord } from '../options.js';

interface FrameworkFlags {
  readonly json?: boolean;
}

const { frameworks } = catalogue;

export function frameworksListCommand({ json }: FrameworkFlags, io: Io): number {
  const listed = frameworks.map(({ id, title, version, controls }) => ({ id, title, version, controls: controls.length }));
  if (json === true) {
    io.out(`${JSON.stringify(listed, null, 2)}\n`);
    return 0;
  }
  const width = Math.max(...listed.map(({ id }) => id.length));
  for (const { id, title, version, controls } of listed) {
    io.out(`${id.padEnd(width)}  ${title} ${version} (${String(controls)} ${controls === 1 ? 'control' : 'controls'})\n`);
  }
  return 0;
}

/** Without a run: which rules speak to each control. With one: what they said. */
export async function frameworksShowCommand(
  id: string,
  run: string | undefined,
  { json }: FrameworkFlags,
  io: Io,
): Promise<number> {
  const ids = frameworks.map((each) => each.id);
  const framework = frameworks.find((each) => each.id === id) ?? unknownWord('framework', id, ids);
  if (run === undefined) {
    if (json === true) io.out(`${JSON.stringify(framework, null, 2)}\n`);
    else
      for (const { id: control, title, rules, notCovered } of framework.controls)
        io.out(controlText(control, title, rules, notCovered));
    return 0;
  }
  const row = countControls(framework, await readSummary(run));
  if (json === true) {
    io.out(`${JSON.stringify(row, null, 2)}\n`);
    return 0;
  }
  if (!row.complete)
    io.out('The run is not complete: not all that the controls ask about could be read. Its report says what is missing.\n\n');
  for (const control of row.controls) {
    const { rules, off, offIn, notCovered } = control;
    const missing = [
      ...off.map((rule) => `${rule} (off)`),
      ...Object.entries(offIn).map(([rule, accounts]) => `${rule} (off in ${accounts.join(', ')})`),
      ...notCovered,
    ];
    io.out(controlText(`${control.id}: ${countsText(control)}`, control.title, rules, missing));
  }
  return 0;
}

function countsText({ covered, pass, fail, unknown, error, waived, attested }: ControlRow): string {
  if (covered === 'none') return 'not covered';
  const errors = error === 0 ? '' : `, rule error ${String(error)}`;
  const accepted = waived === undefined ? '' : `, waived ${String(waived)}`;
  const decided = attested === undefined ? '' : ` (${String(attested)} attested)`;
  const part = covered === 'part' ? ', covered in part' : '';
  return `pass ${String(pass)}, fail ${String(fail)}, unknown ${String(unknown)}${decided}${accepted}${errors}${part}`;
}

function controlText(head: string, title: string | null, rules: readonly string[], notCovered: readonly string[]): string {
  const lines = [
    `${head}${title === null ? '' : `  ${title}`}`,
    ...rules.map((rule) => `    ${rule}`),
    ...notCovered.map((each) => `    not covered: ${each}`),
  ];
  return `${lines.join('\n')}\n`;
}
