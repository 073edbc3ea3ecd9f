import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEstate, type Estate, type World } from '#estate/index.js';
import { createWorld } from '#estate/index.js';
import type { Impact } from '#index.js';
import type { Report } from '#model/report.js';
import { atrest, estateEnv, inFolder } from '../support/cli.js';

const account = '111111111111';
const home = 'us-east-1';
const away = 'eu-west-1';

/** A key that two volumes, a snapshot and a bucket use, by ARN, id and alias. */
function world(): { readonly world: World; readonly arn: string } {
  const made = createWorld({ seed: 3 }).addAccount(account, { regions: [home, away] });
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Root', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' },
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::222222222222:role/app' },
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
      },
    ],
  });
  const key = made.put(account, home, 'kms.key', {
    aliases: ['alias/app', 'alias/second'],
    policy,
    grants: [{ GrantId: 'grant-1', GranteePrincipal: `arn:aws:iam::${account}:role/worker`, Operations: ['Encrypt'] }],
  });
  made.put(account, away, 'kms.key', { aliases: ['alias/second'] });
  for (const id of ['vol-1', 'vol-2'])
    made.put(account, home, 'ebs.volume', { VolumeId: id, Encrypted: true, KmsKeyId: key.Arn });
  made.put(account, home, 'ebs.snapshot', { Encrypted: true, KmsKeyId: key.Arn });
  made.put(account, home, 'ebs.volume', { Encrypted: false });
  made.put(account, home, 's3.bucket', {
    Name: 'by-alias',
    encryption: {
      Rules: [
        {
          ApplyServerSideEncryptionByDefault: {
            SSEAlgorithm: 'aws:kms',
            KMSMasterKeyID: `arn:aws:kms:${home}:${account}:alias/app`,
          },
        },
      ],
    },
  });
  return { world: made, arn: key.Arn };
}

let estate: Estate;
let arn: string;
beforeAll(async () => {
  const made = world();
  estate = await startEstate(made.world);
  ({ arn } = made);
});
afterAll(() => estate.close());

test('impact says what depends on a key, who may use it, what is lost without it, and what it costs', async () => {
  await inFolder(async (folder) => {
    const scanned = await atrest(['scan', '--out', 'run', '--fail-on', 'never', '--quiet'], {
      cwd: folder,
      env: estateEnv(estate),
    });
    expect(scanned.stderr).toBe('');
    const found = await atrest(['impact', 'alias/app', 'run', '--format', 'json'], { cwd: folder });
    expect(found.stderr).toBe('');
    const { key, dependants, loss, users, monthlyCost } = JSON.parse(found.stdout) as Impact;
    expect(key).toMatchObject({ arn, aliases: ['alias/app', 'alias/second'], manager: 'CUSTOMER', state: 'Enabled' });
    expect(dependants).toMatchObject({ total: 4, complete: true, missing: [] });
    expect(dependants.groups.map(({ kind, region, count }) => `${kind} ${region} ${String(count)}`)).toEqual([
      `ebs.snapshot ${home} 1`,
      `ebs.volume ${home} 2`,
      `s3.bucket ${home} 1`,
    ]);
    expect(dependants.groups[1]?.resources[0]).toContain('volume/vol-1');
    expect(loss.map(({ kind, count }) => `${kind} ${String(count)}`)).toEqual(['ebs.snapshot 1', 'ebs.volume 2', 's3.bucket 1']);
    const app = users.known.find(({ principal }) => principal.includes('222222222222'));
    expect(app).toMatchObject({ actions: ['kms:Decrypt'], by: 'statement 2' });
    expect(app?.conditions.join()).toContain('kms:ViaService');
    expect(users.known.find(({ by }) => by === 'grant grant-1')).toMatchObject({ actions: ['kms:Encrypt'], conditions: [] });
    expect(users.missing).toEqual([]);
    expect(monthlyCost.usd).toBe(1);

    const text = await atrest(['impact', arn, 'run'], { cwd: folder });
    for (const line of [
      '4 resources depend on it:',
      '2 ebs.volume',
      'customer managed key, Enabled',
      '$1 a month',
      'statement "Root"',
      'if ',
    ])
      expect(text.stdout).toContain(line);
    expect((await atrest(['impact', arn.slice(arn.lastIndexOf('/') + 1), 'run'], { cwd: folder })).stdout).toBe(text.stdout);
  });
});

