import { AtrestError } from '#model/errors.js';
import { matchesGlob } from '#model/glob.js';
import { nearest } from '#model/nearest.js';
import type { Waivers } from '#model/waiver.js';
import { parseChecked, type Locate } from './checked-yaml.js';
import type { Config } from './schema.js';
import { WaiverFile } from './waiver-file.js';

/** A file of waivers that was read. */
export interface WaiverText {
  /** As the config names it: what reports say. */
  readonly name: string;
  /** Where it was found: what errors say. */
  readonly file: string;
  readonly text: string;
}

/** What waiver files say. Rejects what is malformed, names no rule, or lacks what the config's policy asks for. */
export function parseWaivers(
  files: readonly WaiverText[],
  rules: readonly { readonly id: string }[],
  policy: Config['waiverPolicy'] = {},
): Waivers {
  const read = files.map((file) =>
    parseFile(
      file,
      rules.map(({ id }) => id),
      policy,
    ),
  );
  return { waivers: read.flatMap(({ waivers }) => waivers), attestations: read.flatMap(({ attestations }) => attestations) };
}

function parseFile(
  { name, file, text }: WaiverText,
  ids: readonly string[],
  policy: NonNullable<Config['waiverPolicy']>,
): Waivers {
  const { value, locate } = parseChecked(text, file, WaiverFile);
  const { waivers = [], attestations = [] } = value;
  const problems = [
    ...waivers.flatMap((waiver, index) => [
      ...ruleProblems(waiver.rule, ids, locate, ['waivers', index, 'rule']),
      ...lacks(
        policy.requireExpires,
        waiver.expires,
        `${locate(['waivers', index])}: waivers.${String(index)}: expires is missing`,
      ),
      ...lacks(policy.requireOwner, waiver.owner, `${locate(['waivers', index])}: waivers.${String(index)}: owner is missing`),
    ]),
    ...attestations.flatMap((attestation, index) => [
      ...ruleProblems(attestation.rule, ids, locate, ['attestations', index, 'rule']),
      ...lacks(
        policy.requireExpires,
        attestation.expires,
        `${locate(['attestations', index])}: attestations.${String(index)}: expires is missing`,
      ),
    ]),
  ];
  if (problems.length > 0) throw new AtrestError('config', problems.join('\n'));
  const sourceOf = (path: readonly PropertyKey[]) => `${name}${locate(path).slice(file.length)}`;
  return {
    waivers: waivers.map(({ 'approved-by': approvedBy = null, owner = null, ticket = null, expires = null, ...rest }, index) => ({
      ...rest,
      owner,
      ticket,
      approvedBy,
      expires,
      source: sourceOf(['waivers', index]),
    })),
    attestations: attestations.map(({ expires = null, evidence = null, reason = null, ...rest }, index) => ({
      ...rest,
      evidence,
      reason,
      expires,
      source: sourceOf(['attestations', index]),
    })),
  };
}

function ruleProblems(rule: string, ids: readonly string[], locate: Locate, path: readonly PropertyKey[]): readonly string[] {
  if (ids.some((id) => matchesGlob(rule, id))) return [];
  const close = nearest(rule, ids);
  return [`${locate(path)}: there is no rule ${rule}${close === undefined ? '' : `; did you mean ${close}?`}`];
}

function lacks(required: boolean | undefined, given: string | undefined, problem: string): readonly string[] {
  return required === true && given === undefined ? [`${problem}, and waiverPolicy in the config asks for it`] : [];
}
