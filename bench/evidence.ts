/**
 * evidence: how fast a finished run is packed, signed and verified, against `sha256sum` of the same bytes, of which it
 * has to read all twice. Pack and verification each in a fresh process, so that its peak memory is its own. The reports
 * of a pack are rendered anew, which takes what `atrest report` takes: that is measured apart and not in the time. What
 * is held is the time on the clock; where it is less than the time of all cores together, the note says both.
 */
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { measurement, type Benchmark } from './measurement.js';
import { inWorker } from './worker.js';

const size = 1_000_000;
const wantedMebibytes = 512;
/** The fastest of so many counts, of sha256sum too: what else the machine does is in none of them. */
const rounds = 3;

interface Cost {
  readonly seconds: number;
  /** Of all cores together. */
  readonly cpuSeconds: number;
}

/** What a process did, and its peak memory. */
interface Done {
  /** Reading the run and rendering the reports of its pack. */
  readonly prepared?: Cost;
  readonly cost: Cost;
  readonly peakMebibytes: number;
}

export const evidenceBenchmark: Benchmark = {
  name: 'evidence',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'atrest-bench-'));
    try {
      const [run, pack, key, pub] = ['run', 'pack.tar', 'key.pem', 'pub.pem'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
        string,
      ];
      const pair = generateKeyPairSync('ed25519');
      await writeFile(key, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
      await writeFile(pub, pair.publicKey.export({ type: 'spki', format: 'pem' }));
      await inWorker<number>('write-run-folder', { path: run, size });
      await inWorker('evidence', { is: 'finish', run });
      const packs: Done[] = [];
      const verifications: Done[] = [];
      const sums: Cost[] = [];
      for (let round = 0; round < rounds; round += 1) {
        await rm(pack, { force: true });
        packs.push(await inWorker<Done>('evidence', { is: 'pack', run, pack, key }));
        verifications.push(await inWorker<Done>('evidence', { is: 'verify', pack, pub }));
        sums.push(await sumOf(pack));
      }
      const [packed, verified] = [fastest(packs), fastest(verifications)];
      const [sum] = sums.toSorted((a, b) => a.seconds - b.seconds) as [Cost];
      const megabytes = (await stat(pack)).size / 1e6;
      const seconds = packed.cost.seconds + verified.cost.seconds;
      const memory = (name: string, all: readonly Done[]) =>
        measurement({
          name: `peak memory of ${name} at ${size.toLocaleString('en')}`,
          value: Math.round(Math.max(...all.map(({ peakMebibytes }) => peakMebibytes))),
          unit: 'MiB',
          against: wantedMebibytes,
          wanted: { is: '<=', than: 1 },
          note: 'maxRSS of the process',
        });
      return [
        measurement({
          name: `pack, sign and verify at ${size.toLocaleString('en')}`,
          value: seconds,
          unit: 's',
          against: sum.seconds,
          wanted: { is: '<=', than: 2 },
          note:
            `${megabytes.toFixed(0)} MB at ${(megabytes / seconds).toFixed(0)} MB/s, sha256sum ${(megabytes / sum.seconds).toFixed(0)}; ` +
            `pack ${textOf(packed.cost)} and ${textOf(packed.prepared)} for its reports, verify ${textOf(verified.cost)}, sha256sum ${textOf(sum)}`,
        }),
        memory('packing', packs),
        memory('verifying', verifications),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function fastest(all: readonly Done[]): Done {
  const [first] = all.toSorted((a, b) => a.cost.seconds - b.cost.seconds) as [Done];
  return first;
}

function textOf({ seconds = 0, cpuSeconds = 0 }: Partial<Cost> = {}): string {
  return `${seconds.toFixed(2)} s (CPU ${cpuSeconds.toFixed(2)})`;
}

/** The shell says what its children took. */
async function sumOf(path: string): Promise<Cost> {
  const startedAt = performance.now();
  const { stdout } = await promisify(execFile)('sh', ['-c', 'sha256sum "$1" >/dev/null; times', 'sh', path]);
  const seconds = (performance.now() - startedAt) / 1000;
  const [, children = ''] = stdout.split('\n');
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(([, minutes, rest]) => Number(minutes) * 60 + Number(rest));
  return { seconds, cpuSeconds: parts.reduce((all, part) => all + part, 0) };
}

type Work =
  | { readonly is: 'finish'; readonly run: string }
  | { readonly is: 'pack'; readonly run: string; readonly pack: string; readonly key: string }
  | { readonly is: 'verify'; readonly pack: string; readonly pub: string };

export async function evidenceWorker(work: Work): Promise<Done> {
  const { catalogue, verifyEvidence } = await import('#index.js');
  const { preparePack } = await import('#pack-run.js');
  const { writePack } = await import('#evidence/pack.js');
  const done = (cost: Cost, prepared?: Cost): Done => ({
    ...{ cost, ...(prepared && { prepared }) },
    peakMebibytes: process.resourceUsage().maxRSS / 1024,
  });
  if (work.is === 'finish') return done((await timed(() => finish(work.run))).cost);
  if (work.is === 'pack') {
    const rendered = await mkdtemp(join(tmpdir(), 'atrest-bench-reports-'));
    try {
      const { answer, cost } = await timed(() =>
        preparePack({ catalogue, run: work.run, sign: work.key, connection: {} }, rendered),
      );
      return done((await timed(() => writePack(answer, work.pack))).cost, cost);
    } finally {
      await rm(rendered, { recursive: true, force: true });
    }
  }
  const { answer, cost } = await timed(() => verifyEvidence({ catalogue, pack: work.pack, key: work.pub, replay: false }));
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
  return done(cost);
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly answer: T; readonly cost: Cost }> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const answer = await work();
  const { user, system } = process.cpuUsage(before);
  return { answer, cost: { seconds: (performance.now() - startedAt) / 1000, cpuSeconds: (user + system) / 1e6 } };
}

/** Judges a crawled run and writes its manifest, as the end of a scan does. */
async function finish(path: string): Promise<void> {
  const { catalogue } = await import('#index.js');
  const { finishRun } = await import('#finish-run.js');
  const { judgementOfRun } = await import('#stored.js');
  const { readRun } = await import('#inventory/run-folder.js');
  const run = await readRun(path);
  await finishRun({ path, run, judgement: judgementOfRun(catalogue, path, run) }, path, {
    formats: [],
    failOn: 'never',
    allowIncomplete: false,
    includePass: false,
    explain: false,
    now: undefined,
  });
}
