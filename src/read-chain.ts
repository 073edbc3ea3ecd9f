import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { verifyChains, type Chain, type ChainRun, type Period, type UnfinishedRun } from '#evidence/chain.js';
import { exists, manifestFile, readRun, reasonOf, runFile } from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';
import type { TrendLine } from '#model/trend.js';
import { parseTrend, trendName } from '#outbound/trend.js';

/** What the links of a folder of runs say. */
export interface Chains {
  readonly dir: string;
  readonly chains: readonly Chain[];
  /** Folders and lines that cannot be read. */
  readonly unreadable: readonly string[];
  /** Everything holds, and no night is missing. */
  readonly whole: boolean;
}

const Manifest = z.object({
  run: z.object({ id: z.string(), startedAt: z.string(), finishedAt: z.string(), complete: z.boolean() }),
  scopeAsked: z.string().nullable().optional(),
  previous: z.object({ run: z.string(), manifestSha256: z.string() }).nullable().optional(),
  evaluatedFrom: z.unknown().optional(),
});

/** Reads a history's folder, or one that holds runs, and verifies how its runs follow one another. Only manifests are read. */
export async function readChain(dir: string, period: Period, scope?: string): Promise<Chains> {
  const found: Found = { runs: new Map(), unfinished: [], unreadable: [] };
  const stored = (await exists(join(dir, 'runs'))) ? join(dir, 'runs') : dir;
  for (const name of await foldersOf(stored)) await readFolder(join(stored, name), found);
  await addTrend(dir, found);
  if (found.runs.size + found.unfinished.length + found.unreadable.length === 0)
    throw new AtrestError('run-folder', `${dir} holds no runs`, {
      hint: 'Name the folder of a history, or one that run folders are in.',
    });
  const all = verifyChains([...found.runs.values()], found.unfinished, period);
  const chains = scope === undefined ? all : all.filter((chain) => chain.scope?.startsWith(scope) === true);
  if (chains.length === 0 && scope !== undefined)
    throw new AtrestError('usage', `${dir} holds no runs of the scope ${scope}`, {
      hint: `There are: ${all.map((chain) => chain.scope?.slice(0, 12) ?? 'none').join(', ')}.`,
    });
  return {
    dir,
    chains,
    unreadable: found.unreadable,
    whole: found.unreadable.length === 0 && chains.every(({ whole }) => whole),
  };
}

interface Found {
  readonly runs: Map<string, ChainRun>;
  readonly unfinished: UnfinishedRun[];
  readonly unreadable: string[];
}

async function foldersOf(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    // A copy into the history that was cut: the run itself is elsewhere.
    return names.filter((name) => !name.endsWith('.partial')).sort();
  } catch (cause) {
    throw new AtrestError('run-folder', `${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

async function readFolder(path: string, { runs, unfinished, unreadable }: Found): Promise<void> {
  if (!(await exists(join(path, manifestFile)))) {
    if (!(await exists(join(path, runFile)))) return;
    const run = await readRun(path).catch(() => undefined);
    if (run === undefined) unreadable.push(join(path, runFile));
    else unfinished.push({ run: run.id, startedAt: run.startedAt, scope: run.scopeAsked ?? null });
    return;
  }
  const bytes = await readFile(join(path, manifestFile));
  const manifest = manifestOf(bytes.toString('utf8'));
  if (manifest === undefined) return void unreadable.push(join(path, manifestFile));
  const { run, scopeAsked = null, previous = null, evaluatedFrom = null } = manifest;
  // Judged again from another folder: no scan of its own.
  if (evaluatedFrom !== null) return;
  const manifestSha256 = createHash('sha256').update(bytes).digest('hex');
  const other = runs.get(run.id);
  if (other !== undefined && other.manifestSha256 !== manifestSha256)
    unreadable.push(`${join(path, manifestFile)}, which differs from another manifest of run ${run.id}`);
  const { id, ...times } = run;
  runs.set(id, { run: id, ...times, scope: scopeAsked, manifestSha256, recordedSha256: null, previous });
}

function manifestOf(text: string): z.infer<typeof Manifest> | undefined {
  try {
    return Manifest.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What the history wrote down of its runs, also of those that it keeps no longer. */
async function addTrend(dir: string, { runs, unreadable }: Found): Promise<void> {
  const path = join(dir, trendName);
  if (!(await exists(path))) return;
  const { lines, damaged } = parseTrend(await readFile(path, 'utf8'));
  if (damaged > 0) unreadable.push(`${String(damaged)} ${damaged === 1 ? 'line' : 'lines'} of ${path}`);
  for (const line of lines) {
    const run = runs.get(line.run) ?? goneRun(line);
    runs.set(line.run, { ...run, recordedSha256: line.manifestSha256 ?? null });
  }
}

function goneRun({ run, startedAt, finishedAt, complete, scopeAsked }: TrendLine): ChainRun {
  const times = { startedAt, finishedAt, complete };
  return { run, ...times, scope: scopeAsked ?? null, manifestSha256: null, recordedSha256: null, previous: undefined };
}
