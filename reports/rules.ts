import type { Finding, RuleRow } from '#model/report.js';

type KnownRule = Pick<RuleRow, 'id' | 'title' | 'controls' | 'source' | 'why'>;

/** What says which rules there are. */
export interface KnownRules {
  readonly rules: readonly KnownRule[];
}

/** The rules of a report by id; of one that the header does not name, what a finding says of it. */
export function rulesOf({ rules }: KnownRules): (finding: Finding) => KnownRule {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return ({ rule: id }) => byId.get(id) ?? { id, title: id, controls: {}, source: '', why: '' };
}

/** The controls of a rule, each with its framework: `cis-aws-7.0 3.6`. */
export function requirementsOf({ controls }: Pick<RuleRow, 'controls'>): readonly string[] {
  return Object.entries(controls).flatMap(([framework, ids]) => ids.map((id) => `${framework} ${id}`));
}
