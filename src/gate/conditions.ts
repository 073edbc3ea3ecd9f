import type { Attempt } from '#model/attempt.js';
import { matchesGlob } from '#model/glob.js';
import { matchesOuPath } from '#model/ou-path.js';
import type { Finding } from '#model/report.js';
import type { Tags } from '#model/resources/index.js';
import { hasTags } from '#model/tag-match.js';
import type { Conditions } from '#model/waiver.js';

/** What conditions may ask of a finding. */
export interface Subject {
  readonly finding: Pick<Finding, 'rule' | 'account' | 'region' | 'resource'>;
  /** OU paths of the account, as far as they are known. */
  readonly paths: readonly string[];
  /** Tags of the resource: asked for only where a condition looks at them. */
  readonly tags: () => Attempt<Tags>;
}

type Name = keyof Conditions;
type Holds = (wanted: Conditions, subject: Subject) => boolean;

const some = (globs: readonly string[] | undefined, text: string): boolean =>
  globs?.some((glob) => matchesGlob(glob, text)) ?? true;

/** What is the same for all findings of a rule in an account. */
const standing: Readonly<Partial<Record<Name, Holds>>> = {
  rule: ({ rule }, { finding }) => matchesGlob(rule, finding.rule),
  accounts: ({ accounts }, { finding }) => some(accounts, finding.account),
  path: ({ path }, { paths }) => path === undefined || paths.some((each) => matchesOuPath(path, each)),
};

/** What each finding decides. Tags that were not read fit no condition: nobody knows that it holds. */
const varying: Readonly<Partial<Record<Name, Holds>>> = {
  regions: ({ regions }, { finding }) => some(regions, finding.region),
  resource: ({ resource }, { finding }) => resource === undefined || matchesGlob(resource, finding.resource),
  allTags: ({ allTags }, { tags }) => allTags === undefined || withTags(tags, (read) => hasTags(read, allTags)),
  anyTags: ({ anyTags }, { tags }) =>
    anyTags === undefined ||
    withTags(tags, (read) => Object.entries(anyTags).some(([key, values]) => hasTags(read, { [key]: values }))),
};

const [standingTests, varyingTests] = [Object.values(standing), Object.values(varying)];

function withTags(tags: Subject['tags'], holds: (read: Tags) => boolean): boolean {
  const read = tags();
  return read.known && holds(read.value);
}

/** Whether the conditions can hold for findings of the rule in the account at all. */
export function canFit(wanted: Conditions, subject: Subject): boolean {
  return standingTests.every((holds) => holds(wanted, subject));
}

/** Whether those hold that `canFit` leaves open. */
export function fits(wanted: Conditions, subject: Subject): boolean {
  return varyingTests.every((holds) => holds(wanted, subject));
}

/** The conditions that do not hold; none: the finding is meant. */
export function misfits(wanted: Conditions, subject: Subject): readonly Name[] {
  const tests = Object.entries({ ...standing, ...varying }) as [Name, Holds][];
  return tests.filter(([, holds]) => !holds(wanted, subject)).map(([name]) => name);
}
