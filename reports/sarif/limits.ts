/**
 * What GitHub takes. https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
 * Of more than 5,000 results of a run it keeps 5,000; of what is above another limit it keeps nothing of the file.
 */
export const limits = {
  runs: 20,
  results: 5_000,
  tags: 20,
  /** GitHub takes 10 MB gzipped; what is not a result has its part of it too. */
  gzippedResults: 8_500_000,
  /** Characters of a rule's short and full description. */
  description: 1_024,
} as const;
