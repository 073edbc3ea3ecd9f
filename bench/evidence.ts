/**
 * evidence: how fast a finished run is packed, signed and verified, against `sha256sum` of the same bytes, of which it
 * has to read all twice. Pack and verification each in a fresh process, so that its peak memory is its own. The reports
 * of a pack are rendered anew, which takes what `atrest report` takes: that is measured apart and not in the time.
 */
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { measurement, type Benchmark } from './measurement.js';
import { inWorker } from './worker.js';

const size = 1_000_000;
const wantedMebibytes = 512;

interface Cost {
  readonly seconds: number;
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
      await mkdir(join(folder, 'reports'));
      const rendered = await inWorker<Cost>('evidence', { is: 'render', run, out: join(folder, 'reports') });
      const packed = await inWorker<Cost>('evidence', { is: 'pack', run, pack, key });
      const verified = await inWorker<Cost>('evidence', { is: 'verify', pack, pub });
      const megabytes = (await stat(pack)).size / 1e6;
      const startedAt = performance.now();
      await promisify(execFile)('sha256sum', [pack]);
      const sumSeconds = (performance.now() - startedAt) / 1000;
      // Rendering is the work of `atrest report`; what a pack adds to it is measured.
      const packSeconds = packed.seconds - rendered.seconds;
      const seconds = packSeconds + verified.seconds;
      const memory = (name: string, { peakMebibytes }: Cost) =>
        measurement({
          name: `peak memory of ${name} at ${size.toLocaleString('en')}`,
          value: Math.round(peakMebibytes),
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
          against: sumSeconds,
          wanted: { is: '<=', than: 2 },
          note: `${megabytes.toFixed(0)} MB at ${(megabytes / seconds).toFixed(0)} MB/s, sha256sum ${(megabytes / sumSeconds).toFixed(0)}; pack ${packSeconds.toFixed(2)} s and ${rendered.seconds.toFixed(2)} s for its reports, verify ${verified.seconds.toFixed(2)} s`,
        }),
        memory('packing', packed),
        memory('verifying', verified),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

type Work =
  | { readonly is: 'finish'; readonly run: string }
  | { readonly is: 'render'; readonly run: string; readonly out: string }
  | { readonly is: 'pack'; readonly run: string; readonly pack: string; readonly key: string }
  | { readonly is: 'verify'; readonly pack: string; readonly pub: string };

export async function evidenceWorker(work: Work): Promise<Cost> {
  const { catalogue, packRun, render, verifyEvidence } = await import('#index.js');
  const startedAt = performance.now();
  if (work.is === 'finish') await finish(work.run);
  else if (work.is === 'render')
    await render({ catalogue, run: work.run, out: work.out, formats: ['json', 'html'], includePass: false, explain: false });
  else if (work.is === 'pack') await packRun({ catalogue, run: work.run, out: work.pack, sign: work.key, connection: {} });
  else {
    const { ok, problems } = await verifyEvidence({ catalogue, pack: work.pack, key: work.pub, replay: false });
    if (!ok) throw new Error(JSON.stringify(problems));
  }
  return { seconds: (performance.now() - startedAt) / 1000, peakMebibytes: process.resourceUsage().maxRSS / 1024 };
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
