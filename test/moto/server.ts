import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A running `moto_server`: the one on PATH, which npm run test:moto makes the pinned one. */
export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

const program = 'moto_server';
const startMs = 60_000;

/** Without these settings every account owns 565 snapshots of images and may read every other's buckets. */
const settings = { MOTO_EC2_LOAD_DEFAULT_AMIS: 'false', MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS: 'false' };

export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const server = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  // The end of what it said, for the case that it does not start.
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  const ended = new Promise<Error>((resolve) => {
    server.once('error', resolve);
    server.once('exit', (code) => resolve(new Error(`moto_server ended with ${String(code)}: ${said}`)));
  });
  const kill = () => server.kill();
  process.once('exit', kill);
  const stop = async () => {
    kill();
    await ended;
    process.off('exit', kill);
  };
  const failed = await Promise.race([ended, answers(url)]);
  if (failed === undefined) return { url, stop };
  await stop();
  throw failed;
}

/** Resolves to an error when it does not answer in time. */
async function answers(url: string): Promise<Error | undefined> {
  const deadline = performance.now() + startMs;
  while (performance.now() < deadline) {
    const up = await fetch(`${url}/moto-api/data.json`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return undefined;
    await sleep(100);
  }
  return new Error(`moto_server did not answer at ${url} within ${String(startMs / 1000)} s`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
