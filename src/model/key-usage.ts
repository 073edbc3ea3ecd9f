/** What a resource depends on a key for. */
export type KeyUsage =
  | 'storage'
  /** What is made anew and names no other key. */
  | 'default'
  | 'export'
  | 'integration'
  | 'replica'
  | 'inventory'
  | 'Performance Insights'
  | 'activity stream'
  | 'master secret';

/** That of which the kind of a resource says enough. */
const own: ReadonlySet<string> = new Set<KeyUsage>(['storage', 'default', 'export', 'integration']);

export function isOwnUsage(usage: string): boolean {
  return own.has(usage);
}

/** Behind the kind of a resource: `s3.bucket (replica)`. A resource may use a key for several: `storage, inventory`. */
export function usageText(usage: string): string {
  return isOwnUsage(usage) ? '' : ` (${usage})`;
}
