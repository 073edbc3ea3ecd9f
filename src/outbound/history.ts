import pLimit from 'p-limit';
import type { KeptRun, TrendLine } from '#model/trend.js';
import { runsToRemove, type Keep } from './retention.js';
import type { HistoryLock, HistoryStore, RunFile } from './store.js';
import { parseTrend, trendName } from './trend.js';

export const latestName = 'latest.json';
const asksAtOnce = 8;

/** Where the newest run is; written when all of it is there. */
interface Latest {
  readonly schemaVersion: '1.0';
  readonly run: string;
  readonly path: string;
  readonly finishedAt: string;
  readonly complete: boolean;
  /** The newest complete run: the same, or an earlier one. */
  readonly lastComplete: { readonly run: string; readonly path: string; readonly finishedAt: string } | null;
}

export interface Published {
  readonly location: string;
  readonly removed: readonly string[];
}

/** Stores a run, then its figures, then the pointer to it, and at last removes what is not kept. Can be done again. */
export async function publish(
  store: HistoryStore,
  lock: HistoryLock,
  { line, files, keep, now }: { line: TrendLine; files: readonly RunFile[]; keep: Keep; now: Date },
): Promise<Published> {
  const location = await store.putRun(line.run, files);
  // The upload may have taken longer than the lease.
  await lock.check();
  const trend = await addToTrend(store, line);
  const stored = await store.runs();
  await pointToLatest(store, stored, trend);
  const removed = runsToRemove(stored, trend, keep, now);
  for (const run of removed) await store.removeRun(run);
  return { location, removed };
}

async function addToTrend(store: HistoryStore, line: TrendLine): Promise<readonly TrendLine[]> {
  const before = await store.read(trendName);
  const text = before?.text ?? '';
  const { lines } = parseTrend(text);
  if (lines.some(({ run }) => run === line.run)) return lines;
  // A last line that was cut elsewhere must not swallow ours.
  const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  const after = `${whole}${JSON.stringify(line)}\n`;
  await store.write(trendName, after, before);
  return parseTrend(after).lines;
}

async function pointToLatest(store: HistoryStore, stored: readonly string[], trend: readonly TrendLine[]): Promise<void> {
  const there = new Set(stored);
  const lines = trend.filter(({ run }) => there.has(run));
  const [newest, newestComplete] = [lines.at(-1), lines.findLast(({ complete }) => complete)];
  if (newest === undefined) return;
  const latest: Latest = {
    schemaVersion: '1.0',
    ...pointer(newest),
    complete: newest.complete,
    lastComplete: newestComplete === undefined ? null : pointer(newestComplete),
  };
  await store.write(latestName, `${JSON.stringify(latest, null, 2)}\n`, undefined);
}

function pointer({ run, finishedAt }: TrendLine) {
  return { run, path: `runs/${run}`, finishedAt };
}

/** A history as a reader sees it. */
export interface History {
  readonly target: string;
  readonly latest: Latest | null;
  /** Oldest first. `stored` is false for runs of which only the figures are left. */
  readonly runs: readonly KeptRun[];
  /** Lines of the trend that could not be read. */
  readonly damaged: number;
}

/** Undefined where there is none. */
export async function readHistory(store: HistoryStore): Promise<History | undefined> {
  const [trend, latest] = [await store.read(trendName), await store.read(latestName)];
  if (trend === undefined) return undefined;
  const { lines, damaged } = parseTrend(trend.text);
  const there = new Set(await store.runs());
  const limit = pLimit(asksAtOnce);
  const runs = await Promise.all(
    lines.map(async (line) => ({ ...line, stored: there.has(line.run) && (await limit(() => store.isWhole(line.run))) })),
  );
  return { target: store.target, latest: latest === undefined ? null : (JSON.parse(latest.text) as Latest), runs, damaged };
}
