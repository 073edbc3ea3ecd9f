import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ran } from '../support/in-process.js';
import { account, smallWorld } from '../support/small-world.js';
import { evidenceOf, type Evidence } from './support.js';

let evidence: Evidence;
beforeAll(async () => {
  evidence = await evidenceOf(smallWorld(), {
    services: ['kms'],
    prepare: (estate) => void estate.faults.add({ operation: 'kms:GetKeyRotationStatus', region: 'us-east-1', kind: 'deny' }),
  });
});
afterAll(() => evidence.remove());

test('an honest pack of a run that is not complete verifies, and verify says what could not be read', async () => {
  const { folder, run, keys } = evidence;
  const pack = join(folder, 'pack.tar');
  const packed = await ran(['evidence', 'pack', run, '--out', pack, '--sign', keys.auditee.file]);
  expect(packed).toMatchObject({ code: 0, stdout: '' });
  expect(packed.stderr).toMatch(/signed: Ed25519, sha256:[0-9a-f]{64}\nThe run is not complete; the pack says so\.\n$/);
  const verified = await ran(['evidence', 'verify', pack, '--key', keys.auditee.pub, '--replay']);
  expect(verified).toMatchObject({ code: 0, stderr: '' });
  expect(verified.stdout).toContain(`The run is INCOMPLETE, and the pack says so:\n  ${account}/us-east-1/kms partial\n`);
  expect(verified.stdout).toMatch(/signed by the key that you trust[\s\S]*replay: the same findings, byte for byte\nVERIFIED\n$/);
});

test('without a key a signed pack is not verified: exit 1, as text and as JSON', async () => {
  const { folder, run, keys } = evidence;
  const pack = join(folder, 'pack');
  await ran(['evidence', 'pack', run, '--out', pack, '--sign', keys.auditee.file]);
  const { code, stdout } = await ran(['evidence', 'verify', pack]);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /signed by an unknown key[\s\S]*Name the key that you trust with --key or --fingerprint[\s\S]*NOT VERIFIED\n$/,
  );
  const json = await ran(['evidence', 'verify', pack, '--json', '--key', keys.attacker.pub]);
  expect({ ...json, stdout: JSON.parse(json.stdout) }).toMatchObject({
    code: 1,
    stdout: { ok: false, signature: { state: 'unknown-key' } },
  });
});

test('an unsigned pack says so when it is made and when it is verified', async () => {
  const { folder, run } = evidence;
  const pack = join(folder, 'unsigned');
  expect((await ran(['evidence', 'pack', run, '--out', pack])).stderr).toContain(
    'UNSIGNED: whoever can write the pack can change it.',
  );
  const { code, stdout } = await ran(['evidence', 'verify', pack]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/UNSIGNED: [\s\S]*VERIFIED, but unsigned\n$/);
});

test('where a signature is required an unsigned pack is refused, and a signed one verifies by its key alone', async () => {
  const { folder, run, keys } = evidence;
  const [unsigned, signed] = [join(folder, 'required-unsigned'), join(folder, 'required-signed')];
  await ran(['evidence', 'pack', run, '--out', unsigned]);
  await ran(['evidence', 'pack', run, '--out', signed, '--sign', keys.auditee.file]);
  const required = (pack: string, ...flags: string[]) => ran(['evidence', 'verify', pack, '--require-signature', ...flags]);
  expect(await required(unsigned)).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/the pack is unsigned, and a signature is required\nNOT VERIFIED\n$/) as string,
  });
  expect((await required(signed)).code).toBe(1);
  expect((await required(signed, '--key', keys.auditee.pub)).code).toBe(0);
  const alone = (pack: string, ...flags: string[]) =>
    spawnSync(process.execPath, [join(pack, 'verify.mjs'), pack, ...flags], { encoding: 'utf8' });
  expect(alone(unsigned)).toMatchObject({ status: 0, stdout: expect.stringMatching(/\nVERIFIED, but unsigned\n$/) as string });
  expect(alone(unsigned, '--require-signature')).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/WRONG .* a signature is required\nNOT VERIFIED\n$/) as string,
  });
  expect(alone(signed, '--require-signature').status).toBe(1);
  expect(alone(signed, '--require-signature', '--key', keys.auditee.pub)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/\nVERIFIED\n$/) as string,
  });
});

test('what cannot be packed or verified is one clear message and exit 2', async () => {
  const { folder, run } = evidence;
  const refused = async (...args: string[]) => {
    const { code, stdout, stderr } = await ran(['evidence', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    return stderr;
  };
  expect(await refused('pack', folder, '--out', join(folder, 'x'))).toMatch(
    /holds no finished run: manifest\.json cannot be read/,
  );
  expect(await refused('pack', run, '--out', run)).toMatch(/is not empty\n {2}Name another place with --out/);
  expect(await refused('pack', run, '--out', join(folder, 'x.tgz'))).toMatch(/A pack is a folder or a \.tar/);
  expect(await refused('verify', join(folder, 'nothing'))).toMatch(/cannot be read: no such file or folder/);
  expect(await refused('verify', run, '--fingerprint', 'abc')).toMatch(/--fingerprint abc is no SHA-256/);
});