test('a name that no key has, or several have, is refused', async () => {
  await inFolder(async (folder) => {
    await atrest(['scan', '--out', 'run', '--fail-on', 'never', '--quiet', '--service', 'kms'], {
      cwd: folder,
      env: estateEnv(estate),
    });
    const nobody = await atrest(['impact', 'alias/nobody', 'run'], { cwd: folder });
    expect(nobody).toMatchObject({ code: 2, stdout: '' });
    expect(nobody.stderr).toContain('The run has no key alias/nobody');
    const two = await atrest(['impact', 'alias/second', 'run'], { cwd: folder });
    expect(two.code).toBe(2);
    expect(two.stderr).toMatch(/2 keys of the run are named alias\/second[\s\S]*Name one by its ARN: arn:aws:kms:/);
    // Without the other services nothing is known to depend on it, and that is said.
    const alone = await atrest(['impact', 'alias/app', 'run'], { cwd: folder });
    expect(alone.stdout).toContain('Nothing of the run depends on it.');
    expect(alone.stdout).toMatch(/Others may: .*ebs\.volume\/details was not collected in this run/);
    expect((await atrest(['impact', 'alias/app', 'run', '--format', 'xml'], { cwd: folder })).code).toBe(2);
  });
});

const closed = '222222222222';
const outside = '999999999999';
const keyIn = (owner: string) => `arn:aws:kms:${home}:${owner}:key/00000000-dead-4000-8000-000000000000`;

test('a key that the run does not hold is answered by its ARN, with what depends on it and whether it is there', async () => {
  const made = createWorld({ seed: 3 }).addAccount(account, { regions: [home], roles: [{ name: 'AtrestAudit' }] });
  made.addAccount(closed, { regions: [home], roles: [{ name: 'AtrestAudit' }] });
  const key = made.put(account, home, 'kms.key', { aliases: ['alias/app'] });
  for (const owner of [account, closed, outside])
    made.put(account, home, 'ebs.volume', { Encrypted: true, KmsKeyId: keyIn(owner) });
  made.deny({ operation: 'sts:AssumeRole', resource: `arn:aws:iam::${closed}:role/AtrestAudit` });
  const running = await startEstate(made);
  try {
    await inFolder(async (folder) => {
      await writeFile(
        join(folder, 'atrest.yaml'),
        `version: 1\nscope: { accounts: ["${account}", "${closed}"], role: AtrestAudit }\n`,
      );
      const scan = (out: string) =>
        atrest(['scan', '--out', out, '--fail-on', 'never', '--quiet'], { cwd: folder, env: estateEnv(running) });
      await scan('run');
      const of = async (name: string, run = 'run'): Promise<Impact> => {
        const { stdout, stderr } = await atrest(['impact', name, run, '--format', 'json'], { cwd: folder });
        expect(stderr).toBe('');
        return JSON.parse(stdout) as Impact;
      };
      const text = async (name: string, run = 'run') => (await atrest(['impact', name, run], { cwd: folder })).stdout;

      const missing = await of(keyIn(account));
      expect(missing.key).toMatchObject({
        arn: keyIn(account),
        resolution: { state: 'missing', listed: false, seenBy: 'not in the complete kms:ListKeys', missing: [] },
        manager: null,
        state: null,
      });
      expect(missing.dependants.total).toBe(1);
      expect(missing.loss.map(({ kind }) => kind)).toEqual(['ebs.volume']);
      expect(await text(keyIn(account))).toContain('the key is gone: not in the complete kms:ListKeys');

      const foreign = await of(keyIn(outside));
      expect(foreign.key.resolution).toMatchObject({
        state: 'foreign',
        missing: [{ operation: 'kms:DescribeKey', cause: 'foreign', account: outside }],
      });
      expect(foreign.dependants).toMatchObject({ total: 1, complete: false });
      expect(await text(keyIn(outside))).toContain('a key of an account that is not in the run: kms:DescribeKey on a key of');

      const shut = await of(keyIn(closed));
      expect(shut.key.resolution).toMatchObject({ state: 'unread', missing: [{ operation: 'sts:AssumeRole', cause: 'denied' }] });
      expect(shut.dependants.total).toBe(1);
      expect(await text(keyIn(closed))).toContain('not known whether the key is there: sts:AssumeRole was denied');

      // The account that was not entered may have the alias.
      const nobody = await atrest(['impact', 'alias/nobody', 'run'], { cwd: folder });
      expect(nobody).toMatchObject({ code: 2, stdout: '' });
      expect(nobody.stderr).toContain(
        'No key alias/nobody was found, but the run does not hold all keys: sts:AssumeRole was denied',
      );
      expect(nobody.stderr).not.toContain('The run has no key');

      made.deny({ operation: 'kms:ListKeys', account });
      await scan('denied');
      expect((await of(key.Arn, 'denied')).key.resolution).toMatchObject({
        state: 'unread',
        missing: [{ operation: 'kms:ListKeys', cause: 'denied' }],
      });
      const denied = await atrest(['impact', 'alias/app', 'denied'], { cwd: folder });
      expect(denied.stderr).toContain('kms:ListKeys was denied');

      for (const end of ['.ndjson.gz', '.edges.ndjson.gz'])
        await rm(join(folder, 'run', 'inventory', account, home, `kms${end}`));
      const cut = await atrest(['impact', 'alias/app', 'run'], { cwd: folder });
      expect(cut.stderr).toContain('kms.key/* was not reached before the run ended');
    });
  } finally {
    await running.close();
  }
});

