import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeAll, beforeEach, afterAll, describe, expect, test, vi } from 'vitest';
import { createWorld, startEstate, type Estate, type World } from '#estate/index.js';
import { tarEnd, tarHeader, tarPadding } from '#evidence/tar.js';
import { localPack, sendPack } from '#outbound/pack-upload.js';
import { packUse } from '#outbound/s3-errors.js';
import { openS3 } from '#outbound/s3-open.js';
import { uploadPack, type Receipt } from '#upload-pack.js';
import { evidenceOf, type Evidence } from '../evidence/support.js';
import { ran } from '../support/in-process.js';
import { useEstate } from '../support/scan-estate.js';
import { smallWorld } from '../support/small-world.js';

const A = '111111111111';
const region = 'eu-west-1';
const bucket = 'audit-evidence';
const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
const key = `arn:aws:kms:${region}:${A}:key/${keyId}`;
const now = new Date('2026-11-23T12:00:00.000Z');
const mebi = 1024 * 1024;

let evidence: Evidence;
let small: Buffer;
/** Three parts, the last one small. */
const large = tarOf(randomBytes(17 * mebi));
beforeAll(async () => {
  evidence = await evidenceOf(smallWorld(), { services: ['kms'] });
  const out = join(evidence.folder, 'once.tar');
  await ran(['evidence', 'pack', evidence.run, '--out', out, '--sign', evidence.keys.auditee.file]);
  small = await readFile(out);
});
afterAll(() => evidence.remove());

/** As much of a pack as an upload looks at. */
function tarOf(content: Buffer): Buffer {
  const entries: (readonly [string, Buffer])[] = [
    ['large', content],
    ['signature/envelope.dsse.json', Buffer.from('{}')],
  ];
  const written = entries.flatMap(([name, body]) => [tarHeader(name, body.length), body, tarPadding(body.length)]);
  return Buffer.concat([...written, tarEnd]);
}

let world: World;
let estate: Estate;
let s3: S3Client;
let folder: string;
/** Of S3. */
let clock: Date;
beforeEach(async () => {
  clock = now;
  folder = await mkdtemp(join(tmpdir(), 'atrest-upload-'));
  world = createWorld({ seed: 5 }).addAccount(A, { regions: ['us-east-1', region] });
  world.put(A, region, 'kms.key', { KeyId: keyId });
  put({});
  estate = await startEstate(world, { now: () => clock });
  useEstate(estate);
  s3 = new S3Client({ endpoint: estate.url, region, credentials: estate.credentialsFor(A), forcePathStyle: true });
});
afterEach(async () => {
  await estate.close();
  await rm(folder, { recursive: true, force: true });
});

/** The bucket of the documentation, with what is said otherwise. */
function put(given: object): void {
  const encryption = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key } }] };
  const DefaultRetention = { Mode: 'GOVERNANCE', Days: 30 } as const;
  const objectLock = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } } as const;
  world.put(A, region, 's3.bucket', { Name: bucket, encryption, objectLock, ...given });
}

async function packFile(content = small): Promise<string> {
  const path = join(folder, '2026-11-23.tar');
  await writeFile(path, content);
  return path;
}

