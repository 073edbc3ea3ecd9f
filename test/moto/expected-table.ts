export type Verdict = 'pass' | 'fail' | 'unknown' | 'not-applicable';
export type Verdicts = Readonly<Record<string, Verdict>>;

type Row = Readonly<Record<string, string>>;

/** `NAME RULE` to verdict. */
export function table(rules: string, rows: Row): Verdicts {
  const columns = rules.trim().split(/\s+/);
  return Object.fromEntries(
    Object.entries(rows).flatMap(([name, cells]) => {
      const verdicts = cells.trim().split(/\s+/);
      if (verdicts.length !== columns.length)
        throw new Error(`${name} has ${String(verdicts.length)} verdicts for ${String(columns.length)} rules`);
      return columns.map((rule, index) => [
        `${name} ${rule}`,
        verdicts[index] === '-' ? 'not-applicable' : (verdicts[index] as Verdict),
      ]);
    }),
  );
}
