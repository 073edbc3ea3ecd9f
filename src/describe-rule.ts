import { z } from 'zod';
import { askedFacets, followUpFacets } from '#collect/asked.js';
import { registryOf } from '#collect/registry.js';
import { controlsOf, type Catalogue } from '#model/framework.js';
import type { Rule } from '#model/rule.js';
import { askedOperations } from '#plan/asked-operations.js';

/** A rule for the catalogue: what `rules list --json` prints. */
export interface RuleDescription {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly kinds: readonly string[];
  readonly recommended: boolean;
  readonly needs: readonly string[];
  /** Operations and IAM actions of all that the rule makes a scan read, listings and lookups included. */
  readonly operations: readonly string[];
  readonly actions: readonly string[];
  readonly source: string;
  /** Control ids by framework. */
  readonly controls: Readonly<Record<string, readonly string[]>>;
  /** JSON Schema of the options; null: it has none. */
  readonly options: unknown;
  /** Where the rule comes from: built in, or a plugin. */
  readonly origin: string;
}

export function describeRule(rule: Rule, { frameworks, facets }: Pick<Catalogue, 'frameworks' | 'facets'>): RuleDescription {
  const { id, title, severity, kinds, recommended, docs } = rule;
  const registry = registryOf(facets);
  const asked = askedFacets([rule], registry.kinds, { tags: true });
  const read = askedOperations(asked, followUpFacets([rule], registry.kinds), registry);
  const sorted = (words: readonly string[]) => [...new Set(words)].sort();
  return {
    id,
    title,
    severity,
    kinds,
    recommended,
    needs: rule.needs,
    operations: sorted(read.map(({ operation }) => operation)),
    actions: sorted(read.map(({ action }) => action)),
    source: docs.source,
    controls: controlsOf(id, frameworks),
    options: rule.options === null ? null : z.toJSONSchema(rule.options, { io: 'input' }),
    origin: rule.origin,
  };
}
