import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { Report } from '#model/report.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist/main.js');

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** How the command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Run extends Ended {
  readonly report: Report;
}

/** Runs the built `atrest scan` and reads its report, which is where reports are when nothing is said of it. */
export async function atrestScan(endpoint: string, keys: Keys, args: readonly string[] = [], config?: string): Promise<Run> {
  return inEmptyFolder(async (folder) => {
    const ended = await scanIn(folder, endpoint, keys, args, config);
    const [run, ...others] = await readdir(join(folder, 'atrest-runs'));
    if (run === undefined || others.length > 0)
      throw new Error(`atrest scan ended with ${String(ended.code)} and left no run of its own:\n${ended.stderr}`);
    return { ...ended, report: await readReport(join(folder, 'atrest-runs', run)) };
  });
}

/** Runs a scan that cannot begin; resolves to what it wrote all the same. */
export async function atrestRefuses(endpoint: string, keys: Keys): Promise<Ended & { readonly written: readonly string[] }> {
  return inEmptyFolder(async (folder) => {
    const ended = await scanIn(folder, endpoint, keys, []);
    return { ...ended, written: await readdir(folder, { recursive: true }) };
  });
}

/** Scans into a history, then asks for it. */
export async function atrestHistory(endpoint: string, keys: Keys, target: string, folder: string) {
  const args = ['--region', 'us-east-1', '--service', 'kms', '--out', 'run', '--history', target];
  const scan = await scanIn(folder, endpoint, keys, args);
  const history = await runIn(folder, endpoint, keys, ['history', target, '--format', 'json']);
  return { scan, history, out: join(folder, 'run') };
}

async function inEmptyFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'atrest-moto-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** With an environment that holds the endpoint and credentials, and nothing else of AWS. */
async function scanIn(folder: string, endpoint: string, keys: Keys, args: readonly string[], config?: string): Promise<Ended> {
  if (config !== undefined) await writeFile(join(folder, 'atrest.yaml'), config);
  return runIn(folder, endpoint, keys, ['scan', ...args]);
}

async function runIn(folder: string, endpoint: string, keys: Keys, args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      ...(keys.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: keys.sessionToken }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: stdout(), stderr: stderr() };
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}

/** Both default formats are there, and the document keeps to the schema that is published with the package. */
async function readReport(out: string): Promise<Report> {
  const schema = JSON.parse(await readFile(join(root, 'dist/schema/report.schema.json'), 'utf8')) as object;
  const report = JSON.parse(await readFile(join(out, 'report.json'), 'utf8')) as Report;
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  expect(existsSync(join(out, 'report.html'))).toBe(true);
  return report;
}
