import type { Missing } from './attempt.js';
import type { Encryption } from './encryption.js';
import { foreignKey, type ResolvedKey } from './key-graph.js';

/** The ladder, low to high. DSSE-KMS and SSE-C are modes, not levels. */
export const levels = ['none', 'aws-owned', 'aws-managed', 'customer-managed'] as const;
export type Level = (typeof levels)[number];

/** For messages: `the snapshot is …`. */
export const levelTexts: Readonly<Record<Level, string>> = {
  none: 'not encrypted',
  'aws-owned': 'under a key that AWS owns',
  'aws-managed': 'under an AWS managed key',
  'customer-managed': 'under a customer managed key',
};

export function isBelow(level: Level, other: Level): boolean {
  return levels.indexOf(level) < levels.indexOf(other);
}

/** The level of a resource, or why it has none that can be stated. */
export type LevelReading =
  | {
      readonly is: 'level';
      readonly level: Level;
      /** Of an account outside the scope, taken to be customer managed. */ readonly inferred: boolean;
    }
  | { readonly is: 'no-level'; readonly reason: string }
  | { readonly is: 'key-gone'; readonly arn: string }
  | { readonly is: 'unknown'; readonly missing: readonly Missing[] };

/**
 * The level that an encryption amounts to. `resolved` is the resolution of its key; `facet` and `operation` name
 * where the field comes from, for what is missing when AWS left it out.
 */
export function levelOf(
  encryption: Encryption,
  resolved: ResolvedKey | undefined,
  source: { facet: string; operation: string | null; action: string | null },
): LevelReading {
  const absent = (field: string): LevelReading => ({
    is: 'unknown',
    missing: [{ ...source, code: field, cause: 'absent-field' }],
  });
  switch (encryption.by) {
    case 'none':
    case 'aws-owned':
      return { is: 'level', level: encryption.by, inferred: false };
    case 'service':
      return { is: 'no-level', reason: `${encryption.mode}: the key is the file system's or vault's` };
    case 'not-judged':
      return { is: 'no-level', reason: encryption.reason };
    case 'unknown':
      return absent(
        encryption.written === null ? encryption.field : `a known ${encryption.field} (it says ${encryption.written})`,
      );
    case 'kms':
      if (encryption.key === null || resolved === undefined) return absent('KmsKeyId');
      return levelOfKey(resolved, encryption.checkedOnWrite);
  }
}

function levelOfKey(resolved: ResolvedKey, checkedOnWrite: boolean): LevelReading {
  switch (resolved.state) {
    case 'aws-managed':
      return { is: 'level', level: 'aws-managed', inferred: false };
    case 'resolved':
      return {
        is: 'level',
        level: resolved.key.metadata.manager === 'AWS' ? 'aws-managed' : 'customer-managed',
        inferred: false,
      };
    case 'missing':
      return { is: 'key-gone', arn: resolved.arn };
    case 'foreign':
      // The service refused the write unless the key was there and symmetric; AWS managed keys cannot be shared.
      if (checkedOnWrite) return { is: 'level', level: 'customer-managed', inferred: true };
      return { is: 'unknown', missing: [foreignKey(resolved)] };
    case 'unread':
      return { is: 'unknown', missing: resolved.missing };
  }
}
