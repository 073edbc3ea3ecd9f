import { mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogue, verifyEvidence, type VerifyResult } from '#index.js';
import { packRun } from '#pack-run.js';
import { account, smallWorld } from '../support/small-world.js';
import { copyPack, edit, evidenceOf, filesOf, rehash, verifierIn, type Evidence } from './support.js';

let evidence: Evidence;
let pack: string;
let unsigned: string;
beforeAll(async () => {
  evidence = await evidenceOf(smallWorld());
  const { folder, run, keys } = evidence;
  [pack, unsigned] = [join(folder, 'pack'), join(folder, 'unsigned')];
  await packRun({ catalogue, run, out: pack, sign: keys.auditee.file, connection: {} });
  await packRun({ catalogue, run, out: unsigned, connection: {} });
});
afterAll(() => evidence.remove());

function verified(folder: string, { key = true, replay = false } = {}): Promise<VerifyResult> {
  return verifyEvidence({ catalogue, pack: folder, key: key ? evidence.keys.auditee.pub : undefined, replay });
}

async function inCopy<T>(of: string, use: (copy: string) => Promise<T>): Promise<T> {
  const parent = await mkdtemp(join(evidence.folder, 'copy-'));
  try {
    await copyPack(of, join(parent, 'pack'));
    return await use(join(parent, 'pack'));
  } finally {
    await rm(parent, { recursive: true });
  }
}

/** What both verifiers find wrong; both must agree whether anything is. */
async function wrongWith(copy: string, { key = true } = {}): Promise<string> {
  const { ok, problems } = await verified(copy, { key });
  const trusted = key ? { key: createPublicKey(await readFile(evidence.keys.auditee.pub)) } : {};
  const { wrong } = await (await verifierIn(pack))(copy, trusted);
  expect(wrong.length === 0, wrong.join('\n')).toBe(ok);
  return problems.map(({ file, text }) => `${file}: ${text}`).join('\n');
}

test('a pack as it was written verifies, by the key or its fingerprint; without either its key is unknown', async () => {
  const { ok, signature, run, problems } = await verified(pack);
  expect(problems).toEqual([]);
  expect({ ok, state: signature.state, complete: run?.complete }).toEqual({ ok: true, state: 'trusted', complete: true });
  expect(await wrongWith(pack)).toBe('');
  const fingerprint = `sha256:${signature.fingerprint ?? ''}`;
  expect((await verifyEvidence({ catalogue, pack, fingerprint, replay: false })).ok).toBe(true);
  expect(await wrongWith(pack, { key: false })).toContain('it is signed by an unknown key');
  const { pub } = evidence.keys.attacker;
  const other = await verifyEvidence({ catalogue, pack, key: pub, replay: false });
  expect({ ok: other.ok, state: other.signature.state }).toEqual({ ok: false, state: 'unknown-key' });
});

test('an unsigned pack verifies as that, and not when a key was given', async () => {
  const { ok, signature } = await verified(unsigned, { key: false });
  expect({ ok, state: signature.state }).toEqual({ ok: true, state: 'unsigned' });
  expect(await wrongWith(unsigned, { key: false })).toBe('');
  expect(await wrongWith(unsigned)).toContain('the pack is unsigned, and a key was given');
  const names = await filesOf(unsigned);
  expect(names.filter((name) => name.startsWith('reports/'))).toEqual(['reports/unsigned-report.json']);
  expect(await readFile(join(unsigned, 'COVER.html'), 'utf8')).toContain('This pack is unsigned');
});

