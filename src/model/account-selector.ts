import { z } from 'zod';
import { matchesGlob } from './glob.js';
import { matchesOuPath } from './ou-path.js';
import { hasTags } from './tag-match.js';

const globs = z.array(z.string().min(1));

/** Which accounts are meant: every condition that is there must hold. */
export const AccountSelector = z.strictObject({
  ids: globs.optional(),
  names: globs.optional(),
  path: z.string().min(1).optional().meta({ description: 'OU path by ids or by names: o-…/r-…/ou-…, or Root/Prod' }),
  tags: z.record(z.string(), z.string()).optional(),
});
export type AccountSelector = z.infer<typeof AccountSelector>;

/** An account id or OU path, either as a glob, or the conditions one by one. */
export type AccountChoice = string | AccountSelector;

/** What is known of an account that may be chosen. */
export interface ChoosableAccount {
  readonly id: string;
  readonly name: string | null;
  /** OU path by ids. */
  readonly path: string | null;
  /** OU path by names. */
  readonly namePath?: string | null | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export function isChosen(choice: AccountChoice, account: ChoosableAccount): boolean {
  const { id, name, tags } = account;
  if (typeof choice === 'string') return matchesGlob(choice, id) || liesIn(choice, account);
  return (
    (choice.ids?.some((glob) => matchesGlob(glob, id)) ?? true) &&
    (choice.names?.some((glob) => name !== null && matchesGlob(glob, name)) ?? true) &&
    (choice.path === undefined || liesIn(choice.path, account)) &&
    hasTags(tags, Object.fromEntries(Object.entries(choice.tags ?? {}).map(([key, value]) => [key, [value]])))
  );
}

/** The OU paths of an account, as far as they are known. */
export function pathsOf({ path, namePath }: Pick<ChoosableAccount, 'path' | 'namePath'>): readonly string[] {
  return [path, namePath].filter((each) => typeof each === 'string');
}

function liesIn(pattern: string, account: ChoosableAccount): boolean {
  return pathsOf(account).some((path) => matchesOuPath(pattern, path));
}

/** What has to be asked of an organisation before the choices can be made. */
export interface ChoiceNeeds {
  readonly tags: boolean;
  /** OU paths by ids. */
  readonly paths: boolean;
  /** Names of OUs. */
  readonly names: boolean;
}

/** Tags cost a call for each account, names one for each OU. */
export function needsOf(choices: readonly AccountChoice[]): ChoiceNeeds {
  const patterns = choices.flatMap((choice) => {
    if (typeof choice !== 'string') return choice.path ?? [];
    return /^[\d*?]+$/.test(choice) ? [] : choice;
  });
  return {
    tags: choices.some((choice) => typeof choice !== 'string' && choice.tags !== undefined),
    paths: patterns.length > 0,
    names: patterns.some((pattern) => !isIdPattern(pattern)),
  };
}

/** Every part of it is the id of an organisation, root or OU, as a glob: no name can be meant. */
function isIdPattern(pattern: string): boolean {
  return pattern.split('/').every((part) => /^[*?]*$|^(o|r|ou)-[a-z0-9*?-]*$/.test(part));
}
