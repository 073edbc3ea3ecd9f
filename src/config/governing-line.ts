import { isChosen, type ChoosableAccount } from '#model/account-selector.js';
import type { ConfigLine } from '#model/report.js';
import { assignmentOf } from './baselines.js';
import type { Locate } from './checked-yaml.js';
import type { Config } from './schema.js';

/** A config that lies in a repository. */
export interface ConfigFile {
  /** Its path there, with forward slashes. */
  readonly path: string;
  readonly locate: Locate;
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
  const { path: file, locate } = configFile;
  const assignments = baseline === undefined ? (config.assign ?? []) : [];
  const assignment = assignmentOf(assignments, account);
  const at = assignment === undefined ? inScope(account, config, locate) : locate(['assign', assignments.indexOf(assignment)]);
  return { file, line: Number(/:(\d+):\d+$/.exec(at)?.[1] ?? 1) };
}

function inScope(account: ChoosableAccount, { scope = {} }: Config, locate: Locate): string {
  const { accounts = [], organization } = scope;
  const named = accounts.findIndex((each) => (typeof each === 'string' ? each : each.id) === account.id);
  if (named >= 0) return locate(['scope', 'accounts', named]);
  if (organization === undefined) return '';
  const choice = (organization.include ?? []).findIndex((each) => isChosen(each, account));
  return choice < 0 ? locate(['scope'], 'organization') : locate(['scope', 'organization', 'include', choice]);
}
