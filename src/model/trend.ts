import { z } from 'zod';
import { severities } from './severity.js';

const count = z.int().nonnegative();
const score = z.number().min(0).max(1).nullable();

/** Figures of a run, or of one of its accounts. What is optional is left out by runs of older versions too. */
const Figures = z.object({
  complete: z.boolean(),
  score,
  pass: count,
  fail: count,
  unknown: count,
  waived: count.optional(),
  /** Fails by severity; only those that there are. */
  severities: z.partialRecord(z.enum(severities), count).optional(),
  /** Cells that were not read to the end, and accounts that could not be entered. */
  gaps: count.optional(),
});
export type Figures = z.infer<typeof Figures>;

const AccountFigures = Figures.extend({ name: z.string().optional() });
export type AccountFigures = z.infer<typeof AccountFigures>;

/** A line of `trend.ndjson`: what is kept of a run when the run itself has gone. */
export const TrendLine = Figures.extend({
  schemaVersion: z.literal('1.0'),
  run: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  resources: count,
  /** Names of the reports that were stored with the run. */
  reports: z.array(z.string()).optional(),
  /** Digest of what was asked to be scanned. */
  scopeAsked: z.string().optional(),
  manifestSha256: z.string().optional(),
  accounts: z.record(z.string(), AccountFigures),
});
export type TrendLine = z.infer<typeof TrendLine>;

/** A run of a history; `stored` is false where only its figures are left. */
export type KeptRun = TrendLine & { readonly stored: boolean };
