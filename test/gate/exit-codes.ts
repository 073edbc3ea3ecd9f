/** What the exit code of a gate follows from: every combination of these has one. */
export const dimensions = {
  input: ['well-formed', 'malformed'],
  rules: ['judged', 'one threw'],
  finding: ['none', 'below --fail-on', 'at --fail-on'],
  said: ['nothing', 'valid waiver', 'waiver that has expired', 'accepted', 'worse than accepted', 'within --max'],
  earlier: ['not named', 'has it too', 'has it not'],
  gap: ['none', 'unknown', 'unknown, attested', 'unknown, waived', 'account not entered'],
  otherUnknown: ['no', 'yes'],
  failOn: ['default', '--fail-on never', '--fail-on-new'],
  unknown: ['gap', 'fail', 'ignore'],
  allow: ['no', 'yes'],
} as const;
export type Dimension = keyof typeof dimensions;
export type Combination = { readonly [D in Dimension]: (typeof dimensions)[D][number] };

/** A row holds for what has one of the values named; a dimension that is not named may have any. The first row that holds counts. */
export interface Row {
  readonly when: { readonly [D in Dimension]?: readonly Combination[D][] };
  readonly code: number;
  readonly why: string;
}

const some = ['below --fail-on', 'at --fail-on'] as const;
const uncovered = ['nothing', 'waiver that has expired', 'worse than accepted'] as const;

export const exitCodeTable: readonly Row[] = [
  {
    when: { input: ['malformed'] },
    code: 2,
    why: 'A config, a file of waivers or of accepted findings that is malformed is refused, with file, line and column.',
  },
  { when: { rules: ['one threw'] }, code: 70, why: 'A rule that threw has judged nothing: that is a bug to report.' },
  {
    when: { finding: ['at --fail-on'], said: uncovered, failOn: ['default'] },
    code: 1,
    why: 'It is as severe as `--fail-on` (default `high`) says, or more.',
  },
  {
    when: { finding: some, said: uncovered, earlier: ['has it not'] },
    code: 1,
    why: 'It is new or worse since the earlier run, whatever its severity; `--fail-on-new SEVERITY` sets another threshold.',
  },
  {
    when: { finding: some, said: ['waiver that has expired', 'worse than accepted'], earlier: ['has it too'] },
    code: 1,
    why: 'A waiver covered it in the earlier run and has expired, or it is worse than accepted: it comes back as new.',
  },
  {
    when: { finding: some, said: uncovered, earlier: ['not named'], failOn: ['--fail-on-new'] },
    code: 1,
    why: 'It is not accepted, or worse than accepted, hence new. (`--fail-on-new` wants `--known` or `--against`.)',
  },
  {
    when: { gap: ['unknown'], unknown: ['fail'], failOn: ['default'] },
    code: 1,
    why: 'With `--unknown fail` an unknown that comes with a gap is a fail of its severity.',
  },
  {
    when: { gap: ['unknown'], unknown: ['fail'], earlier: ['has it not'] },
    code: 1,
    why: 'The same, where it was known in the earlier run.',
  },
  {
    when: { gap: ['unknown'], unknown: ['fail'], earlier: ['not named'], failOn: ['--fail-on-new'] },
    code: 1,
    why: 'The same, where no earlier run says that it is old.',
  },
  {
    when: { gap: ['unknown', 'unknown, waived', 'account not entered'], allow: ['yes'] },
    code: 0,
    why: 'The run is not complete, and `--allow-incomplete` lets it pass: something was listed.',
  },
  {
    when: { gap: ['account not entered'] },
    code: 3,
    why: 'The run is not complete, and no unknown speaks of the gap: no `--unknown` closes it.',
  },
  {
    when: { gap: ['unknown', 'unknown, waived'], unknown: ['gap', 'fail'] },
    code: 3,
    why: 'The run is not complete: something in scope could not be read. Only an attestation says what it is.',
  },
  {
    when: { gap: ['unknown', 'unknown, waived'] },
    code: 0,
    why: '`--unknown ignore` passes over unknowns that come with a gap.',
  },
  {
    when: { gap: ['unknown, attested'] },
    code: 0,
    why: 'Somebody has attested every unknown of the gap: it counts as closed.',
  },
  { when: { finding: some, said: ['valid waiver'] }, code: 0, why: 'A waived finding is shown and never gates.' },
  { when: { finding: some, said: ['accepted'] }, code: 0, why: 'It is accepted, and no worse than it was then.' },
  { when: { finding: some, said: ['within --max'] }, code: 0, why: 'The rule or the account may have so many.' },
  { when: { finding: some }, code: 0, why: 'It is less severe than asked for, or not new where only new ones count.' },
  {
    when: { otherUnknown: ['yes'] },
    code: 0,
    why: 'An unknown without a gap, of a foreign key or of a field that AWS leaves out, never makes 3.',
  },
  { when: {}, code: 0, why: 'Nothing was found.' },
];

const titles: Readonly<Record<Dimension, string>> = {
  input: 'files',
  rules: 'rules',
  finding: 'finding',
  said: 'said of it',
  earlier: 'earlier run',
  gap: 'gap',
  otherUnknown: 'unknown without a gap',
  failOn: 'fail on',
  unknown: '--unknown',
  allow: '--allow-incomplete',
};

/** The table as the documentation shows it. */
export function exitCodeMarkdown(): string {
  const lines = exitCodeTable.map(({ when, code, why }) => {
    const conditions = (Object.keys(dimensions) as Dimension[]).flatMap((name) =>
      when[name] === undefined ? [] : [`${titles[name]}: ${when[name].join(' / ')}`],
    );
    return `| ${conditions.length === 0 ? 'anything else' : conditions.join('; ')} | ${String(code)} | ${why} |`;
  });
  return ['| when | code | why |', '| --- | --- | --- |', ...lines].join('\n');
}
