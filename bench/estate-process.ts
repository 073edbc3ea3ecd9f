import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startWorker } from './worker.js';

export interface EstateSettings {
  readonly latencyMs: number;
  readonly quotas: boolean;
  /** An organisation of so many accounts in place of the two that are crawled one by one. */
  readonly accounts?: number;
  /** One account of the size of the big-account benchmark, or of such a share of it. */
  readonly bigAccount?: number;
}

/** An estate in a process of its own, so that its CPU time is not the crawl's. */
export interface EstateProcess {
  readonly url: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly accounts: readonly string[];
  readonly pid: number;
  /** Answers the CPU seconds that it took from its start to here. */
  stop(): Promise<number>;
}

export async function startEstateWorker(options: EstateSettings): Promise<EstateProcess> {
  const child = startWorker('estate', options);
  if (child.stdout === null) throw new Error('the estate has no stdout');
  const lines = createInterface(child.stdout);
  const [line] = (await once(lines, 'line')) as [string];
  const stop = async () => {
    const closed = once(child, 'close');
    const said = once(lines, 'line') as Promise<[string]>;
    child.stdin?.end();
    const [cpuSeconds] = await said;
    await closed;
    return Number(cpuSeconds);
  };
  return { ...(JSON.parse(line) as Pick<EstateProcess, 'url' | 'credentials' | 'accounts'>), pid: child.pid ?? 0, stop };
}
