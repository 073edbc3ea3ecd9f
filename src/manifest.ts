import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestFolder, exists, lockFile, manifestFile, type RunDocument } from '#inventory/run-folder.js';
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
  readonly finishedAt: string;
}

/** Writes the manifest of a finished run, the last of its files but reports: with it the run is whole. */
export async function writeManifest(
  { run, judgement }: OpenRun,
  out: string,
  header: ReportHeader,
  { evaluatedFrom, before }: { readonly evaluatedFrom: RunOrigin | null; readonly before: Before | undefined },
): Promise<void> {
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
  await writeWhole(join(out, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** What names a run that is evaluated again: its digest if it was finished. */
export async function originOf(path: string, run: RunDocument): Promise<RunOrigin> {
  const manifest = join(path, manifestFile);
  const text = (await exists(manifest)) ? await readFile(manifest) : null;
  const finishedAt =
    text === null ? run.startedAt : (JSON.parse(text.toString('utf8')) as { run: { finishedAt: string } }).run.finishedAt;
  return { id: run.id, manifestSha256: text === null ? null : createHash('sha256').update(text).digest('hex'), finishedAt };
}