const upload = (pack: string, ...flags: string[]) => ran(['evidence', 'upload', pack, `s3://${bucket}/nightly`, ...flags]);
const Key = 'nightly/2026-11-23.tar';
const head = (more: object = {}) => s3.send(new HeadObjectCommand({ Bucket: bucket, Key, ChecksumMode: 'ENABLED', ...more }));
const receiptOf = async (pack: string) => JSON.parse(await readFile(`${pack}.receipt.json`, 'utf8')) as Receipt;
const unfinished = async () => (await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? [];
const writes = () =>
  estate.log.filter(({ operation }) => /Put|Upload/.test(operation)).map(({ operation }) => operation.slice('s3:'.length));
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest();

describe('a pack that is made and uploaded', () => {
  test('is locked and encrypted as asked, has a receipt, cannot be deleted, and verifies when it is fetched', async () => {
    const { run, keys } = evidence;
    const out = join(folder, 'pack.tar');
    const lock = ['--retain-until', '2033-12-31', '--kms-key', key];
    const args = [
      'evidence',
      'pack',
      run,
      '--out',
      out,
      '--sign',
      keys.auditee.file,
      '--upload',
      `s3://${bucket}/nightly`,
      ...lock,
    ];
    const { code, stdout, stderr } = await ran(args);
    expect([code, stdout]).toEqual([0, '']);
    const object = { Key: 'nightly/pack.tar' };
    const held = await head(object);
    const content = await readFile(out);
    const until = '2034-01-01T00:00:00.000Z';
    expect(held).toMatchObject({
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: new Date(until),
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: key,
      ChecksumSHA256: sha256(content).toString('base64'),
      Metadata: { sha256: sha256(content).toString('hex') },
    });
    expect(stderr).toContain(
      [
        `uploaded: s3://${bucket}/nightly/pack.tar, version ${held.VersionId ?? ''}`,
        `locked: COMPLIANCE until ${until}`,
        `encrypted: aws:kms, ${key}`,
        `checksum: SHA-256 ${held.ChecksumSHA256 ?? ''}, as S3 computed it`,
        `receipt: ${out}.receipt.json\n`,
      ].join('\n'),
    );
    const sent = estate.log.find(({ operation }) => operation === 's3:PutObject');
    expect(sent?.params).toMatchObject({ IfNoneMatch: '*', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key });
    expect(await receiptOf(out)).toEqual({
      schemaVersion: '1.0',
      tool: { name: 'atrest', version: expect.any(String) as string },
      pack: { file: 'pack.tar', bytes: content.length, sha256: sha256(content).toString('hex') },
      bucket,
      key: 'nightly/pack.tar',
      region,
      versionId: held.VersionId,
      etag: held.ETag,
      checksum: { sha256: held.ChecksumSHA256, parts: null },
      retention: { mode: 'COMPLIANCE', until, by: 'request' },
      encryption: { algorithm: 'aws:kms', kmsKey: key },
      caller: expect.stringContaining(`arn:aws:iam::${A}:`) as string,
      uploaded: { requestId: expect.any(String) as string, date: now.toUTCString() },
      readBack: { requestId: expect.any(String) as string, date: now.toUTCString() },
    });
    const version = { Bucket: bucket, ...object, VersionId: held.VersionId };
    await expect(s3.send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention: true }))).rejects.toThrow(
      /protected by object lock/,
    );
    const { Body } = await s3.send(new GetObjectCommand(version));
    const fetched = join(folder, 'fetched.tar');
    await writeFile(fetched, (await Body?.transformToByteArray()) ?? '');
    const verified = await ran(['evidence', 'verify', fetched, '--key', keys.auditee.pub, '--require-signature']);
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nVERIFIED\n$/) as string });
  });

  test('is not made where the bucket cannot take it', async () => {
    put({ objectLock: undefined });
    const out = join(folder, 'pack.tar');
    const { code } = await ran(['evidence', 'pack', evidence.run, '--out', out, '--upload', `s3://${bucket}/nightly`]);
    expect([code, await readdir(folder), writes()]).toEqual([2, [], []]);
  });

  test('stays whole on the machine when the upload fails', async () => {
    world.deny({ operation: 's3:PutObject' });
    const out = join(folder, 'pack.tar');
    const { code, stderr } = await ran(['evidence', 'pack', evidence.run, '--out', out, '--upload', `s3://${bucket}/nightly`]);
    expect(code).toBe(3);
    expect(stderr).toContain(`${out}: `);
    expect(stderr).toMatch(
      /s3:PutObject failed for the pack s3:\/\/audit-evidence\/nightly: AccessDenied[\s\S]*Allow s3:PutObject on/,
    );
    expect(stderr).toContain(
      `Nothing of it is on S3. ${out} is whole. Once that is mended, with the same flags: atrest evidence upload ${out} s3://`,
    );
    expect(await readdir(folder)).toEqual(['pack.tar']);
    expect((await ran(['evidence', 'verify', out])).code).toBe(0);
  });
});

describe('without a named retention', () => {
  test('the bucket’s default holds, and is shown; nothing but the right to put is needed', async () => {
    world.deny({ operation: 's3:PutObjectRetention' });
    const pack = await packFile();
    const { code, stderr } = await upload(pack);
    expect(code).toBe(0);
    expect(stderr).toContain("locked: GOVERNANCE until 2026-12-23T12:00:00.000Z, by the bucket's default\n");
    expect(stderr).toContain(`encrypted: aws:kms, ${key}\n`);
    expect((await receiptOf(pack)).retention.by).toBe('bucket');
  });

  test('a named one is counted by the clock of S3, in COMPLIANCE mode unless another is named', async () => {
    const pack = await packFile();
    expect((await upload(pack, '--retain-days', '90')).stderr).toContain('locked: COMPLIANCE until 2027-02-21T12:00:00.000Z\n');
    expect((await upload(await packFile(), '--retain-days', '90')).stderr).toContain('was uploaded before');
  });

  test('what was stored earlier is held to the time of then', async () => {
    const pack = await packFile();
    await upload(pack);
    await rm(`${pack}.receipt.json`);
    clock = new Date('2026-11-30T12:00:00.000Z');
    expect(await upload(pack)).toMatchObject({ code: 0, stderr: expect.stringContaining('until 2026-12-23T12:00:00') as string });
    await rm(`${pack}.receipt.json`);
    const longer = await upload(pack, '--retain-days', '90', '--lock-mode', 'GOVERNANCE');
    expect(longer.code).toBe(3);
    expect(longer.stderr).toContain('It is locked until 2026-12-23T12:00:00.000Z, and should be until 2027-02-20');
  });

  test('governance can be asked for', async () => {
    const { stderr } = await upload(await packFile(), '--retain-days', '1', '--lock-mode', 'GOVERNANCE');
    expect(stderr).toContain('locked: GOVERNANCE until 2026-11-24T12:00:00.000Z\n');
  });
});