test("a name is not said to be nobody's where aliases were not read, or keys not listed", async () => {
  const made = world();
  const running = await startEstate(made.world);
  try {
    made.world.deny({ operation: 'kms:ListAliases' });
    await inFolder(async (folder) => {
      const env = estateEnv(running);
      await atrest(['scan', '--out', 'run', '--fail-on', 'never', '--quiet'], { cwd: folder, env });
      const byAlias = await atrest(['impact', 'alias/app', 'run'], { cwd: folder });
      expect(byAlias.stderr).toContain('the run does not hold all keys: kms:ListAliases was denied');
      const { stdout } = await atrest(['impact', made.arn, 'run', '--format', 'json'], { cwd: folder });
      expect((JSON.parse(stdout) as Impact).dependants.complete).toBe(false);
      await atrest(['scan', '--out', 'ec2', '--fail-on', 'never', '--quiet', '--service', 'ec2'], { cwd: folder, env });
      const unlisted = await atrest(['impact', 'alias/app', 'ec2'], { cwd: folder });
      expect(unlisted.stderr).toContain('The run did not list keys');
      const foreign = await atrest(['impact', made.arn, 'ec2', '--format', 'json'], { cwd: folder });
      expect((JSON.parse(foreign.stdout) as Impact).dependants.total).toBe(3);
    });
  } finally {
    await running.close();
  }
});

test('what a bucket copies elsewhere under a key depends on it too, and what for is said', async () => {
  const made = createWorld({ seed: 3 }).addAccount(account, { regions: [home] });
  const key = made.put(account, home, 'kms.key', { CreationDate: new Date('2024-01-01T00:00:00Z') });
  const to = made.put(account, home, 's3.bucket', { Name: 'to' });
  made.put(account, home, 's3.bucket', {
    Name: 'from',
    replication: {
      Role: `arn:aws:iam::${account}:role/replication`,
      Rules: [
        {
          ID: 'all',
          Status: 'Enabled',
          SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
          Destination: { Bucket: `arn:aws:s3:::${to.Name}`, EncryptionConfiguration: { ReplicaKmsKeyID: key.Arn } },
        },
      ],
    },
  });
  const running = await startEstate(made);
  try {
    await inFolder(async (folder) => {
      const rules = ['--rules', 'kms/unused,key/usable', '--include-pass', '--explain', '--format', 'json'];
      await atrest(['scan', '--out', 'run', '--fail-on', 'never', '--quiet', ...rules], { cwd: folder, env: estateEnv(running) });
      const { stdout } = await atrest(['impact', key.Arn, 'run', '--format', 'json'], { cwd: folder });
      const { dependants, loss } = JSON.parse(stdout) as Impact;
      expect(dependants.groups).toEqual([
        { kind: 's3.bucket', account, region: home, usage: 'replica', count: 1, resources: ['arn:aws:s3:::from'] },
      ]);
      expect(loss).toEqual([
        {
          kind: 's3.bucket',
          usage: 'replica',
          count: 1,
          disabled: expect.any(String) as string,
          deleted: expect.any(String) as string,
        },
      ]);
      expect(loss[0]?.deleted).toContain('replicas under the key are lost');
      const text = await atrest(['impact', key.Arn, 'run'], { cwd: folder });
      expect(text.stdout).toContain(`1 s3.bucket (replica) in ${account}/${home}`);
      const { findings } = JSON.parse(await readFile(join(folder, 'run', 'report.json'), 'utf8')) as Report;
      expect(findings.find(({ rule }) => rule === 'kms/unused')).toMatchObject({
        verdict: 'pass',
        message: 'The key is in use by 1 s3.bucket (replica).',
      });
      // No object of the bucket itself is under it.
      expect(findings.filter(({ rule, resource }) => rule === 'key/usable' && resource === 'arn:aws:s3:::from')).toMatchObject([
        { verdict: 'not-applicable' },
      ]);
    });
  } finally {
    await running.close();
  }
});
