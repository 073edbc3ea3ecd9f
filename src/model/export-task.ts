const exported: Readonly<Record<string, boolean>> = {
  starting: true,
  in_progress: true,
  complete: true,
  failed: false,
  canceling: false,
  canceled: false,
};

/** Whether an export has written, or is going to; null for a status that this version does not know. AWS writes it in either case. */
export function wasExported(status: string | null): boolean | null {
  const known = status?.toLowerCase() ?? '';
  return Object.hasOwn(exported, known) ? (exported[known] ?? null) : null;
}
