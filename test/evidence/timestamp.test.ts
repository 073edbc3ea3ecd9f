import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogue, verifyEvidence } from '#index.js';
import { packRun } from '#pack-run.js';
import { ran } from '../support/in-process.js';
import { smallWorld } from '../support/small-world.js';
import { asOnCover, copyPack, evidenceOf, sha256, verifierIn, type Evidence } from './support.js';
import { startTimeStamping, type TimeStamping } from './time-stamping.js';

const file = 'signature/timestamp.tsr';
const sum = 'signature/timestamp.sha256';

let evidence: Evidence;
let tsa: TimeStamping;
let pack: string;
beforeAll(async () => {
  [evidence, tsa] = [await evidenceOf(smallWorld(), { services: ['kms'] }), await startTimeStamping()];
  pack = await stamped('pack', evidence.keys.auditee.file);
});
afterAll(async () => {
  await tsa.close();
  await evidence.remove();
});

async function stamped(name: string, sign?: string, timestamp = tsa.url): Promise<string> {
  const out = join(evidence.folder, name);
  await packRun({ catalogue, run: evidence.run, out, sign, timestamp, connection: {} });
  return out;
}

function verified(folder: string, tsaCa?: string) {
  return verifyEvidence({ catalogue, pack: folder, key: evidence.keys.auditee.pub, tsaCa, replay: false });
}

test('the signature has a timestamp, which openssl verifies by the command on the cover page', async () => {
  const { ok, timestamp, problems } = await verified(pack, tsa.ca);
  expect(problems).toEqual([]);
  expect({ ok, ...timestamp }).toMatchObject({ ok: true, state: 'trusted', authority: 'clock' });
  expect(Math.abs(Date.parse(timestamp.time ?? '') - Date.now())).toBeLessThan(600_000);
  expect(await asOnCover(pack, 'timestamp', tsa.ca)).toMatch(/^Verification: OK\nTime stamp: \w{3} /);
  await expect(asOnCover(pack, 'timestamp', tsa.otherCa)).rejects.toThrow();
  // The verifier in the pack leaves it to openssl, and says so.
  const { wrong, notes } = await (await verifierIn(pack))(pack, { key: evidence.keys.auditee.pair.publicKey });
  expect(wrong).toEqual([]);
  expect(notes.join()).toContain(`${file} is not checked here`);
});

test('an unsigned pack has one of its statement, and a tar keeps it', async () => {
  const unsigned = await stamped('unsigned.tar');
  const { ok, timestamp } = await verifyEvidence({ catalogue, pack: unsigned, tsaCa: tsa.ca, replay: false });
  expect({ ok, state: timestamp.state }).toEqual({ ok: true, state: 'trusted' });
});

test('the command says the time, and whose word that is', async () => {
  const { folder, run, keys } = evidence;
  const out = join(folder, 'by-command');
  const packed = await ran(['evidence', 'pack', run, '--out', out, '--sign', keys.auditee.file, '--timestamp', tsa.url]);
  expect(packed.stderr).toMatch(/^timestamp: 2\d{3}-[\d-]+T[\d:.]+Z, by clock$/m);
  const verify = ['evidence', 'verify', out, '--key', keys.auditee.pub];
  expect((await ran(verify)).stdout).toMatch(
    /by an unknown authority that calls itself clock. Name its CA with --tsa-ca.[\s\S]*\nVERIFIED\n$/,
  );
  const trusting = await ran([...verify, '--tsa-ca', tsa.ca]);
  expect(trusting).toMatchObject({ code: 0 });
  expect(trusting.stdout).toContain('was revoked is not checked');
  expect(trusting.stdout).toMatch(/^timestamp: it was there at .*, says clock, which you trust$/m);
});

