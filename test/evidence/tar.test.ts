import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tarEnd, tarHeader, tarPadding } from '#evidence/tar.js';
import { catalogue, verifyEvidence } from '#index.js';
import { packRun } from '#pack-run.js';
import { smallWorld } from '../support/small-world.js';
import { evidenceOf, filesOf, type Evidence } from './support.js';

let evidence: Evidence;
let tar: string;
let bytes: Buffer;
beforeAll(async () => {
  evidence = await evidenceOf(smallWorld(), { ruleGlobs: ['kms/rotation-*'], services: ['kms'] });
  tar = join(evidence.folder, 'pack.tar');
  await packRun({ catalogue, run: evidence.run, out: tar, sign: evidence.keys.auditee.file, connection: {} });
  bytes = await readFile(tar);
});
afterAll(() => evidence.remove());

async function verified(content: Buffer): Promise<{ readonly ok: boolean; readonly said: string }> {
  const pack = join(evidence.folder, 'changed.tar');
  await writeFile(pack, content);
  const { ok, problems } = await verifyEvidence({ catalogue, pack, key: evidence.keys.auditee.pub, replay: false });
  return { ok, said: problems.map(({ file, text }) => `${file}: ${text}`).join('\n') };
}

test('the same run makes the same tar, which unpacks to what the folder holds, and verifies', async () => {
  const { folder, run, keys } = evidence;
  const [again, asFolder, unpacked] = [join(folder, 'again.tar'), join(folder, 'as-folder'), join(folder, 'unpacked')];
  for (const out of [again, asFolder]) await packRun({ catalogue, run, out, sign: keys.auditee.file, connection: {} });
  expect((await readFile(again)).equals(bytes)).toBe(true);
  await mkdir(unpacked);
  execFileSync('tar', ['xf', tar, '-C', unpacked]);
  const names = await filesOf(asFolder);
  expect(await filesOf(unpacked)).toEqual(names);
  for (const name of names)
    expect((await readFile(join(unpacked, name))).equals(await readFile(join(asFolder, name))), name).toBe(true);
  expect(await verified(bytes)).toEqual({ ok: true, said: '' });
  const replayed = await verifyEvidence({ catalogue, pack: tar, key: keys.auditee.pub, replay: true });
  expect(replayed).toMatchObject({ ok: true, replay: 'same' });
});

test('a run that was changed after it ended is not packed, and nothing is left of the pack', async () => {
  const { folder, run } = evidence;
  const path = join(run, 'coverage.ndjson');
  const before = await readFile(path);
  await writeFile(path, Buffer.concat([before, before]));
  const out = join(folder, 'changed');
  await expect(packRun({ catalogue, run, out, connection: {} })).rejects.toThrow(/coverage\.ndjson is not what the run wrote/);
  await writeFile(path, before);
  expect((await filesOf(folder)).filter((name) => name.startsWith('changed.') && name.includes('partial'))).toEqual([]);
});

test('any byte of the archive that is flipped is found', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
      const flipped = Buffer.from(bytes);
      flipped[at] = (bytes[at] ?? 0) ^ mask;
      expect((await verified(flipped)).ok).toBe(false);
    }),
    { numRuns: 40 },
  );
});

test('an archive that is cut off anywhere is refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), async (at) => {
      expect((await verified(bytes.subarray(0, at))).ok).toBe(false);
    }),
    { numRuns: 30 },
  );
});

/** A header with other fields and a checksum that fits. */
function header(name: string, size: number, change: (header: Buffer) => void = () => undefined): Buffer {
  const made = tarHeader(name, size);
  change(made);
  made.write('        ', 148);
  const sum = made.reduce((all, byte) => all + byte, 0);
  made.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return made;
}

const body = Buffer.from('content');
function file(name: string, change?: (header: Buffer) => void): Buffer {
  return Buffer.concat([header(name, body.length, change), body, tarPadding(body.length)]);
}
function typed(type: string, target = ''): (header: Buffer) => void {
  return (made) => {
    made.write(type, 156);
    made.write(target, 157);
  };
}

test.each<readonly [what: string, entry: () => Buffer, said: RegExp]>([
  ['a name that leads out of the pack', () => file('../../etc/cron.d/x'), /leads out of the pack/],
  ['a name with a step up within', () => file('run/../../x'), /leads out of the pack/],
  ['an absolute name', () => file('/etc/passwd'), /absolute path/],
  ['a drive', () => file('C:/x'), /absolute path/],
  ['a backslash', () => file('run\\..\\x'), /characters that no file of a pack has/],
  ['a line feed', () => file('run/x\ny'), /characters that no file of a pack has/],
  ['a symbolic link', () => header('run/link', 0, typed('2', '/etc/passwd')), /is no plain file \(type "2"\)/],
  ['a hard link', () => header('run/link', 0, typed('1', 'COVER.html')), /is no plain file \(type "1"\)/],
  ['a device', () => header('run/device', 0, typed('3')), /is no plain file \(type "3"\)/],
  ['a pipe', () => header('run/pipe', 0, typed('6')), /is no plain file/],
  ['a folder', () => header('run/folder', 0, typed('5')), /is no plain file/],
  ['an extended header', () => file('PaxHeaders/x', typed('x')), /is no plain file \(type "x"\)/],
  ['a long name of GNU', () => file('LongLink', typed('L')), /is no plain file \(type "L"\)/],
  ['a file twice', () => Buffer.concat([file('run/x'), file('run/x')]), /it holds run\/x twice/],
  ['more bytes than there are', () => header('run/bomb', 8 ** 11 - 1), /it is truncated/],
  ['a size in another notation', () => header('run/x', 0, (made) => void made.writeUInt8(0x80, 124)), /not as atrest writes it/],
  ['another owner', () => file('run/x', (made) => void made.write('0000001', 108)), /not as atrest writes it/],
  ['an executable', () => file('run/x', (made) => void made.write('0000755', 100)), /not as atrest writes it/],
  [
    'bytes behind a file',
    () => Buffer.concat([header('run/x', 1), Buffer.from('a'), Buffer.alloc(511, 1)]),
    /hidden behind run\/x/,
  ],
])('an archive with %s is refused', async (_, entry, said) => {
  const whole = bytes.subarray(0, -tarEnd.length);
  expect(await verified(Buffer.concat([whole, entry(), tarEnd]))).toEqual({ ok: false, said: expect.stringMatching(said) });
});

test.each([
  ['bytes behind its end', () => Buffer.concat([bytes, Buffer.alloc(512)]), /bytes behind its end/],
  ['nothing in it', () => Buffer.from(tarEnd), /envelope\.dsse\.json: it is missing/],
  ['no tar at all', () => Buffer.from('PK\u0003\u0004'.padEnd(2048, 'x')), /refused/],
  ['no byte', () => Buffer.alloc(0), /truncated/],
])('an archive with %s is refused', async (_, made, said) => {
  expect(await verified(made())).toEqual({ ok: false, said: expect.stringMatching(said) });
});
