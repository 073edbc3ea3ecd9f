import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEstate, type Estate, type EstateOptions, type World } from '#estate/index.js';
import { catalogue } from '#index.js';
import type { Finding, Report } from '#model/report.js';
import { scan, type ScanOptions } from '#scan.js';
import type { RunResult } from '#finish-run.js';

export interface EstateScan {
  readonly result: RunResult;
  readonly report: Report;
  /** The run folder. */
  readonly path: string;
  readonly estate: Estate;
  /** Verdict of a rule on a resource, whichever it is; undefined when there is none. */
  verdict(rule: string, resource: string): Finding | undefined;
}

export type ScanOverrides = Partial<Omit<ScanOptions, 'out'>>;

/** Runs `use` with a scan of the world, every verdict in its report; removes the folder and stops the estate afterwards. */
export async function scanEstate<T>(
  world: World,
  {
    prepare,
    estate: estateOptions,
    ...overrides
  }: ScanOverrides & { prepare?: (estate: Estate) => void; estate?: EstateOptions },
  use: (scan: EstateScan) => Promise<T> | T,
): Promise<T> {
  const estate = await startEstate(world, estateOptions);
  const folder = await mkdtemp(join(tmpdir(), 'atrest-test-'));
  try {
    prepare?.(estate);
    useEstate(estate);
    const path = join(folder, 'run');
    const result = await scan(scanOptions(path, overrides));
    const report = JSON.parse(await readFile(join(path, 'report.json'), 'utf8')) as Report;
    const byId = new Map(report.findings.map((finding) => [`${finding.rule} ${finding.resource}`, finding]));
    return await use({ result, report, path, estate, verdict: (rule, resource) => byId.get(`${rule} ${resource}`) });
  } finally {
    await estate.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Options of a scan that shows every verdict and whose exit code speaks of completeness alone. */
export function scanOptions(out: string, overrides: ScanOverrides = {}): ScanOptions {
  return {
    catalogue,
    config: { version: 1 },
    out,
    baseline: 'strict',
    frameworks: [],
    ruleGlobs: [],
    accounts: [],
    regions: [],
    excludeRegions: [],
    services: [],
    formats: ['json'],
    failOn: 'never',
    allowIncomplete: false,
    includePass: true,
    explain: true,
    now: undefined,
    connection: {},
    // Others would be started from dist/.
    workers: 1,
    onProgress: () => undefined,
    ...overrides,
  };
}

/** Points the SDK at the estate through the environment alone, as a user would. */
export function useEstate(estate: Estate, account = estate.world.accounts()[0] ?? ''): void {
  const { accessKeyId, secretAccessKey } = estate.credentialsFor(account);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: estate.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  });
}
