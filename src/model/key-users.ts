import type { Attempt, Missing } from './attempt.js';
import type { Dependants } from './key-graph.js';
import { usageText } from './key-usage.js';

/** What uses a key, in the words of a message, and what keeps the count from being final. */
export interface KeyUsers {
  readonly byKind: Dependants['byKind'];
  readonly total: number;
  /** `2 ebs.volume, 1 s3.bucket (replica)`; `at least` where something was not read. */
  readonly text: string;
  /** Empty when every listing that could hold a further user was read. */
  readonly missing: readonly Missing[];
}

/** A resource may name the key by an alias: where those were not read, neither were all users. */
export function keyUsers({ byKind, uses, total, missing }: Dependants, aliases: Attempt<readonly string[]>): KeyUsers {
  const unread = aliases.known ? missing : [...missing, ...aliases.missing];
  const counts = uses.map(({ kind, usage, count }) => `${count} ${kind}${usageText(usage)}`);
  return { byKind, total, text: `${unread.length === 0 ? '' : 'at least '}${counts.join(', ')}`, missing: unread };
}
