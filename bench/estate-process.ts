import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startWorker } from './worker.js';

export interface EstateSettings {
  readonly latencyMs: number;
  readonly quotas: boolean;
}

/** An estate in a process of its own, so that its CPU time is not the crawl's. */
export interface EstateProcess {
  readonly url: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  stop(): Promise<void>;
}

export async function startEstateWorker(options: EstateSettings): Promise<EstateProcess> {
  const child = startWorker('estate', options);
  if (child.stdout === null) throw new Error('the estate has no stdout');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const stop = async () => {
    const closed = once(child, 'close');
    child.stdin?.end();
    await closed;
  };
  return { ...(JSON.parse(line) as Pick<EstateProcess, 'url' | 'credentials'>), stop };
}
