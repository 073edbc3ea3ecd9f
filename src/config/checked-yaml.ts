import { isMap, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { AtrestError } from '#model/errors.js';
import { nearest } from '#model/nearest.js';

/** YAML aliases a document may expand: enough for anchors, too few for a bomb. */
const aliasesMax = 100;

/** Where something stands in a file: a path, or a key of the map at a path, as file:line:column. */
export type Locate = (path: readonly PropertyKey[], key?: string) => string;

/** What a file says, and where. */
export interface Checked<T> {
  readonly value: T;
  readonly locate: Locate;
}

/** Reads YAML that has to fit a schema. `file` is named in errors, as file:line:column. */
export function parseChecked<S extends z.ZodType>(text: string, file: string, schema: S): Checked<z.infer<S>> {
  const lines = new LineCounter();
  // Whatever version a file says it is of: in YAML 1.1 a date becomes another one where there is none such.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, schema: 'core' });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${String(line)}:${String(col)}`;
  };
  const [syntax] = document.errors;
  if (syntax !== undefined) throw new AtrestError('config', `${at(syntax.pos[0])}: ${firstLine(syntax.message)}`);
  const parsed = schema.safeParse(toValue(document, file));
  const locate: Locate = (path, key) => at(offsetOf(document, path, key));
  if (parsed.success) return { value: parsed.data, locate };
  const messages = parsed.error.issues.map((issue) => describe(unwrapUnion(issue), schema, locate));
  throw new AtrestError('config', messages.join('\n'));
}

function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: aliasesMax }) ?? {};
  } catch (cause) {
    throw new AtrestError('config', `${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Of a value that fits none of several forms, what is wrong with it in the form that it comes nearest to. */
function unwrapUnion(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const isOtherType = ([first]: readonly z.core.$ZodIssue[]) => first?.code === 'invalid_type' && first.path.length === 0;
  const [nearestForm] = issue.errors.find((form) => !isOtherType(form)) ?? issue.errors[0] ?? [];
  return nearestForm === undefined ? issue : unwrapUnion({ ...nearestForm, path: [...issue.path, ...nearestForm.path] });
}

function describe(issue: z.core.$ZodIssue, schema: z.ZodType, locate: Locate): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const close = nearest(key, knownKeys(schema, issue.path));
    const where = path === '' ? '' : ` in ${path}`;
    return `${locate(issue.path, key)}: unknown key "${key}"${where}${close === undefined ? '' : `; did you mean "${close}"?`}`;
  }
  return `${locate(issue.path)}: ${path === '' ? '' : `${path}: `}${issue.message}`;
}

/** Where a path, or a key of the map at a path, begins in the text; the nearest parent that is there otherwise. */
function offsetOf(document: Document, path: readonly PropertyKey[], key?: string): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] | null } | undefined;
    if (node?.range === undefined || node.range === null) continue;
    const pair = key !== undefined && isMap(node) ? node.items.find((item) => String(item.key) === key) : undefined;
    const keyNode = pair?.key as { range?: [number, number, number] } | undefined;
    return keyNode?.range?.[0] ?? node.range[0];
  }
  return 0;
}

/** Keys that the schema knows at a path. */
function knownKeys(whole: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let schema: unknown = whole;
  for (const step of path) schema = child(schema, step);
  return Object.keys(shapeOf(schema) ?? {});
}

interface SchemaDef {
  readonly def?: {
    readonly innerType?: unknown;
    readonly element?: unknown;
    readonly options?: readonly unknown[];
    readonly shape?: Record<string, unknown>;
  };
}

function child(schema: unknown, step: PropertyKey): unknown {
  const { def } = unwrapped(schema);
  if (typeof step === 'number') return def?.element;
  return shapeOf(schema)?.[String(step)];
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  const { def } = unwrapped(schema);
  return def?.shape ?? def?.options?.map(shapeOf).find((shape) => shape !== undefined);
}

function unwrapped(schema: unknown): SchemaDef {
  const each = (schema ?? {}) as SchemaDef;
  return each.def?.innerType === undefined ? each : unwrapped(each.def.innerType);
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
