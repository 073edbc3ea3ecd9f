import { join } from 'node:path';
import { createRunFolder, exists, manifestFile, readRun, writeRun, type RunDocument } from '#inventory/run-folder.js';
import { resolveBaselines } from '#config/baselines.js';
import { AtrestError } from '#model/errors.js';
import type { Language } from '#model/language.js';
import { nearest } from '#model/nearest.js';
import type { Waivers } from '#model/waiver.js';
import type { Catalogue } from '#model/framework.js';
import type { Redaction } from '#model/redaction.js';
import type { Finding, ReportSource } from '#model/report.js';
import { formatOf } from '#reports/index.js';
import { redacted } from '#reports/redact/source.js';
import { compareRuns } from './compare-runs.js';
import { allFindings } from './evaluate.js';
import { seenFacets } from './finding-calls.js';
import { withSince } from './first-seen.js';
import { finishRun, readSummary, renderReports, type FinishOptions, type RunResult } from './finish-run.js';
import { namedManifest, originOf } from './manifest.js';
import { judgementOf, languageOfRun, type Judgement, type JudgingConfig } from './judgement.js';
import { openRun, type OpenRun } from './open-run.js';
import { ruleSetDigest } from './rule-set.js';
import { pluginsOf } from './run-plan.js';
import { storedSource } from './stored-source.js';
import { readFile } from 'node:fs/promises';

export interface EvaluateOptions extends FinishOptions {
  readonly catalogue: Catalogue;
  readonly run: string;
  readonly out: string;
  /** Undefined: as the run had them. */
  readonly baseline: string | undefined;
  readonly frameworks: readonly string[] | undefined;
  readonly ruleGlobs: readonly string[] | undefined;
  readonly waivers?: Waivers | undefined;
}

/** Judges a stored run again, offline, into a folder of its own that names the run it came from. */
export async function evaluate(options: EvaluateOptions): Promise<RunResult> {
  const run = await readRun(options.run);
  // Rules that are named anew need not be those of the run.
  if (options.ruleGlobs === undefined) refuseWithoutPlugins(options.catalogue, options.run, run);
  checkBaseline(options, run.config as JudgingConfig);
  const asked = {
    rules: options.ruleGlobs ?? run.rules,
    frameworks: options.frameworks ?? run.frameworks,
    accounts: run.accounts.map((account) => ({ ...account, baseline: options.baseline ?? account.baseline })),
    ...(options.waivers && { waivers: options.waivers }),
  };
  const judgement = judgementOf(options.catalogue, {
    accounts: asked.accounts,
    ruleGlobs: asked.rules,
    frameworks: asked.frameworks,
    config: run.config as JudgingConfig,
    organization: run.organization,
    waivers: options.waivers ?? run.waivers,
  });
  const document = { ...run, ...asked, plugins: pluginsOf(judgement), options: null };
  await createRunFolder(options.out);
  await writeRun(options.out, document);
  const finish = { ...options, language: options.language ?? languageOfRun(run) };
  return finishRun({ path: options.run, run: document, judgement }, options.out, finish, await originOf(options.run, run));
}

function checkBaseline({ catalogue, baseline }: EvaluateOptions, config: JudgingConfig): void {
  const known = [...resolveBaselines(catalogue, config).keys()];
  if (baseline === undefined || known.includes(baseline)) return;
  const close = nearest(baseline, known);
  throw new AtrestError('usage', `There is no baseline ${baseline}`, {
    hint: close === undefined ? undefined : `Did you mean ${close}?`,
  });
}

export interface RenderOptions {
  readonly catalogue: Catalogue;
  readonly run: string;
  /** Undefined: into the run folder. */
  readonly out: string | undefined;
  /** Names of formats. */
  readonly formats: readonly string[];
  readonly includePass: boolean;
  readonly explain: boolean;
  /** Folder of an earlier run to compare with; undefined: none. */
  readonly against?: string | undefined;
  /** What pseudonyms are to stand for; undefined: nothing. */
  readonly redact?: readonly Redaction[] | undefined;
  /** Of pages for people; undefined: that of the run. */
  readonly language?: Language | undefined;
}

