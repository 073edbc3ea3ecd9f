/** What one page holds at most. Everything beyond is in report.json, and the page says so where it cuts. */
export const limits = {
  /**
   * Bytes that stand in the page as it is written, by part and in the order of the page; what a part leaves is for those
   * after it. The script has the rest, see `Later`.
   */
  written: {
    /** Names of accounts that are alike in the matrix. */
    alike: 4_000,
    gaps: 3_000,
    causes: 3_000,
    accounts: 3_000,
    ended: 3_000,
    grid: 6_000,
    places: 6_000,
    keys: 11_000,
    losses: 3_000,
    keyLines: 2_000,
    chains: 2_000,
    due: 4_000,
    controls: 8_000,
    errors: 3_000,
  },
  /** Up to so many findings leave room for larger shares: by how much. */
  fewFindings: 250,
  besideFew: 1.7,
  /** Bytes of findings that are written out with evidence and the commands that fix them. */
  findingsInFull: 6_000,
  /** Findings in the page's data, for readers with scripts. */
  embedded: 100_000,
  /** Findings written out, for readers without and for paper. */
  findings: 40,
  /** Up to so many findings every group starts open; above, only the first ones. */
  openFindings: 250,
  /** Findings in the groups that start open when there are more. */
  openFirst: 40,
  /** Matrix cells in full, those of accounts with gaps first; the other accounts fold, those that are alike into one row. */
  matrixCells: 140,
  /** Rows of folded accounts before they say less of their gaps. */
  matrixFolded: 60,
  /** Waivers and attestations that need a look, on the first screen. */
  statements: 20,
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
  keysInFull: 100,
  /** Of a key: accounts and regions in its table, and lines in its picture. */
  keyPlaces: 40,
  keyPicture: 16,
  /** Chains of snapshot copies that are drawn. */
  chains: 40,
  /** Findings of an earlier run that are none any more. */
  ended: 100,
  dueDates: 300,
  /** Dates of a month under one heading. */
  datesTogether: 20,
  errors: 200,
  /** Coverage gaps on the first screen. */
  gapsAbove: 5,
  /** Of a history: runs in charts and in the table, accounts, and days named in one note. */
  trendRuns: 90,
  historyRuns: 1_000,
  trendAccounts: 300,
  historyNotes: 10,
} as const;