describe('before a byte is sent it is refused', () => {
  const lockOff = { objectLock: undefined };
  const noDefault = { objectLock: { ObjectLockEnabled: 'Enabled' } };
  const sseS3 = { encryption: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] } };
  test.each<[string, object, readonly string[], RegExp]>([
    [
      'a bucket without Object Lock',
      lockOff,
      ['--retain-days', '1'],
      /has no Object Lock: .*\n {2}.*put-object-lock-configuration/,
    ],
    ['a retention that nobody names', noDefault, [], /has no default retention\n {2}Name --retain-days or --retain-until/],
    [
      'a bucket that encrypts under no KMS key',
      sseS3,
      [],
      /encrypts with AES256, under no KMS key\n {2}Name a key with --kms-key/,
    ],
    ['a day that is over', {}, ['--retain-until', '2026-11-22'], /--retain-until 2026-11-22 is over: it is 2026-11-23/],
    ['a slip in the year', {}, ['--retain-until', '2203-12-31'], /ahead, more than 10 years\n/],
    ['a century of days', {}, ['--retain-days', '36500'], /is 36500 days ahead, more than 10 years\n/],
    ['what is no day', {}, ['--retain-until', '2027-02-30'], /is not a date\n {2}Write it as 2033-12-31/],
    ['no days', {}, ['--retain-days', '0'], /takes a whole number above 0/],
    ['both', {}, ['--retain-days', '1', '--retain-until', '2027-01-01'], /not both/],
    ['a mode without a time', {}, ['--lock-mode', 'COMPLIANCE'], /--lock-mode COMPLIANCE needs --retain-until or --retain-days/],
    ['another mode', {}, ['--lock-mode', 'WORM'], /Allowed choices are COMPLIANCE, GOVERNANCE/],
    ['a role that may not be assumed', {}, ['--role', `arn:aws:iam::${A}:role/none`], /sts:AssumeRole failed for the pack/],
  ])('%s', async (_, given, flags, message) => {
    put(given);
    const { code, stderr } = await upload(await packFile(), ...flags);
    expect(stderr).toMatch(message);
    expect([code, writes()]).toEqual([2, []]);
    expect(await readdir(folder)).toEqual(['2026-11-23.tar']);
  });

  test('the last day on which it is not too long is taken', async () => {
    expect((await upload(await packFile(), '--retain-until', '2036-11-23')).code).toBe(0);
  });

  test('a name that is taken, by its own version or another', async () => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'other', ChecksumAlgorithm: 'SHA256' }));
    const pack = await packFile();
    const { code, stderr } = await upload(pack);
    expect([code, writes()]).toEqual([2, ['PutObject']]);
    expect(stderr).toMatch(
      /There is another object already: s3:\/\/audit-evidence\/nightly\/2026-11-23\.tar\n {2}Nothing is written over/,
    );
    const out = join(folder, 'new', basename(pack));
    const packed = await ran(['evidence', 'pack', evidence.run, '--out', out, '--upload', `s3://${bucket}/nightly`]);
    expect([packed.code, await readdir(folder)]).toEqual([2, ['2026-11-23.tar']]);
  });

  test('what is no pack, no file, no place', async () => {
    const pack = await packFile();
    const refused = async (...args: string[]) => {
      const { code, stderr } = await ran(['evidence', ...args]);
      expect(code).toBe(2);
      return stderr;
    };
    const to = `s3://${bucket}/nightly`;
    expect(await refused('upload', pack, 'history')).toMatch(/uploaded to s3:\/\/bucket\/prefix, not to "history"/);
    expect(await refused('upload', pack, 's3://No_Bucket')).toMatch(/cannot be the name of a bucket/);
    expect(await refused('upload', join(folder, 'none.tar'), to)).toMatch(/none\.tar cannot be read: no such file/);
    expect(await refused('upload', await packFile(Buffer.from('x')), to)).toMatch(/2026-11-23\.tar is refused/);
    expect(await refused('pack', evidence.run, '--out', join(folder, 'f'), '--upload', to)).toMatch(
      /Pack into a file whose name/,
    );
    expect(await refused('pack', evidence.run, '--out', join(folder, 'f.tar'), '--retain-days', '1')).toMatch(
      /--retain-days is about an upload, and none is asked for/,
    );
    expect(estate.log).toEqual([]);
  });
});

