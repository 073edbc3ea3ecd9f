import { addToHistory, AtrestError, historyPage, readHistory, type History } from '#index.js';
import type { Io } from '../io.js';
import { clockOf, historyOf, languageOf } from '../options.js';
import { defaultConfig, readConfig } from '../configured.js';

interface HistoryFlags {
  readonly config?: string;
  readonly format: 'text' | 'json' | 'html';
  readonly add?: string;
  readonly lang?: string;
}

/** Runs shown in text; JSON has all. */
const runsShown = 20;

export async function historyCommand(target: string | undefined, flags: HistoryFlags, io: Io): Promise<number> {
  const asked = languageOf(flags);
  const { config } = await readConfig(flags.config, io);
  const history = historyOf(target, { config, file: flags.config ?? defaultConfig }, io);
  if (history === undefined)
    throw new AtrestError('usage', 'No history is named', {
      hint: 'Name a folder or s3://bucket/prefix, or put `history:` into the config.',
    });
  const connection = { signal: io.signal };
  if (flags.add !== undefined) {
    const { location, removed } = await addToHistory(flags.add, history, connection, clockOf(io) ?? new Date());
    io.err(`history: ${location}\n`);
    for (const run of removed) io.err(`removed: ${run}\n`);
  }
  const found = await readHistory(history, connection);
  if (flags.format === 'html')
    for await (const piece of await historyPage(found, clockOf(io) ?? new Date(), asked ?? config.lang)) io.out(piece);
  else io.out(flags.format === 'json' ? `${JSON.stringify(found, null, 2)}\n` : textOf(found));
  if (found.damaged > 0) io.err(`atrest: ${String(found.damaged)} lines of trend.ndjson cannot be read and are left out.\n`);
  return 0;
}

function textOf({ target, latest, runs }: History): string {
  const shown = runs.slice(-runsShown);
  const head = [`${target}: ${String(runs.length)} ${runs.length === 1 ? 'run' : 'runs'}`];
  if (latest !== null) {
    head.push(`latest: ${latest.path}${latest.complete ? '' : ', which is not complete'}`);
    if (!latest.complete) head.push(`latest complete: ${latest.lastComplete?.path ?? 'none'}`);
  }
  if (shown.length < runs.length) head.push(`The newest ${String(runsShown)}; --format json has all.`);
  const waiving = shown.some(({ waived }) => waived !== undefined);
  const table = [
    ['run', 'ended', 'complete', 'score', 'pass', 'fail', 'unknown', ...(waiving ? ['waived'] : []), 'stored'],
    ...shown.map((run) => [
      run.run,
      run.finishedAt.slice(0, 16).replace('T', ' '),
      run.complete ? 'yes' : 'no',
      percent(run.score),
      ...[run.pass, run.fail, run.unknown, ...(waiving ? [run.waived ?? 0] : [])].map(String),
      run.stored ? 'yes' : 'no',
    ]),
  ];
  return [...head, '', ...columns(table), '', ...columns(trendOf(shown)), ''].join('\n');
}

/** For each account of the newest run, how it stands and how that was in the first run shown that had it. */
function trendOf(runs: History['runs']): readonly (readonly string[])[] {
  const newest = runs.at(-1)?.accounts ?? {};
  const rows = Object.entries(newest).map(([id, now]) => {
    const before = runs.map(({ accounts }) => accounts[id]).find((figures) => figures !== undefined) ?? now;
    const counts = (['pass', 'fail', 'unknown'] as const).map((what) => moved(String(before[what]), String(now[what])));
    return [id, now.complete ? 'yes' : 'no', moved(percent(before.score), percent(now.score)), ...counts];
  });
  return [['account', 'complete', 'score', 'pass', 'fail', 'unknown'], ...rows];
}

function moved(before: string, now: string): string {
  return before === now ? now : `${before} > ${now}`;
}

function percent(score: number | null): string {
  return score === null ? 'n/a' : `${(Math.floor(score * 1000) / 10).toFixed(1)} %`;
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
