import { isWorse, gradeOf, type Standing } from '#gate/change.js';
import { attested, isWaived } from '#gate/covered.js';
import { knownOf, type KnownFinding } from '#gate/known.js';
import { readRun } from '#inventory/run-folder.js';
import { dateOf } from '#model/days.js';
import type { Finding } from '#model/report.js';
import { readSummary, storedFindings } from './finish-run.js';
import { readKnown, readKnownIfThere, writeKnown, type KnownFindings } from './known-file.js';
import { settle } from './standings.js';

/** What became of a file of accepted findings. */
export interface KnownOutcome {
  readonly file: string;
  readonly accepted: number;
  readonly added: number;
  /** Accepted at another level than before. */
  readonly worse: number;
  readonly better: number;
  /** Entries that were taken out. */
  readonly pruned: readonly KnownFinding[];
  /** Entries that do not occur any more and are still there. */
  readonly stale: readonly KnownFinding[];
}

/** Accepts every finding of a run as it is, but those that a waiver covers. Entries of before keep their first-seen date. */
export async function writeKnownOf(
  run: string,
  file: string,
  { prune, now }: { readonly prune: boolean; readonly now: Date },
): Promise<KnownOutcome> {
  await readSummary(run);
  const before = await readKnownIfThere(file);
  const firstSeen = dateOf((await readRun(run)).now);
  const known = new Map(before);
  const seen = new Set<string>();
  const counts = { added: 0, worse: 0, better: 0 };
  for await (const finding of storedFindings(run)) {
    seen.add(finding.id);
    if (!isFail(finding, now) || isWaived(finding, now)) continue;
    const entry = before.get(finding.id);
    const grade = gradeOf(finding);
    if (entry === undefined) counts.added += 1;
    else if (isWorse(grade, entry)) counts.worse += 1;
    else if (isWorse(entry, grade)) counts.better += 1;
    known.set(finding.id, knownOf(finding, entry?.firstSeen ?? firstSeen));
  }
  const stale = await staleOf(run, before, seen);
  if (prune) for (const { id } of stale) known.delete(id);
  await writeKnown(file, known.values());
  return { file, accepted: known.size, ...counts, pruned: prune ? stale : [], stale: prune ? [] : stale };
}

/** Takes out what does not occur any more, and nothing else. */
export async function pruneKnown(run: string, file: string): Promise<KnownOutcome> {
  await readSummary(run);
  const known = new Map(await readKnown(file));
  const seen = new Set<string>();
  for await (const { id } of storedFindings(run)) seen.add(id);
  const pruned = await staleOf(run, known, seen);
  for (const { id } of pruned) known.delete(id);
  if (pruned.length > 0) await writeKnown(file, known.values());
  return { file, accepted: known.size, added: 0, worse: 0, better: 0, pruned, stale: [] };
}

function isFail(finding: Finding, now: Date): boolean {
  return finding.verdict === 'fail' || attested(finding, now) === 'fail';
}

/** Entries that a run shows not to occur any more: it judged them, or listed where they were. What it could not read stays. */
export async function staleOf(run: string, known: KnownFindings, seen: ReadonlySet<string>): Promise<readonly KnownFinding[]> {
  const missing = new Map([...known].filter(([id]) => !seen.has(id)));
  const standings = await settle(run, missing);
  return [...missing.values()].filter(({ id }) => isOver(standings.get(id)));
}

function isOver(standing: Standing | undefined): boolean {
  return standing?.is === 'pass' || standing?.is === 'gone' || standing?.is === 'not-applicable';
}
