import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dsse } from '@sigstore/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEstate } from '#estate/index.js';
import { isSignedBy, preAuthEncoding } from '#evidence/dsse.js';
import { catalogue, verifyEvidence } from '#index.js';
import type { Redaction } from '#model/redaction.js';
import { packRun } from '#pack-run.js';
import { evaluate, render } from '#stored.js';
import { useEstate } from '../support/scan-estate.js';
import { account, smallWorld } from '../support/small-world.js';
import { asOnCover, evidenceOf, type Evidence } from './support.js';

let evidence: Evidence;
beforeAll(async () => {
  evidence = await evidenceOf(smallWorld(), { services: ['kms'], formats: ['json', 'html'] });
});
afterAll(() => evidence.remove());

function packed(name: string, sign: string): Promise<{ readonly pack: string }> {
  const pack = join(evidence.folder, name);
  return packRun({ catalogue, run: evidence.run, out: pack, sign, connection: {} }).then(() => ({ pack }));
}

test('what is signed is what an independent implementation of DSSE signs, and it verifies the signature', async () => {
  const { pack } = await packed('ed25519', evidence.keys.auditee.file);
  const { payload, payloadType, signatures } = JSON.parse(await readFile(join(pack, 'signature/envelope.dsse.json'), 'utf8'));
  const bytes = Buffer.from(payload, 'base64');
  const oracle = dsse.preAuthEncoding(payloadType, bytes);
  expect(preAuthEncoding(bytes).equals(oracle)).toBe(true);
  const { publicKey } = evidence.keys.auditee.pair;
  expect(isSignedBy(publicKey, oracle, Buffer.from(signatures[0].sig, 'base64'))).toBe(true);
  for (const text of ['', 'é', '{}\n'])
    expect(preAuthEncoding(Buffer.from(text), 'a/b').equals(dsse.preAuthEncoding('a/b', Buffer.from(text)))).toBe(true);
});

test('an Ed25519 signature verifies with openssl alone, by the commands on the cover page', async () => {
  const { pack } = await packed('openssl', evidence.keys.auditee.file);
  const { signature } = await verifyEvidence({ catalogue, pack, key: evidence.keys.auditee.pub, replay: false });
  const said = await asOnCover(pack, 'openssl', evidence.keys.auditee.pub);
  expect(said).toContain(signature.fingerprint);
  expect(said).toContain('Signature Verified Successfully');
  expect(await asOnCover(pack, 'sums', '')).toBe('1\n');
  await expect(asOnCover(pack, 'openssl', evidence.keys.attacker.pub)).rejects.toThrow();
  await writeFile(join(pack, 'config.json'), '{}');
  await expect(asOnCover(pack, 'sums', '')).rejects.toMatchObject({ stdout: expect.stringContaining('config.json: FAILED') });
});

