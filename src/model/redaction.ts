/** What a report for readers outside can leave out: pseudonyms stand in its place. */
export const redactions = ['account-ids', 'arns', 'tags'] as const;
export type Redaction = (typeof redactions)[number];
