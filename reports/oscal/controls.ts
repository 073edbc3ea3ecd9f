import type { ControlRow, FrameworkRow, ReportHeader } from '#model/report.js';

/** A control under the names that OSCAL can write. */
export interface NamedControl {
  readonly row: ControlRow;
  readonly controlId: string;
  readonly target: { readonly type: 'objective-id' | 'statement-id'; readonly id: string };
}

/** The frameworks of a run; where none was asked for, the rules themselves, each as a control. */
export function frameworksOf(header: ReportHeader): readonly FrameworkRow[] {
  return header.frameworks.length > 0 ? header.frameworks : [rulesAsFramework(header)];
}

function rulesAsFramework({ rules, summary, run, tool }: ReportHeader): FrameworkRow {
  return {
    id: 'rules',
    title: 'Rules of atrest',
    version: tool.version,
    complete: run.complete,
    controls: rules.map(({ id, title, offIn }) => {
      const counts = Object.hasOwn(summary.byRule, id) ? summary.byRule[id] : undefined;
      const { pass = 0, fail = 0, unknown = 0, error = 0, waived, attested } = counts ?? {};
      const partly = offIn.length > 0 || error > 0;
      return {
        ...{ id, title, rules: [id], off: [], offIn: offIn.length > 0 ? { [id]: offIn } : {}, notCovered: [] },
        ...{ covered: counts === undefined ? 'none' : partly ? 'part' : 'full', pass, fail, unknown, error },
        ...(waived !== undefined && { waived }),
        ...(attested !== undefined && { attested }),
      };
    }),
  };
}

/** Frameworks whose controls have ids in a catalogue that NIST publishes in OSCAL. */
const nist = /^(?:nist-800-53|fedramp-(?:low|moderate|high))-/;

/** The controls of a framework with ids that differ from one another. */
export function namedControls({ id: framework, controls }: FrameworkRow): readonly NamedControl[] {
  const taken = new Map<string, number>();
  return controls.map((row) => {
    const published = nist.test(framework) ? publishedNames(row.id) : undefined;
    if (published !== undefined) return { row, ...published };
    const token = tokenOf(row.id);
    const times = (taken.get(token) ?? 0) + 1;
    taken.set(token, times);
    const controlId = times === 1 ? token : `${token}-${times}`;
    return { row, controlId, target: { type: 'objective-id', id: `${controlId}_obj` } };
  });
}

/** `SC-28(1)` is `sc-28.1` there, and `CM-6(a)` the statement `cm-6_smt.a` of `cm-6`. */
function publishedNames(id: string): Omit<NamedControl, 'row'> | undefined {
  const found = /^([A-Z]{2}-\d+)(?:\((\d+)\))?(?:\(([a-z])\))?$/.exec(id);
  if (found === null) return undefined;
  const [, base = '', enhancement, statement] = found;
  const controlId = `${base.toLowerCase()}${enhancement === undefined ? '' : `.${enhancement}`}`;
  if (statement === undefined) return { controlId, target: { type: 'objective-id', id: `${controlId}_obj` } };
  return { controlId, target: { type: 'statement-id', id: `${controlId}_smt.${statement}` } };
}

/** An id in the characters that a token of OSCAL may have. */
function tokenOf(id: string): string {
  const token = id
    .replace(/[()[\]\s/]+/gu, '.')
    .replace(/[^\p{L}\p{N}.\-_]/gu, '_')
    .replace(/\.+$/, '');
  return /^[\p{L}_]/u.test(token) ? token : `_${token}`;
}
