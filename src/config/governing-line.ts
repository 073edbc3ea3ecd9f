import { isChosen, type ChoosableAccount } from '#model/account-selector.js';
import type { ConfigLine } from '#model/report.js';
import { assignmentOf } from './baselines.js';
import type { LineOf } from './load.js';
import type { Config } from './schema.js';

/** A config that lies in a repository. */
export interface ConfigFile {
  /** Its path there, with forward slashes. */
  readonly path: string;
  readonly lineOf: LineOf;
}

interface Governed {
  readonly config: Config;
  readonly configFile?: ConfigFile | undefined;
  /** Over what the config assigns. */
  readonly baseline: string | undefined;
}

/**
 * The line of the config that somebody would change to have an account judged otherwise: the assignment that gives it its
 * baseline, else what puts it into the scope, else the first.
 */
export function governingLine(account: ChoosableAccount, { config, configFile, baseline }: Governed): ConfigLine | null {
  if (configFile === undefined) return null;
  const { path: file, lineOf } = configFile;
  const assignments = baseline === undefined ? (config.assign ?? []) : [];
  const assignment = assignmentOf(assignments, account);
  if (assignment !== undefined) return { file, line: lineOf(['assign', assignments.indexOf(assignment)]) };
  return { file, line: scopeLine(account, config, lineOf) };
}

function scopeLine(account: ChoosableAccount, { scope = {} }: Config, lineOf: LineOf): number {
  const { accounts = [], organization } = scope;
  const named = accounts.findIndex((each) => (typeof each === 'string' ? each : each.id) === account.id);
  if (named >= 0) return lineOf(['scope', 'accounts', named]);
  if (organization === undefined) return 1;
  const choice = (organization.include ?? []).findIndex((each) => isChosen(each, account));
  return choice < 0 ? lineOf(['scope'], 'organization') : lineOf(['scope', 'organization', 'include', choice]);
}
