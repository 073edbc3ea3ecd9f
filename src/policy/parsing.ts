/** Small tools for reading JSON that nobody has vouched for. */

/** Why a text is not a policy. */
export interface PolicyError {
  readonly reason: 'not-json' | 'not-a-policy';
  /** Where in the policy, such as `Statement[2].Principal`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: PolicyError };

/** The failing half of {@link Parsed}. */
export function fail(reason: PolicyError['reason'], path: string, message: string): { ok: false; error: PolicyError } {
  return { ok: false, error: { reason, path, message } };
}

/** A JSON object, not an array and not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A scalar is a list of one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** Condition values may be written as JSON booleans and numbers; null and nested values may not. */
export function asText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : null;
}

/** The members of an object under lower-cased names; two names that differ only in case are an error. */
export function elementsOf(object: Record<string, unknown>, path: string): Parsed<ReadonlyMap<string, unknown>> {
  const elements = new Map<string, unknown>();
  for (const [name, value] of Object.entries(object)) {
    const lower = name.toLowerCase();
    if (elements.has(lower)) return fail('not-a-policy', path, `the element ${name} stands twice`);
    elements.set(lower, value);
  }
  return { ok: true, value: elements };
}
