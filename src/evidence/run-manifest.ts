import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { manifestFile } from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';
import { ReportHeader } from '#model/report.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const origin = {
  id: z.string(),
  manifestSha256: sha256.nullable(),
  summarySha256: sha256
    .nullable()
    .optional()
    .meta({ description: 'Of its summary.json: where that of this run is the same, it was judged to the same' }),
  finishedAt: z.string(),
};

/** `manifest.json` of a run folder; a later version may say more. */
export const RunManifest = z
  .looseObject({
    schemaVersion: z.literal('1.0'),
    tool: z.looseObject({
      name: z.literal('atrest'),
      version: z.string(),
      package: sha256
        .nullable()
        .optional()
        .meta({ description: 'Digest of the program as it was installed; null: it ran from its sources' }),
    }),
    run: ReportHeader.shape.run,
    scope: ReportHeader.shape.scope,
    caller: z.string().meta({ description: 'ARN of who began the run' }),
    ruleSet: sha256.meta({ description: 'Digest of the rules that judged, text and code' }),
    config: sha256.meta({ description: 'Digest of the config in run.json' }),
    waivers: sha256.nullable().meta({ description: 'Digest of the waivers in run.json; null: there were none' }),
    evaluatedFrom: z
      .looseObject(origin)
      .nullable()
      .meta({ description: 'The run whose inventory was judged again; null: this run read its own' }),
    scopeAsked: sha256
      .nullable()
      .optional()
      .meta({ description: 'Digest of what was asked to be scanned: runs that have the same are one chain' }),
    previous: z
      .looseObject({ run: z.string(), manifestSha256: sha256 })
      .nullable()
      .optional()
      .meta({ description: 'The run of the same scope before it; null: none is known' }),
    files: z
      .record(z.string(), z.strictObject({ bytes: z.int().nonnegative(), sha256 }))
      .meta({ description: 'Every file of the run folder by name, but this one, reports and locks' }),
  })
  .meta({ title: 'manifest.json', description: 'What a run of atrest says of itself, and the digest of every file of it' });
export type RunManifest = z.infer<typeof RunManifest>;

/** Rejects a folder that holds no finished run, or one that was judged from another's inventory. */
export async function readRunManifest(run: string): Promise<RunManifest> {
  const path = join(run, manifestFile);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new AtrestError('run-folder', `${run} holds no finished run: ${manifestFile} cannot be read`, { cause });
  }
  const manifest = parseManifest(text);
  if (typeof manifest === 'string') throw new AtrestError('run-folder', `${path}: ${manifest}`);
  const { evaluatedFrom } = manifest;
  if (evaluatedFrom !== null)
    throw new AtrestError('run-folder', `${run} was judged from the run ${evaluatedFrom.id} and holds no inventory`, {
      hint: 'Name that run.',
    });
  return manifest;
}

/** A text says what is wrong with it. */
export function parseManifest(text: string): RunManifest | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  const parsed = RunManifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is no manifest'}`;
}
