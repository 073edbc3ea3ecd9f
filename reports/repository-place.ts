import { parseArn } from '#model/arn.js';
import type { Finding, ReportHeader } from '#model/report.js';

/** Where a finding is shown by what shows findings in a repository. */
export interface RepositoryPlace {
  /** Relative to the repository. */
  readonly path: string;
  /** The same percent-encoded, as a relative URI. */
  readonly uri: string;
  readonly line: number;
}

export type PlaceOf = (finding: Pick<Finding, 'account' | 'region' | 'resource'>) => RepositoryPlace;

/**
 * The line of the config that governs a finding's account. Without one a path that is no file, but the same in every run:
 * `aws/ACCOUNT/REGION/SERVICE/RESOURCE`.
 */
export function repositoryPlaces({ scope }: Pick<ReportHeader, 'scope'>): PlaceOf {
  const lines = new Map<string, RepositoryPlace>();
  for (const { id, governedBy } of scope.accounts)
    if (governedBy) lines.set(id, { path: governedBy.file, uri: uriOf(governedBy.file.split('/')), line: governedBy.line });
  return (finding) => lines.get(finding.account) ?? madeUp(finding);
}

function madeUp({ account, region, resource: arn }: Parameters<PlaceOf>[0]): RepositoryPlace {
  const { service = 'resource', resource = arn } = parseArn(arn) ?? {};
  const path = uriOf(['aws', account, region, service, resource]);
  return { path, uri: path, line: 1 };
}

function uriOf(segments: readonly string[]): string {
  return segments.map(encoded).join('/');
}

/** One segment of a path: nothing in it is a scheme, a separator or a step up, and it is never empty. */
function encoded(segment: string): string {
  if (/^\.{0,2}$/.test(segment)) return `_${segment.replaceAll('.', '_')}`;
  return encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd')).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