/** Renders a finished run again, into files. */
export async function render({ out, formats, ...stored }: RenderOptions): Promise<Readonly<Record<string, string>>> {
  return renderReports(await shownOf(stored), out ?? stored.run, formats, { own: stored.catalogue.formats ?? [] });
}

/** Renders a finished run piece by piece, for who writes it to anything but a file of the run. */
export async function renderPieces(name: string, stored: Omit<RenderOptions, 'out' | 'formats'>): Promise<AsyncIterable<string>> {
  const format = await formatOf(name, stored.catalogue.formats);
  if (format === undefined) throw new AtrestError('usage', `There is no format ${name}`);
  return format.render(await shownOf(stored));
}

async function shownOf(stored: Omit<RenderOptions, 'out' | 'formats'>): Promise<ReportSource> {
  const source = await sourceOf(stored);
  return stored.redact === undefined || stored.redact.length === 0 ? source : redacted(source, stored.redact);
}

/** What a finished run has to report. Passes and reasons are judged again, which needs the rules that judged the run. */
export async function sourceOf(
  { catalogue, run: path, includePass, explain, against: earlier, language: asked }: Omit<RenderOptions, 'out' | 'formats'>,
  otherRulesHint = 'Judge it again with `atrest evaluate`, or leave out --include-pass and --explain.',
): Promise<ReportSource> {
  const run = await readRun(path);
  const header = await readSummary(path);
  const language = asked ?? languageOfRun(run);
  const manifestSha256 = await namedManifest(path);
  const shown = {
    header,
    ...(manifestSha256 && { manifestSha256 }),
    ...(earlier !== undefined && { against: await compareRuns(earlier, path) }),
    ...(language && { language }),
  };
  if (!includePass && !explain) return storedSource(shown, path);
  const open = await openRun(path, run, judgementOfRun(catalogue, path, run));
  await refuseOtherRules(open, otherRulesHint);
  const seen = (some: readonly Finding[]) => seenFacets(path, some);
  return withSince({ ...shown, seen, findings: () => allFindings(open, { pass: includePass, explain }) }, path);
}

/** What a stored run was judged by. */
export function judgementOfRun(catalogue: Catalogue, path: string, run: RunDocument): Judgement {
  refuseWithoutPlugins(catalogue, path, run);
  return judgementOf(catalogue, {
    accounts: run.accounts,
    ruleGlobs: run.rules,
    frameworks: run.frameworks,
    config: run.config as JudgingConfig,
    organization: run.organization,
    waivers: run.waivers,
  });
}

/** Rules that are not there any more would read as if they had nothing to say; a crawl wants their facets too. */
export function refuseWithoutPlugins(
  { rules, facets }: Catalogue,
  path: string,
  { plugins }: RunDocument,
  { crawls = false }: { readonly crawls?: boolean } = {},
): void {
  const there = new Set([...rules.map(({ id }) => id), ...facets.map(({ kind, name }) => `${kind}/${name}`)]);
  const absent = plugins
    .map(({ name, rules: had, facets: read = [] }) => ({
      name,
      ids: (crawls ? [...had, ...read] : had).filter((id) => !there.has(id)),
    }))
    .filter(({ ids }) => ids.length > 0);
  if (absent.length === 0) return;
  const named = absent.map(({ name, ids }) => `${name} (${ids.join(', ')})`).join(' and of ');
  throw new AtrestError('run-folder', `${path} was judged by rules that are not loaded, of ${named}`, {
    hint: `Name what holds them: ${absent.map(({ name }) => `--plugin ${name}`).join(' ')}. Paths are relative to where you are.`,
  });
}

/** A run is judged again only by what judged it. */
export async function refuseOtherRules({ path, judgement }: OpenRun, hint: string): Promise<void> {
  const file = join(path, manifestFile);
  if (!(await exists(file))) return;
  const { ruleSet } = JSON.parse(await readFile(file, 'utf8')) as { ruleSet?: string };
  if (ruleSet === ruleSetDigest(judgement.rules)) return;
  throw new AtrestError('run-folder', `${path} was judged by other rules than this version has`, { hint });
}
