import type { Finding, FrameworkRow, ReportHeader } from '#model/report.js';
import { uuidOf } from './uuid.js';

/**
 * The ids of a result. What was seen in a run has ids of that run. A resource and a risk keep theirs from run to run, so
 * that who tracks them knows them again. No two results share one, for ids are unique in a file.
 */
export interface Ids {
  readonly tool: string;
  readonly platform: string;
  /** Refers to where all findings of the run stand. */
  readonly evidence: string;
  /** Undefined: the account is not in the scope. */
  account(id: string): string | undefined;
  resource(finding: Finding): string;
  observation(finding: Finding): string;
  attestation(finding: Finding): string;
  risk(finding: Finding): string;
  /** Anything else in the result, by what it is and its name. */
  other(...words: readonly string[]): string;
}

/** The resources at the end of a file that its parts refer to. */
export function backMatterIds({ run }: ReportHeader): { readonly plan: string; readonly findings: string } {
  return { plan: uuidOf('plan', run.id), findings: uuidOf('findings', run.id) };
}

export function idsOf(header: ReportHeader, { id: framework }: FrameworkRow): Ids {
  const run = header.run.id;
  const accounts = new Map(header.scope.accounts.map(({ id }) => [id, uuidOf('account', framework, id)]));
  return {
    tool: uuidOf('tool', framework, header.tool.version),
    platform: uuidOf('platform', framework, header.tool.version),
    evidence: `#${backMatterIds(header).findings}`,
    account: (id) => accounts.get(id),
    resource: ({ account, region, resource }) => uuidOf('resource', framework, account, region, resource),
    observation: ({ id }) => uuidOf('observation', framework, run, id),
    attestation: ({ id }) => uuidOf('attestation', framework, run, id),
    risk: ({ id }) => uuidOf('risk', framework, id),
    other: (...words) => uuidOf(framework, run, ...words),
  };
}
