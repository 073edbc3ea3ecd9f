import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { AtrestError, catalogue, scan } from '#index.js';
import { demoWorld, startEstate } from '#estate/index.js';
import type { Io } from '../io.js';
import { clockOf } from '../options.js';
import { ProgressDisplay } from '../progress.js';
import { summaryText } from '../summary.js';

const accounts = ['111111111111', '222222222222', '333333333333'];
const role = 'AtrestAudit';

/** Scans the simulated organisation over HTTP with the real SDK. Exits 0 when it ran, whatever it found. */
export async function demoCommand({ out, quiet }: { readonly out: string; readonly quiet?: boolean }, io: Io): Promise<number> {
  await replaceDemo(out);
  const estate = await startEstate(demoWorld());
  const display = quiet === true ? undefined : new ProgressDisplay(io);
  try {
    useEstate(estate.url, estate.credentialsFor('111111111111'));
    const result = await scan({
      catalogue,
      config: { version: 1, scope: { accounts, role } },
      out,
      baseline: undefined,
      frameworks: ['cis-aws-7.0'],
      ruleGlobs: [],
      accounts: [],
      regions: [],
      excludeRegions: [],
      services: [],
      formats: ['json', 'html'],
      failOn: 'high',
      allowIncomplete: false,
      includePass: false,
      explain: false,
      now: clockOf(io),
      connection: { signal: io.signal },
      terminated: io.terminated,
      onProgress: (progress) => display?.show(progress),
    });
    display?.end();
    io.err(`A simulated organisation, scanned as a real one would be.\n${summaryText(result, { exitCode: false })}`);
    io.err(`A real scan would exit ${String(result.exitCode)} here. Open ${result.files['html'] ?? out} in a browser.\n`);
    return 0;
  } finally {
    display?.end();
    await estate.close();
  }
}

/** A demo's folder may be replaced; nothing else may. */
async function replaceDemo(out: string): Promise<void> {
  const there = await stat(out).catch(() => undefined);
  if (there === undefined) return;
  const run = await readFile(join(out, 'run.json'), 'utf8').catch(() => undefined);
  const isDemo = run !== undefined && accounts.every((id) => run.includes(`"${id}"`)) && run.includes(`"role": "${role}"`);
  if (!isDemo && there.isDirectory() && (await readdir(out)).length === 0) return;
  if (!isDemo) throw new AtrestError('output', `${out} is not a demo's folder`, { hint: 'Name another one with --out.' });
  await rm(out, { recursive: true });
}

/** The SDK reads its endpoint and credentials from the environment, as it would for any emulator. */
function useEstate(url: string, { accessKeyId, secretAccessKey }: { accessKeyId: string; secretAccessKey: string }): void {
  const ofNetwork = /^AWS_|^(https?|all|no)_proxy$|^NODE_EXTRA_CA_CERTS$/i;
  for (const name of Object.keys(process.env)) if (ofNetwork.test(name)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  });
}