describe('a large pack', () => {
  test('goes up in parts; checksum, lock and key are those of all of it', async () => {
    const pack = await packFile(large);
    expect((await upload(pack, '--retain-days', '90')).code).toBe(0);
    expect(writes()).toEqual(['CreateMultipartUpload', 'UploadPart', 'UploadPart', 'UploadPart', 'CompleteMultipartUpload']);
    const { checksum, pack: about } = await receiptOf(pack);
    const digests = [0, 1, 2].map((part) => sha256(large.subarray(part * 8 * mebi, (part + 1) * 8 * mebi)));
    expect(checksum).toEqual({
      sha256: `${sha256(Buffer.concat(digests)).toString('base64')}-3`,
      parts: { count: 3, bytes: 8 * mebi },
    });
    expect(about.sha256).toBe(sha256(large).toString('hex'));
    expect(await head()).toMatchObject({ ObjectLockMode: 'COMPLIANCE', SSEKMSKeyId: key, Metadata: { sha256: about.sha256 } });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(large)).toBe(true);
  });

  test.each([
    ['a server that breaks down in the middle', { kind: 'http500', operation: 's3:UploadPart' }],
    ['a refusal at the end', { kind: 'deny', operation: 's3:CompleteMultipartUpload' }],
  ] as const)('leaves nothing on S3: %s', async (_, fault) => {
    const pack = await packFile(large);
    const rule = estate.faults.add(fault);
    const { code, stderr } = await upload(pack);
    expect(code).toBe(3);
    expect(stderr).toContain('Nothing of it is on S3.');
    expect(await unfinished()).toEqual([]);
    expect(await readdir(folder)).toEqual(['2026-11-23.tar']);
    rule.remove();
    expect((await upload(pack)).code).toBe(0);
  });

  test('leaves nothing on S3 when it is stopped', async () => {
    const pack = await packFile(large);
    const controller = new AbortController();
    const hang = estate.faults.add({ kind: 'hang', operation: 's3:UploadPart' });
    const options = { to: `s3://${bucket}/nightly`, retention: {} };
    const stopped = uploadPack(pack, options, { signal: controller.signal }).catch((error: unknown) => error);
    await vi.waitFor(
      () => {
        expect(hang.hits).toBe(1);
      },
      { timeout: 20_000 },
    );
    controller.abort();
    expect(await stopped).toMatchObject({
      code: 'interrupted',
      message: `Stopped while ${pack} was being uploaded. Nothing of it is on S3.`,
    });
    expect(await unfinished()).toEqual([]);
  });

  test('says which parts are left where they cannot be removed', async () => {
    world.deny({ operation: 's3:AbortMultipartUpload' });
    estate.faults.add({ kind: 'deny', operation: 's3:CompleteMultipartUpload' });
    const { code, stderr } = await upload(await packFile(large));
    const [{ UploadId = '' } = {}] = await unfinished();
    expect(code).toBe(3);
    expect(stderr).toContain(`aws s3api abort-multipart-upload --bucket ${bucket} --key ${Key} --upload-id ${UploadId}`);
  });
});

