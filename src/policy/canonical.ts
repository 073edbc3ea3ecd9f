import type { PolicyDocument, Statement } from './document.js';

/**
 * A policy in one order, so that two which say the same compare equal: AWS treats statements and lists as sets. Names
 * of statements decide nothing and are left out.
 */
export function canonicalPolicy({ version, statements }: PolicyDocument): string {
  return JSON.stringify([version, sorted(statements.map(canonicalStatement))]);
}

/** The text of a multi-Region key's policy, with what must differ from region to region replaced by placeholders. */
export function withoutPlace(policy: string, { arn, region }: { readonly arn: string; readonly region: string }): string {
  return policy.replaceAll(arn, '{key}').replaceAll(region, '{region}');
}

function canonicalStatement({ effect, principals, actions, resources, conditions }: Statement): string {
  return JSON.stringify([
    effect,
    principals && [principals.negated, sorted(principals.members.map((member) => JSON.stringify(member)))],
    actions && [actions.negated, sorted(actions.patterns)],
    resources && [resources.negated, sorted(resources.patterns)],
    sorted(conditions.map((condition) => JSON.stringify({ ...condition, values: sorted(condition.values) }))),
  ]);
}

/** Each once: what stands twice says nothing more. */
function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
