import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { doctor, type Check, type DoctorOptions } from '#doctor.js';
import { startEstate, type Estate } from '#estate/index.js';
import { account, smallWorld } from '../support/small-world.js';
import { useEstate } from '../support/scan-estate.js';
import { atrest, estateEnv, inFolder } from '../support/cli.js';

let estate: Estate | undefined;
afterEach(async () => {
  await estate?.close();
  estate = undefined;
  vi.unstubAllEnvs();
});

async function examined(options: Partial<DoctorOptions> = {}, estateNow?: () => Date) {
  estate = await startEstate(smallWorld(), estateNow === undefined ? {} : { now: estateNow });
  useEstate(estate);
  const { checks, exitCode } = await doctor({
    connection: {},
    partition: null,
    stsRegion: undefined,
    folder: '.',
    nodeVersion: '24.1.0',
    clock: () => new Date(),
    ...options,
  });
  const by = (name: Check['name']) => checks.find((each) => each.name === name);
  return { by, exitCode, calls: estate.log.map(({ operation }) => operation) };
}

describe('what stands in the way of a scan', () => {
  test('is nothing where all is well, and one call finds that out', async () => {
    const { by, exitCode, calls } = await examined();
    expect(exitCode).toBe(0);
    expect(by('credentials')).toMatchObject({ state: 'ok', says: expect.stringContaining(account) as string });
    for (const name of ['node', 'network', 'clock', 'disk'] as const) expect(by(name)).toMatchObject({ state: 'ok' });
    expect(calls).toEqual(['sts:GetCallerIdentity']);
  });

  test.each([
    [90, 'behind', 'warning'],
    [600, 'behind', 'problem'],
    [-90, 'ahead of', 'warning'],
    [30, 'minute', 'ok'],
  ])('a clock that is %i s %s AWS’s', async (seconds, words, state) => {
    const { by } = await examined({}, () => new Date(Date.now() + seconds * 1000));
    expect(by('clock')).toMatchObject({ state, says: expect.stringContaining(words) as string });
  });

  test('credentials that AWS does not know: exit 4, with what to do', async () => {
    estate = await startEstate(smallWorld());
    const options = {
      connection: {},
      partition: null,
      stsRegion: undefined,
      folder: '.',
      nodeVersion: '24.1.0',
      clock: () => new Date(),
    };
    useEstate(estate);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAUNKNOWN000000000');
    const { checks, exitCode } = await doctor(options);
    expect(exitCode).toBe(4);
    expect(checks.find(({ name }) => name === 'credentials')).toMatchObject({
      state: 'problem',
      hint: expect.stringContaining('access key') as string,
    });
    // AWS's refusal says what time it is, too.
    expect(checks.find(({ name }) => name === 'clock')).toMatchObject({ state: 'ok' });
  });

  test('a proxy that is none is named without its password, and AWS is not asked', async () => {
    vi.stubEnv('HTTPS_PROXY', 'ftp://user:hush@proxy');
    const { by, exitCode, calls } = await examined();
    expect(exitCode).toBe(2);
    expect(by('network')).toMatchObject({ state: 'problem', says: expect.not.stringContaining('hush') as string });
    expect(by('credentials')).toMatchObject({ state: 'unknown' });
    expect(calls).toEqual([]);
  });

  test('a folder that is not there', async () => {
    const { by, exitCode } = await examined({ folder: '/nonexistent' });
    expect(exitCode).toBe(2);
    expect(by('disk')).toMatchObject({ state: 'problem', hint: expect.stringContaining('--out') as string });
  });
});

test('the command says all of it at once, a broken config too', async () => {
  estate = await startEstate(smallWorld());
  const env = estateEnv(estate);
  await inFolder(async (folder) => {
    await writeFile(join(folder, 'atrest.yaml'), 'version: 2\n');
    const { code, stdout } = await atrest(['doctor'], { cwd: folder, env });
    expect(code).toBe(2);
    expect(stdout).toMatch(/^PROBLEM +config +atrest\.yaml:1:10: version/m);
    expect(stdout).toMatch(/^ok +credentials +arn:aws:/m);
  });
});
