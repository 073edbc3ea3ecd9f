import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Node options and a variable that make a process write down every name it looks up. No name server is asked: names
 * below `test` are this machine, and there are no others.
 */
export function recordingLookups(folder: string): Record<string, string> {
  const hook = `
    import dns from 'node:dns';
    import { appendFileSync } from 'node:fs';
    const lookup = dns.lookup;
    dns.lookup = (name, options, done) => {
      appendFileSync(process.env.TEST_LOOKUPS, name + '\\n');
      if (name === 'localhost' || name.endsWith('.test')) return lookup('127.0.0.1', options, done);
      const error = Object.assign(new Error('getaddrinfo ENOTFOUND ' + name), { code: 'ENOTFOUND', hostname: name });
      process.nextTick(done, error);
    };
  `;
  return {
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(hook)}`,
    TEST_LOOKUPS: join(folder, 'lookups.txt'),
  };
}

/** The names that were looked up, each once, in order. */
export async function namesLookedUp(folder: string): Promise<readonly string[]> {
  const text = await readFile(join(folder, 'lookups.txt'), 'utf8').catch(() => '');
  return [...new Set(text.split('\n').filter((line) => line !== ''))].sort();
}
