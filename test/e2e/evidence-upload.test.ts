import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEstate, type Estate } from '#estate/index.js';
import { atrest, bareEnv, estateEnv } from '../support/cli.js';
import { account, smallWorld } from '../support/small-world.js';

const to = 's3://audit-evidence/nightly';
let cwd: string;
let estate: Estate;
let key: string;
beforeAll(async () => {
  const world = smallWorld();
  ({ Arn: key } = world.put(account, 'eu-west-1', 'kms.key'));
  world.put(account, 'eu-west-1', 's3.bucket', { Name: 'audit-evidence', objectLock: { ObjectLockEnabled: 'Enabled' } });
  estate = await startEstate(world);
  cwd = await mkdtemp(join(tmpdir(), 'atrest-upload-'));
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await writeFile(join(cwd, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await writeFile(join(cwd, 'pub.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  const narrow = ['--region', 'us-east-1', '--service', 'kms', '--fail-on', 'never', '--format', 'json'];
  await atrest(['scan', ...narrow, '--out', 'run'], { cwd, env: estateEnv(estate) });
});
afterAll(async () => {
  await estate.close();
  await rm(cwd, { recursive: true });
});

test('the built program packs, uploads and verifies', async () => {
  const lock = ['--upload', to, '--retain-days', '30', '--kms-key', key];
  const pack = ['evidence', 'pack', 'run', '--out', 'pack.tar', '--sign', 'key.pem', ...lock];
  const packed = await atrest(pack, { cwd, env: estateEnv(estate) });
  expect(packed).toMatchObject({ code: 0, stdout: '' });
  expect(packed.stderr).toMatch(
    /\nlocked: COMPLIANCE until .*\nencrypted: aws:kms, .*\nchecksum: .*\nreceipt: pack\.tar\.receipt\.json\n$/,
  );
  const verified = await atrest(['evidence', 'verify', 'pack.tar', '--key', 'pub.pem', '--require-signature'], { cwd });
  expect(verified.code).toBe(0);
});

test('without credentials nothing is packed: exit 4', async () => {
  const before = await readdir(cwd);
  const env = { ...bareEnv, AWS_ENDPOINT_URL: estate.url };
  const { code } = await atrest(['evidence', 'pack', 'run', '--out', 'none.tar', '--upload', to], { cwd, env });
  expect([code, await readdir(cwd)]).toEqual([4, before]);
});
