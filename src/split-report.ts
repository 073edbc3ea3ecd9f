import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRunManifest } from '#evidence/run-manifest.js';
import { gateSettings } from '#gate/settings.js';
import { createRunFolder, readRun } from '#inventory/run-folder.js';
import { writePieces } from '#inventory/lines.js';
import type { Language } from '#model/language.js';
import type { Redaction } from '#model/redaction.js';
import type { Catalogue } from '#model/framework.js';
import type { ReportHeader, ReportSource } from '#model/report.js';
import { accountsPage, type AccountReport } from '#reports/html/accounts-page.js';
import { html } from '#reports/html/render.js';
import { redacted } from '#reports/redact/source.js';
import { evaluateRun } from './evaluate-run.js';
import { seenFacets } from './finding-calls.js';
import { dated, readSince, type Since } from './first-seen.js';
import { readSummary, storedFindings } from './finish-run.js';
import { languageOfRun, type JudgingConfig } from './judgement.js';
import { namedManifest } from './manifest.js';
import { openRun, type OpenRun } from './open-run.js';
import { headerOf } from './report-header.js';
import { judgementOfRun, refuseOtherRules } from './stored.js';

export interface SplitOptions {
  readonly catalogue: Catalogue;
  readonly run: string;
  /** A folder that is empty or not there yet. */
  readonly out: string;
  /** What pseudonyms are to stand for. */
  readonly redact: readonly Redaction[];
  /** Undefined: that of the run. */
  readonly language?: Language | undefined;
}

export interface SplitReport {
  readonly index: string;
  readonly accounts: number;
}

/**
 * Writes a page for each account of a finished run, and last an index that links them. Each account is judged again by
 * itself, with what the others have where rules look there: one is in memory at a time.
 */
export async function splitReport({ catalogue, run: path, out, redact, language: asked }: SplitOptions): Promise<SplitReport> {
  // It holds an inventory, or this rejects.
  await readRunManifest(path);
  const run = await readRun(path);
  const header = await readSummary(path);
  const open = await openRun(path, run, judgementOfRun(catalogue, path, run));
  await refuseOtherRules(open, 'Judge it again with `atrest evaluate`, and split that.');
  const language = asked ?? languageOfRun(run);
  const shared: Shared = { header, redact, language, since: await readSince(path), manifestSha256: await namedManifest(path) };
  const takeBack = await createRunFolder(out);
  try {
    const reports: AccountReport[] = [];
    for (const { id } of run.accounts) reports.push(await writeAccount(open, id, out, shared));
    const index = join(out, 'index.html');
    await writePieces(index, accountsPage({ header, reports, redact, language, manifestSha256: shared.manifestSha256 }));
    return { index, accounts: reports.length };
  } catch (error) {
    await takeBack();
    throw error;
  }
}

/** What all pages of a run have in common. */
interface Shared {
  /** Of the whole run. */
  readonly header: ReportHeader;
  readonly redact: readonly Redaction[];
  readonly language: Language | undefined;
  readonly since: Since | undefined;
  readonly manifestSha256: string | undefined;
}

async function writeAccount(whole: OpenRun, id: string, out: string, shared: Shared): Promise<AccountReport> {
  const folder = await mkdtemp(join(tmpdir(), 'atrest-account-'));
  try {
    const source = await sourceOf(partOf(whole, id), folder, shared);
    const { header } = source;
    // By the id that the page shows; whatever a run folder says it is, it stays a name in this folder.
    const [shown] = header.scope.accounts;
    const file = `accounts/${(shown?.id ?? id).replace(/[^\w-]/g, '_')}.html`;
    await writePieces(join(out, file), html.render(source));
    return { file, header };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The run as if it had this account alone; what joins it to the others stays. */
function partOf(whole: OpenRun, id: string): OpenRun {
  return {
    ...whole,
    run: { ...whole.run, accounts: whole.run.accounts.filter((account) => account.id === id) },
    cells: whole.cells.filter(({ cell }) => cell.account === id),
    followUps: whole.followUps.filter(({ account }) => account === id),
  };
}

async function sourceOf(part: OpenRun, folder: string, shared: Shared): Promise<ReportSource> {
  const { gate } = part.run.config as JudgingConfig;
  const settings = gateSettings(gate, { allowIncomplete: false, failOn: undefined, against: false });
  const evaluation = await evaluateRun(part, folder, { settings, threads: [] });
  const { finishedAt } = shared.header.run;
  const { waivers = [], ...header } = headerOf(part, evaluation, { finishedAt, earlier: [] });
  // One that means nothing here may mean something in another account.
  const meant = waivers.filter(({ matches }) => matches > 0);
  const { language, since, manifestSha256, redact } = shared;
  const source = dated(
    {
      header: { ...header, ...(meant.length > 0 && { waivers: meant }) },
      findings: () => storedFindings(folder),
      seen: (some) => seenFacets(part.path, some),
    },
    since,
  );
  const shown = {
    ...source,
    index: '../index.html',
    ...(language && { language }),
    ...(manifestSha256 && { manifestSha256 }),
  };
  return redact.length === 0 ? shown : redacted(shown, redact, shared.header.scope.accounts);
}
