/** What one page holds at most. Everything beyond is in report.json, and the page says so where it cuts. */
export const limits = {
  /** Findings in the page's data, for readers with scripts. */
  embedded: 100_000,
  /** Findings written out, for readers without and for paper. */
  findings: 40,
  /** Up to so many findings every group starts open; above, only the first ones. */
  openFindings: 250,
  /** Findings in the groups that start open when there are more. */
  openFirst: 40,
  /** Matrix cells before accounts without a gap fold into one row each. */
  matrixCells: 600,
  failedOperations: 500,
  causes: 200,
  places: 1_000,
  /** Accounts in the grid of accounts and services. */
  gridAccounts: 500,
  /** Rules named in a line of it, in the first lines and further down. */
  rulesPerPlace: 3,
  rulesPerLaterPlace: 1,
  firstPlaces: 25,
  keys: 1_000,
  /** Keys with all that is known of them; those after them have a line in a table. */
  keysInFull: 20,
  /** Of a key: accounts and regions in its table, and lines in its picture. */
  keyPlaces: 40,
  keyPicture: 16,
  /** Chains of snapshot copies that are drawn. */
  chains: 6,
  /** Findings of an earlier run that are none any more. */
  ended: 100,
  dueDates: 300,
  errors: 200,
  /** Coverage gaps on the first screen. */
  gapsAbove: 5,
  /** Of a history: runs in charts and in the table, accounts, and days named in one note. */
  trendRuns: 90,
  historyRuns: 1_000,
  trendAccounts: 300,
  historyNotes: 10,
} as const;
