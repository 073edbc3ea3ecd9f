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

/** What may be known of an account without asking AWS. What is undefined is not known; null is known not to be there. */
export interface PartlyKnownAccount {
  readonly id: string;
  readonly name?: string | null | undefined;
  readonly path?: string | null | undefined;
  readonly namePath?: string | null | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** False: it may have other tags too. */
  readonly hasAllTags: boolean;
}

/**
 * What has to be known to say whether a choice means the account, as words: empty when it does; undefined when it does
 * not, whatever the rest may be.
 */
export function openQuestions(choice: AccountChoice, account: PartlyKnownAccount): readonly string[] | undefined {
  const { name = null, path = null, namePath = null } = account;
  const questions: string[] = [];
  for (const condition of conditionsOf(choice)) {
    if (isChosen(condition, { ...account, name, path, namePath })) continue;
    const question = lacking(condition, account);
    if (question === undefined) return undefined;
    questions.push(question);
  }
  return questions;
}

/** The conditions one by one: all of them must hold. */
function conditionsOf(choice: AccountChoice): readonly AccountChoice[] {
  if (typeof choice === 'string') return [choice];
  const { tags = {}, ...others } = choice;
  return [
    ...Object.entries(others).map(([key, value]): AccountChoice => ({ [key]: value })),
    ...Object.entries(tags).map(([key, value]): AccountChoice => ({ tags: { [key]: value } })),
  ];
}

function lacking(condition: AccountChoice, account: PartlyKnownAccount): string | undefined {
  if (typeof condition === 'string') return /^[\d*?]+$/.test(condition) ? undefined : lackingPath(condition, account);
  if (condition.names !== undefined) return account.name === undefined ? 'name' : undefined;
  if (condition.path !== undefined) return lackingPath(condition.path, account);
  const [key] = Object.keys(condition.tags ?? {});
  if (key === undefined || account.hasAllTags) return undefined;
  const isKnown = Object.keys(account.tags).some((known) => known.toLowerCase() === key.toLowerCase());
  return isKnown ? undefined : `tag ${key}`;
}

function lackingPath(pattern: string, { path, namePath }: PartlyKnownAccount): string | undefined {
  if (isIdPattern(pattern)) return path === undefined ? 'OU path' : undefined;
  return path === undefined || namePath === undefined ? 'OU path by names' : undefined;
}
