import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestFolder, exists, lockFile, manifestFile, summaryFile, type RunDocument } from '#inventory/run-folder.js';
import { writeWhole } from '#inventory/lines.js';
import type { Before } from '#evidence/chain.js';
import type { RunManifest } from '#evidence/run-manifest.js';
import type { ReportHeader } from '#model/report.js';
import type { OpenRun } from './open-run.js';
import { packageDigest } from './package-digest.js';
import { ruleSetDigest } from './rule-set.js';
import { toolVersion } from './version.js';

/** The run that a folder of findings was evaluated from. */
export interface RunOrigin {
  readonly id: string;
  readonly manifestSha256: string | null;
  /** Of its summary: where that of the folder is the same, it was judged to the same. */
  readonly summarySha256: string | null;
  readonly finishedAt: string;
}

/** A manifest, and the digest that reports of the run name. */
export interface NamedManifest {
  readonly text: string;
  readonly named: string;
}

/** The manifest of a run of which all but reports is there. It is to be written last: with it the run is whole. */
export async function manifestOf(
  { run, judgement }: OpenRun,
  out: string,
  header: ReportHeader,
  { evaluatedFrom, before }: { readonly evaluatedFrom: RunOrigin | null; readonly before: Before | undefined },
): Promise<NamedManifest> {
  const { scopeAsked = null } = run;
  const manifest: RunManifest = {
    schemaVersion: '1.0',
    tool: { name: 'atrest', version: toolVersion, package: await packageDigest() },
    run: header.run,
    caller: run.caller,
    scope: header.scope,
    ruleSet: ruleSetDigest(judgement.rules),
    config: digestOf(run.config),
    waivers: run.waivers === undefined ? null : digestOf(run.waivers),
    evaluatedFrom: evaluatedFrom && { ...evaluatedFrom },
    scopeAsked,
    previous: before?.previous ? { ...before.previous } : null,
    files: await digestFolder(out, (name) => name === manifestFile || name.startsWith('report.') || name.startsWith(lockFile)),
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  return { text, named: namedBy(manifest, text) };
}

export async function writeManifest(out: string, { text }: NamedManifest): Promise<void> {
  await writeWhole(join(out, manifestFile), text);
}

/** The digest that reports of a finished run name; undefined: it is not finished. */
export async function namedManifest(run: string): Promise<string | undefined> {
  const path = join(run, manifestFile);
  if (!(await exists(path))) return undefined;
  const text = await readFile(path, 'utf8');
  return namedBy(JSON.parse(text) as RunManifest, text);
}

/** A run that is judged again to the same is the same run. */
function namedBy({ evaluatedFrom, files }: RunManifest, text: string): string {
  const same = evaluatedFrom?.summarySha256 !== undefined && evaluatedFrom.summarySha256 === files[summaryFile]?.sha256;
  return (same ? evaluatedFrom.manifestSha256 : null) ?? sha256(text);
}

function digestOf(value: unknown): string {
  return sha256(JSON.stringify(value));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What names a run that is evaluated again: its digests if it was finished. */
export async function originOf(path: string, run: RunDocument): Promise<RunOrigin> {
  const manifest = join(path, manifestFile);
  if (!(await exists(manifest))) return { id: run.id, manifestSha256: null, summarySha256: null, finishedAt: run.startedAt };
  const text = await readFile(manifest, 'utf8');
  const { run: stored, files } = JSON.parse(text) as RunManifest;
  return {
    id: run.id,
    manifestSha256: sha256(text),
    summarySha256: files[summaryFile]?.sha256 ?? null,
    finishedAt: stored.finishedAt,
  };
}
