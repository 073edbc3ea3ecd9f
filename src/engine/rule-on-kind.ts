import { isKeyBearing, keyFacets } from '#model/encryption.js';
import type { Kind } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';

/** A rule where it judges resources of one kind, with what need not be found out for each of them. */
export interface RuleOnKind {
  readonly rule: Rule;
  readonly kind: Kind;
  /** Its place among the rules on the kind. */
  readonly index: number;
  /** Options as the baseline sets them. */
  readonly options: unknown;
  /** False: its options leave it nothing to judge. */
  readonly configured: boolean;
  /** It speaks only of resources that have to be under a customer managed key. */
  readonly conditional: boolean;
  /** Its pass, or that it does not apply, is the same for all that are encrypted alike. */
  readonly shared: boolean;
  /** It judges each encryption of a resource that has several. */
  readonly several: boolean;
}

/** The facet that says how a kind is encrypted. */
export function keyFacetOf(kind: Kind): string | undefined {
  return isKeyBearing(kind) ? keyFacets[kind] : undefined;
}
