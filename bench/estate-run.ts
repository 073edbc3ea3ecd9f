import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue, scan, type RunResult } from '#index.js';

/** Points the SDK of this process at an estate, as a user's shell would. */
export function useEstate(url: string, { accessKeyId, secretAccessKey }: { accessKeyId: string; secretAccessKey: string }): void {
  Object.assign(process.env, estateEnvironment(url, accessKeyId, secretAccessKey));
}

/** The variables that a process needs so that it talks to the estate and to nothing else. */
export function estateEnvironment(url: string, accessKeyId: string, secretAccessKey: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}

export interface ScanTimes {
  readonly result: RunResult;
  /** From the start of the scan to the end of its crawl. */
  readonly crawlSeconds: number;
  readonly crawlCpuSeconds: number;
}

/** Scans these accounts into a folder that lives as long as `use` does. */
export async function scanEstate<T>(accounts: readonly string[], use: (run: string, times: ScanTimes) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'atrest-bench-'));
  const run = join(folder, 'run');
  try {
    const startedAt = performance.now();
    const before = process.cpuUsage();
    let crawlSeconds = Number.NaN;
    let crawlCpuSeconds = Number.NaN;
    const result = await scan({
      catalogue,
      config: { version: 1, scope: { accounts: [...accounts], role: 'AtrestAudit' } },
      out: run,
      baseline: undefined,
      frameworks: [],
      ruleGlobs: [],
      accounts: [],
      regions: [],
      excludeRegions: [],
      services: [],
      formats: [],
      failOn: 'never',
      allowIncomplete: false,
      includePass: false,
      explain: false,
      now: undefined,
      connection: {},
      onProgress: ({ phase }) => {
        if (phase !== 'evaluate') return;
        const { user, system } = process.cpuUsage(before);
        crawlCpuSeconds = (user + system) / 1e6;
        crawlSeconds = (performance.now() - startedAt) / 1000;
      },
    });
    return await use(run, { result, crawlSeconds, crawlCpuSeconds });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