test('any byte of any file that is flipped is found, and the file named', async () => {
  const names = await filesOf(pack);
  await inCopy(pack, (copy) =>
    fc.assert(
      fc.asyncProperty(fc.nat(names.length - 1), fc.nat(), fc.integer({ min: 1, max: 255 }), async (index, at, mask) => {
        const name = names[index] ?? '';
        const path = join(copy, name);
        const bytes = await readFile(path);
        const flipped = Buffer.from(bytes);
        flipped[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ mask;
        await writeFile(path, flipped);
        const wrong = await wrongWith(copy);
        await writeFile(path, bytes);
        expect(wrong).toContain(name.startsWith('signature/') ? 'signature/' : `${name}: it was changed`);
      }),
      { numRuns: 40 },
    ),
  );
});

test('any file that is dropped is found and named', async () => {
  await inCopy(pack, async (copy) => {
    for (const name of (await filesOf(pack)).filter((each) => !each.startsWith('rules/') && each !== 'verify.mjs')) {
      await rename(join(copy, name), join(copy, '..', 'dropped'));
      expect(await wrongWith(copy), name).toMatch(
        name === 'signature/envelope.dsse.json' ? /envelope\.dsse\.json: it is missing/ : `${name}: it is`,
      );
      await rename(join(copy, '..', 'dropped'), join(copy, name));
    }
  });
});

/** What somebody changes, whether they make all digests fit again, and what is to be said of it. */
const tamperings: readonly (readonly [what: string, tamper: (copy: string) => Promise<unknown>, said: RegExp])[] = [
  ['a file is added', (copy) => writeFile(join(copy, 'run/inventory/more.ndjson.gz'), ''), /more\.ndjson\.gz: it was added/],
  [
    'a file is added among the signatures',
    (copy) => writeFile(join(copy, 'signature/x.sig'), ''),
    /signature\/x\.sig: it was added/,
  ],
  ['a link is added', (copy) => symlink('/etc/hostname', join(copy, 'run/link')), /run\/link is no plain file/],
  [
    'the key is replaced',
    async (copy) => writeFile(join(copy, 'signature/public-key.pem'), await readFile(evidence.keys.attacker.pub)),
    /public-key\.pem: it is not the key that the signature names/,
  ],
  [
    'all is signed anew by another',
    (copy) => rehash(copy, evidence.keys.attacker.pair),
    /signed by an unknown key.*not by the one that was given/,
  ],
  ['the signature is taken away', (copy) => rehash(copy, null), /the pack is unsigned, and a key was given/],
  [
    'the envelope is written otherwise',
    (copy) => edit(join(copy, 'signature/envelope.dsse.json'), (text) => `${JSON.stringify(JSON.parse(text), null, 1)}\n`),
    /envelope\.dsse\.json: it is not in canonical form/,
  ],
  [
    'a signature is added',
    (copy) =>
      edit(join(copy, 'signature/envelope.dsse.json'), (text) => {
        const envelope = JSON.parse(text) as { signatures: unknown[] };
        envelope.signatures.push(envelope.signatures[0]);
        return `${JSON.stringify(envelope)}\n`;
      }),
    /more than one signature/,
  ],
];
test.each(tamperings)('%s: found', async (_, tamper, said) => {
  await inCopy(pack, async (copy) => {
    await tamper(copy);
    expect(await wrongWith(copy)).toMatch(said);
  });
});

/** Of what was made to fit again without a signature, or whose signer lies: what the run says against itself. */
const forgeries: readonly (readonly [what: string, forge: (copy: string) => Promise<unknown>, said: RegExp])[] = [
  [
    'the ledger is put in another order',
    (copy) => edit(join(copy, 'run/coverage.ndjson'), (text) => `${text.trimEnd().split('\n').reverse().join('\n')}\n`),
    /coverage\.ndjson: it is not the coverage that summary\.json has/,
  ],
  [
    'a line of the ledger is taken out',
    (copy) => edit(join(copy, 'run/coverage.ndjson'), (text) => text.slice(text.indexOf('\n') + 1)),
    /coverage\.ndjson: it is not the coverage/,
  ],
  [
    'a cell is taken out',
    (copy) => rm(join(copy, `run/inventory/${account}/us-east-1/kms.ndjson.gz`)),
    /us-east-1\/kms\.ndjson\.gz: it is missing, and the ledger says that the cell was read/,
  ],
  [
    'a cell is taken out, and its rows of ledger and summary',
    async (copy) => {
      await rm(join(copy, `run/inventory/${account}/us-east-1/kms.ndjson.gz`));
      await edit(join(copy, 'run/coverage.ndjson'), (text) =>
        text
          .split('\n')
          .filter((line) => !line.includes('"us-east-1","service":"kms"'))
          .join('\n'),
      );
      await edit(join(copy, 'run/summary.json'), (text) => {
        const summary = JSON.parse(text) as { coverage: { region: string; service: string }[] };
        summary.coverage = summary.coverage.filter((row) => row.region !== 'us-east-1' || row.service !== 'kms');
        return JSON.stringify(summary);
      });
    },
    /coverage\.ndjson: it has no row for .*us-east-1\/kms, which the run asked about/,
  ],
  [
    'a fail is taken out',
    (copy) =>
      edit(join(copy, 'run/findings.ndjson.gz'), (text) =>
        text
          .split('\n')
          .filter((line) => !line.includes('"rule":"kms/rotation-enabled"'))
          .join('\n'),
      ),
    /findings\.ndjson\.gz: kms\/rotation-enabled: fail 0 times, and \d+ by the summary/,
  ],
  [
    'a fail is made a pass',
    (copy) =>
      edit(join(copy, 'run/findings.ndjson.gz'), (text) => {
        const lines = text.split('\n');
        const at = lines.findIndex((line) => line.includes('"rule":"kms/rotation-enabled"'));
        const { resource, kind, region } = JSON.parse(lines[at] ?? '');
        lines[at] = JSON.stringify({ pass: ['kms/rotation-enabled'], kind, account, region, resources: [resource] });
        return lines.join('\n');
      }),
    /kms\/rotation-enabled: pass/,
  ],
  [
    'a fail is made less severe',
    (copy) =>
      edit(join(copy, 'run/findings.ndjson.gz'), (text) =>
        text.replace(/("rule":"kms\/rotation-enabled","verdict":"fail","severity":)"medium"/, '$1"info"'),
      ),
    /findings\.ndjson\.gz: severity medium: fail \d+ times, and \d+ by the summary/,
  ],
  [
    'a finding takes the place of another',
    (copy) =>
      edit(join(copy, 'run/findings.ndjson.gz'), (text) => {
        const ids = [...text.matchAll(/"id":"([0-9a-f]+)","rule":"kms\/rotation-enabled"/g)].map(([, id]) => id ?? '');
        return text.replace(`"id":"${ids[0] ?? ''}"`, `"id":"${ids[1] ?? ''}"`);
      }),
    /findings\.ndjson\.gz: the finding [0-9a-f]+ is there twice/,
  ],
  [
    'the end of the last line is taken out',
    (copy) => edit(join(copy, 'run/findings.ndjson.gz'), (text) => text.trimEnd()),
    /findings\.ndjson\.gz: it cannot be read: its last line does not end/,
  ],
  [
    'the config is made another',
    (copy) => edit(join(copy, 'run/run.json'), (text) => text.replace('"version": 1', '"version": 2')),
    /run\.json: the config is not the one that the manifest names/,
  ],
];
test.each(forgeries)('%s and every digest made to fit: found', async (_, forge, said) => {
  await inCopy(unsigned, async (copy) => {
    await forge(copy);
    await rehash(copy, null);
    expect(await wrongWith(copy, { key: false })).toMatch(said);
  });
});

test('a forgery that agrees with itself is found by judging again, and named', async () => {
  expect(await verified(pack, { replay: true })).toMatchObject({ ok: true, replay: 'same' });
  await inCopy(unsigned, async (copy) => {
    await edit(join(copy, 'run/findings.ndjson.gz'), (text) => text.replace(/"message":"[^"]/, '"message":"X'));
    await rehash(copy, null);
    expect(await wrongWith(copy, { key: false })).toBe('');
    const { ok, replay, problems } = await verified(copy, { key: false, replay: true });
    expect({ ok, replay }).toEqual({ ok: false, replay: 'differs' });
    expect(problems[0]).toMatchObject({
      file: 'run/findings.ndjson.gz',
      text: expect.stringMatching(/^line \d+ is not what the rules say/),
    });
  });
});

test('a run that other rules judged is not replayed, and that is said', async () => {
  await inCopy(unsigned, async (copy) => {
    await edit(join(copy, 'run/manifest.json'), (text) => text.replace(/("ruleSet": ")[0-9a-f]{4}/, '$1dead'));
    await rehash(copy, null);
    const { ok, problems } = await verified(copy, { key: false, replay: true });
    expect({ ok, text: problems[0]?.text }).toEqual({
      ok: false,
      text: expect.stringMatching(/^it was judged by other rules .* Replay it with/),
    });
  });
});
