/** Ids in a piece of text: few enough that a piece is small, enough that there are few pieces. */
const idsPerPiece = 1000;

/** References to what was written before, by the rule they come from. Kept as the text they will be, since many controls share a rule. */
export class References {
  readonly #member: string;
  readonly #byRule = new Map<string, { readonly pieces: string[]; open: string[] }>();

  /** `member` is what holds the id: `observation-uuid`. */
  constructor(member: string) {
    this.#member = member;
  }

  add(rule: string, uuid: string): void {
    let held = this.#byRule.get(rule);
    if (held === undefined) this.#byRule.set(rule, (held = { pieces: [], open: [] }));
    held.open.push(`{"${this.#member}":"${uuid}"}`);
    if (held.open.length < idsPerPiece) return;
    held.pieces.push(held.open.join(','));
    held.open = [];
  }

  /** The references of these rules, in pieces to be joined by commas. */
  *of(rules: readonly string[]): Generator<string> {
    for (const rule of new Set(rules)) {
      const { pieces = [], open = [] } = this.#byRule.get(rule) ?? {};
      yield* pieces;
      if (open.length > 0) yield open.join(',');
    }
  }
}