test('another authority, no timestamp, and one of something else are problems', async () => {
  const problemsOf = async (folder: string, ca?: string) =>
    (await verified(folder, ca)).problems.map(({ file: of, text }) => `${of}: ${text}`).join('\n');
  expect(await problemsOf(pack, tsa.otherCa)).toMatch(
    /^signature\/timestamp.tsr: it does not hold: Validation of signer's certificate failed/,
  );
  const copy = join(evidence.folder, 'copy');
  await copyPack(pack, copy);
  const other = await stamped('other', evidence.keys.attacker.file);
  for (const name of [file, sum]) await copyFile(join(other, name), join(copy, name));
  expect(await problemsOf(copy)).toMatch(/^signature\/timestamp.tsr: it does not hold/);
  await writeFile(join(copy, file), 'no timestamp');
  expect(await problemsOf(copy)).toBe(`${sum}: it is not the digest of the timestamp\n${file}: it is no response of RFC 3161`);
  await rm(join(copy, file));
  expect(await problemsOf(copy)).toBe(`${sum}: it is not the digest of the timestamp`);
  await rm(join(copy, sum));
  expect(await problemsOf(copy)).toBe('');
  expect(await problemsOf(copy, tsa.ca)).toBe(`${file}: there is no timestamp, and an authority was given`);
});

test('no byte of what says the time can be changed, and none that means something by who changes the digest too', async () => {
  const copy = join(evidence.folder, 'flipped');
  await copyPack(pack, copy);
  const verify = await verifierIn(pack);
  const key = evidence.keys.auditee.pair.publicKey;
  const flip = fc.record({ name: fc.constantFrom(file, sum), at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(flip, async ({ name, at, mask }) => {
      const bytes = await readFile(join(pack, name));
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ mask;
      await writeFile(join(copy, name), bytes);
      expect((await verified(copy, tsa.ca)).ok).toBe(false);
      expect((await verify(copy, { key })).wrong).not.toEqual([]);
      await copyFile(join(pack, name), join(copy, name));
    }),
    { numRuns: 25 },
  );
  const response = await readFile(join(pack, file));
  // The time itself, as GeneralizedTime: an earlier year, with a digest that fits.
  const year = response.indexOf(/\d{14}Z/.exec(response.toString('latin1'))?.[0] ?? '', 'latin1');
  response[year + 3] = (response[year + 3] ?? 0) - 1;
  await writeFile(join(copy, file), response);
  await writeFile(join(copy, sum), `${sha256(response)}  ${file}\n`);
  const { ok, timestamp, problems } = await verified(copy, tsa.ca);
  expect({ ok, state: timestamp.state, files: problems.map((each) => each.file) }).toEqual({
    ok: false,
    state: 'invalid',
    files: [file],
  });
});

test.each([
  ['an answer that is none', () => ({ body: Buffer.from('<html>') }), /gave no timestamp: it is no response/],
  ['a refusal', () => ({ body: Buffer.from('30053003020102', 'hex') }), /gave no timestamp: it has no token/],
  ['an error', () => ({ status: 503, body: Buffer.alloc(0) }), /gave no timestamp: it answers with the status 503/],
])('%s is said, and nothing is packed', async (what, answer, said) => {
  tsa.answering(answer);
  await expect(stamped(what)).rejects.toThrow(said);
  tsa.answering(undefined);
  expect((await readdir(evidence.folder)).filter((name) => name.startsWith(what))).toEqual([]);
});

test('an old answer and wrong requests are refused', async () => {
  const old = await readFile(join(pack, file));
  tsa.answering(() => ({ body: old }));
  await expect(stamped('old', evidence.keys.auditee.file)).rejects.toThrow(
    /gave no timestamp: it is the answer to another request/,
  );
  tsa.answering(undefined);
  await expect(stamped('ftp', undefined, 'ftp://clock')).rejects.toThrow(/is no http: or https: URL/);
  await expect(verified(pack, evidence.keys.auditee.pub)).rejects.toThrow(/holds no certificate in PEM form/);
  await expect(verified(pack, join(pack, 'none'))).rejects.toThrow(/cannot be read: no such file/);
});