test('a report of a signed pack names the key, one of a run says that it is unsigned', async () => {
  const { pack } = await packed('named', evidence.keys.auditee.file);
  const report = JSON.parse(await readFile(join(pack, 'reports/report.json'), 'utf8'));
  expect(report.signedBy).toMatchObject({ algorithm: 'Ed25519', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(JSON.parse(await readFile(join(evidence.run, 'report.json'), 'utf8'))).not.toHaveProperty('signedBy');
});

test('a page names the manifest of its run, which verify prints, and who signs it', async () => {
  const { pack } = await packed('page', evidence.keys.auditee.file);
  const { run, signature } = await verifyEvidence({ catalogue, pack, key: evidence.keys.auditee.pub, replay: false });
  const manifest = createHash('sha256')
    .update(await readFile(join(evidence.run, 'manifest.json')))
    .digest('hex');
  expect(run?.manifest).toBe(manifest);
  const inPack = await readFile(join(pack, 'reports/report.html'), 'utf8');
  const stored = { catalogue, run: evidence.run, includePass: false, explain: false };
  const rendered = async (out: string, redact: readonly Redaction[] = []) => {
    await render({ ...stored, out: join(evidence.folder, out), formats: ['html'], redact });
    return readFile(join(evidence.folder, out, 'report.html'), 'utf8');
  };
  const alone = await rendered('alone');
  for (const page of [inPack, alone, await rendered('hidden', ['arns', 'account-ids'])]) {
    // In the provenance, and on the first screen for paper.
    expect(page.split(`<code>sha256:${manifest}</code>`)).toHaveLength(3);
  }
  expect(inPack.split(`<code>sha256:${signature.fingerprint ?? ''}</code>`)).toHaveLength(3);
  expect(inPack).not.toContain('unsigned');
  expect(alone).toMatch(/class="paper">.*<strong>unsigned<\/strong>/);
});

test('a run that is judged again names the manifest of the run where it comes to the same, else its own', async () => {
  const again = async (out: string, baseline?: string) => {
    const asked = {
      catalogue,
      run: evidence.run,
      out: join(evidence.folder, out),
      baseline,
      frameworks: undefined,
      ruleGlobs: undefined,
    };
    const how = {
      formats: ['html'],
      failOn: undefined,
      allowIncomplete: false,
      includePass: false,
      explain: false,
      now: undefined,
    };
    await evaluate({ ...asked, ...how });
    const page = await readFile(join(evidence.folder, out, 'report.html'), 'utf8');
    return /<code>sha256:([0-9a-f]{64})<\/code>/.exec(page)?.[1];
  };
  const digestIn = async (run: string) =>
    createHash('sha256')
      .update(await readFile(join(run, 'manifest.json')))
      .digest('hex');
  expect(await again('same')).toBe(await digestIn(evidence.run));
  expect(await again('other', 'recommended')).toBe(await digestIn(join(evidence.folder, 'other')));
});

test('a KMS key signs the digest of what is too long for KMS, and openssl verifies that too', async () => {
  const world = smallWorld();
  const key = world.put(account, 'eu-west-1', 'kms.key', { KeySpec: 'ECC_NIST_P256' });
  const estate = await startEstate(world);
  try {
    useEstate(estate);
    const { pack } = await packed('kms', `kms:${key.Arn}`);
    expect(estate.log.map(({ operation }) => operation)).toEqual(['kms:GetPublicKey', 'kms:Sign']);
    expect((await readFile(join(pack, 'signature/statement.pae'))).length).toBeGreaterThan(4096);
    const pub = join(evidence.folder, 'kms.pub.pem');
    await writeFile(pub, await readFile(join(pack, 'signature/public-key.pem')));
    const { ok, signature } = await verifyEvidence({ catalogue, pack, key: pub, replay: false });
    expect({ ok, algorithm: signature.algorithm }).toEqual({ ok: true, algorithm: 'ECDSA P-256' });
    expect(await asOnCover(pack, 'openssl', pub)).toContain('Verified OK');
  } finally {
    await estate.close();
  }
});

test.each([
  [
    'a key that is disabled',
    { KeySpec: 'ECC_NIST_P256', KeyState: 'Disabled' },
    /cannot sign: kms:GetPublicKey: DisabledException/,
  ],
  ['a key that encrypts', {}, /cannot sign: kms:GetPublicKey: UnsupportedOperationException/],
])('%s is refused, and nothing is packed', async (what, record, said) => {
  const world = smallWorld();
  const key = world.put(account, 'eu-west-1', 'kms.key', record);
  const estate = await startEstate(world);
  try {
    useEstate(estate);
    await expect(packed(`no ${what}`, `kms:${key.Arn}`)).rejects.toThrow(said);
  } finally {
    await estate.close();
  }
});

test('a key that does not sign packs is refused, with the line that makes one that does', async () => {
  const { folder } = evidence;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const [file, text] = [join(folder, 'rsa.pem'), join(folder, 'text.pem')];
  await Promise.all([writeFile(file, rsa), writeFile(text, 'no key')]);
  await expect(packed('rsa', file)).rejects.toMatchObject({
    code: 'usage',
    hint: expect.stringContaining('openssl genpkey -algorithm ED25519'),
  });
  await expect(packed('text', text)).rejects.toThrow(/is not a key in PEM form/);
  await expect(packed('none', join(folder, 'none.pem'))).rejects.toThrow(/cannot be read: no such file/);
  await expect(packed('arn', 'kms:alias/mine')).rejects.toThrow(/does not name a key by its ARN/);
  const verifying = (key: string) => verifyEvidence({ catalogue, pack: folder, key, replay: false });
  await expect(verifying(evidence.keys.auditee.file)).rejects.toThrow(/is a private key/);
  const ec = createPublicKey(
    generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey.export({ type: 'spki', format: 'pem' }),
  );
  await writeFile(file, ec.export({ type: 'spki', format: 'pem' }));
  await expect(verifying(file)).rejects.toThrow(/no key that signs packs/);
});
