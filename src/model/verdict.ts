import type { Missing } from './attempt.js';
import type { Severity } from './severity.js';

/** Observed values that decided a verdict. Never request ids or times: those live in the inventory. */
export type Evidence = Readonly<Record<string, unknown>>;

/** Values for the placeholders of a message. */
export type MessageData = Readonly<Record<string, string | number>>;

export type Verdict =
  | {
      readonly verdict: 'pass';
      readonly messageId: string;
      readonly data: MessageData;
      readonly expected: string | null;
      readonly actual: string | null;
      readonly evidence: Evidence;
    }
  | {
      readonly verdict: 'fail';
      readonly messageId: string;
      readonly data: MessageData;
      readonly expected: string;
      readonly actual: string;
      readonly evidence: Evidence;
      /** Lower or higher than the rule's default for this one resource. */
      readonly severity: Severity | null;
    }
  | { readonly verdict: 'unknown'; readonly missing: readonly Missing[] }
  | { readonly verdict: 'not-applicable'; readonly reason: string };

/** The verdict, or that the rule threw: neither verdict nor unknown. */
export type Outcome = Verdict | { readonly verdict: 'error'; readonly message: string };

/** The message with its placeholders filled in. */
export function messageText(template: string, data: MessageData): string {
  return template.replace(/\{([\w.-]+)\}/g, (_, name: string) => String(data[name] ?? `{${name}}`));
}

/** The sentence of an unknown: what would have to be readable. */
export function missingText(missing: readonly Missing[]): string {
  const parts = missing.map(({ facet, operation, action, code, cause, account }) => {
    switch (cause) {
      case 'denied':
        return `${operation ?? facet} was denied (${code ?? 'no code'}); it needs ${action ?? 'a permission that AWS did not name'}`;
      case 'throttled':
        return `${operation ?? facet} was throttled to the end (${code ?? 'no code'})`;
      case 'unreachable':
        return `${operation ?? facet} got no usable answer (${code ?? 'no code'})`;
      case 'absent-field':
        return `AWS left ${code ?? 'the field'} out of ${operation ?? facet}`;
      case 'foreign':
        if (!facet.startsWith('kms.key/'))
          return `${operation ?? facet} does not show ${code ?? 'it'} in this run: it was deleted, or belongs to another account`;
        return `${operation ?? facet} on a key of ${account === undefined ? 'another account' : `account ${account}, outside the scope,`} did not succeed (${code ?? 'no code'})`;
      case 'uncollected':
        return `${facet}${code === null ? '' : ` of ${code}`} was not collected in this run`;
      case 'unfinished':
        return `${facet} was not reached before the run ended`;
    }
  });
  return `${[...new Set(parts)].join('; ')}.`;
}