describe('lost answers and bad ones', () => {
  test.each([
    ['s3:PutObject', () => small],
    ['s3:UploadPart', () => large],
    ['s3:CompleteMultipartUpload', () => large],
  ] as const)('a lost answer to %s loses nothing', async (operation, content) => {
    const pack = await packFile(content());
    const fault = estate.faults.add({ kind: 'reset', operation, times: 1 });
    expect(await upload(pack)).toMatchObject({ code: 0 });
    expect([fault.hits, await unfinished()]).toEqual([1, []]);
    expect((await receiptOf(pack)).pack.sha256).toBe(sha256(content()).toString('hex'));
  });

  test.each<[string, { kind: 'setField' | 'dropField'; field: string; value?: string } | 'denied', RegExp]>([
    ['another checksum', { kind: 'setField', field: 'ChecksumSHA256', value: 'AAAA' }, /checksum on S3 is AAAA, and should be/],
    ['no checksum', { kind: 'dropField', field: 'ChecksumSHA256' }, /checksum on S3 is not told/],
    ['no retention', { kind: 'dropField', field: 'ObjectLockMode' }, /S3 tells no retention/],
    [
      'another mode',
      { kind: 'setField', field: 'ObjectLockMode', value: 'GOVERNANCE' },
      /GOVERNANCE mode, and should be in COMPLIANCE/,
    ],
    [
      'a shorter retention',
      { kind: 'setField', field: 'ObjectLockRetainUntilDate', value: '2026-12-01T00:00:00.000Z' },
      /locked until 2026-12-01T00:00:00\.000Z, and should be until 2027-02-21T12:00:00\.000Z/,
    ],
    ['no version', { kind: 'dropField', field: 'VersionId' }, /S3 gave it no version/],
    ['another key', { kind: 'setField', field: 'SSEKMSKeyId', value: `${key}0` }, /under .*0, and should be under/],
    ['no KMS', { kind: 'setField', field: 'ServerSideEncryption', value: 'AES256' }, /encrypted with AES256, under no KMS key/],
    ['a refusal', 'denied', /s3:HeadObject failed for the pack.*\n {2}Allow s3:GetObject on .*s3:GetObjectVersion/],
  ])('what S3 says afterwards is believed: %s', async (_, fault, message) => {
    const pack = await packFile();
    if (fault === 'denied') world.deny({ operation: 'kms:Decrypt' });
    else estate.faults.add({ operation: 's3:HeadObject', ...fault });
    const { code, stderr } = await upload(pack, '--retain-days', '90', '--kms-key', key);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/S3 has it(, as version .*)?\. .*2026-11-23\.tar is whole/);
    expect([code, await readdir(folder)]).toEqual([3, ['2026-11-23.tar']]);
    // What is there is only read back.
    estate.faults.clear();
    world.denials.pop();
    const again = await upload(pack, '--retain-days', '90', '--kms-key', key);
    expect(again).toMatchObject({ code: 0, stderr: expect.stringMatching(/^there already: /) as string });
    expect(writes()).toEqual(['PutObject']);
    expect((await receiptOf(pack)).uploaded).toBeNull();
  });

  test('an object that somebody puts there meanwhile is not written over, and no part is left', async () => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'other', ChecksumAlgorithm: 'SHA256' }));
    const { VersionId } = await head();
    const target = `s3://${bucket}/nightly`;
    const opened = await openS3({ target, bucket, prefix: 'nightly/', kmsKey: null, role: null }, packUse, {});
    const retention = { mode: 'GOVERNANCE', until: now, days: 30, by: 'bucket' } as const;
    for (const content of [small, large]) {
      const pack = await localPack(await packFile(content));
      await expect(sendPack(opened, Key, pack, retention)).rejects.toMatchObject({
        cause: { message: expect.stringContaining('There is another object already') as string },
        onS3: 'Nothing of it is on S3.',
      });
    }
    opened.close();
    expect(await unfinished()).toEqual([]);
    expect((await head()).VersionId).toBe(VersionId);
  });
});

describe('the policy in the documentation', () => {
  interface Policy {
    readonly Statement: readonly { readonly Effect: string; readonly Action: readonly string[]; readonly Resource: string }[];
  }
  let policy: Policy;
  beforeAll(async () => {
    const page = await readFile(new URL('../../docs/evidence.md', import.meta.url), 'utf8');
    const [, text = ''] = /<!-- upload policy -->\s*```json\n([\s\S]*?)```/.exec(page) ?? [];
    policy = JSON.parse(text) as Policy;
  });
  const named = ['--retain-days', '90'];

  test('is enough for every upload', async () => {
    world.permit(A, [policy]);
    expect(await upload(await packFile(), ...named)).toMatchObject({ code: 0 });
    await rm(join(folder, '2026-11-23.tar.receipt.json'));
  });

  test('has nothing that is not needed', async () => {
    const actions = policy.Statement.flatMap(({ Action }) => Action);
    const needed = actions.filter((action) => action !== 's3:AbortMultipartUpload');
    const pack = await packFile();
    for (const action of needed) {
      const Statement = policy.Statement.map((each) => ({ ...each, Action: each.Action.filter((name) => name !== action) }));
      world.permit(A, [{ Statement }]);
      expect([action, (await upload(pack, ...named)).code]).not.toEqual([action, 0]);
      // What the attempt left on S3 is out of the way.
      put({});
    }
  });
});
