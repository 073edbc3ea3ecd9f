import type { Finding } from '#model/report.js';

type Missing = NonNullable<Finding['missing']>[number];

/** What could not be read and why, in one line: `kms.key/rotation: denied, kms:GetKeyRotationStatus (AccessDenied)`. */
export function missingLine({ facet, operation, code, cause }: Missing): string {
  const call = operation === null ? '' : `, ${operation}`;
  return `${facet}: ${cause}${call}${code === null ? '' : ` (${code})`}`;
}
