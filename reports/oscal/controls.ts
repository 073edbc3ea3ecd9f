import type { ControlRow, FrameworkRow } from '#model/report.js';

/** A control under the names that OSCAL can write. */
export interface NamedControl {
  readonly row: ControlRow;
  readonly controlId: string;
  readonly target: { readonly type: 'objective-id' | 'statement-id'; readonly id: string };
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
