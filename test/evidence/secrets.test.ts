import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import { parseConfig } from '#config/load.js';
import { createWorld, startEstate } from '#estate/index.js';
import { formatNames } from '#reports/index.js';
import { ran } from '../support/in-process.js';
import { scanEstate, useEstate } from '../support/scan-estate.js';
import { account, smallWorld } from '../support/small-world.js';

afterEach(() => vi.unstubAllEnvs());

test('no secret, environment value, object data or parameter value is in a run folder', async () => {
  const marker = (where: string) => `planted-secret-${where}`;
  const world = smallWorld();
  const region = 'us-east-1';
  vi.stubEnv('DATABASE_PASSWORD', marker('environment'));
  vi.stubEnv('AWS_SESSION_TOKEN', marker('token'));
  world.put(account, region, 'ec2.launch-template', {
    LaunchTemplateData: { UserData: Buffer.from(marker('user-data')).toString('base64'), KeyName: marker('user-data-plain') },
  });
  world.put(account, region, 'rds.instance', {
    DBInstanceIdentifier: 'planted',
    MasterUsername: marker('user-name'),
    MasterUserPassword: marker('password'),
    TdeCredentialPassword: marker('tde'),
  });
  world.put(account, region, 's3.bucket', {
    Name: 'planted',
    objects: [{ Key: 'data.txt', body: Buffer.from(marker('object')), Metadata: { secret: marker('metadata') } }],
  } as object);
  const { config } = parseConfig(
    'version: 1\nbaselines: { own: { extends: strict, rules: { s3/objects-match-default: [medium, { sample: 3 }] } } }\nassign: [{ baseline: own }]\n',
    'atrest.yaml',
  );
  const path = await scanEstate(
    world,
    { config, baseline: undefined, formats: ['json', 'html'] },
    async ({ path: run, estate }) => {
      const { secretAccessKey } = estate.credentialsFor(account);
      const names = (await readdir(run, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
      expect(names.length).toBeGreaterThan(10);
      for (const entry of names) {
        const bytes = await readFile(join(entry.parentPath, entry.name));
        const text = (entry.name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
        expect(text, entry.name).not.toContain('planted-secret-');
        expect(text, entry.name).not.toContain(Buffer.from('planted-secret-').toString('base64').slice(0, 18));
        expect(text, entry.name).not.toContain(secretAccessKey);
      }
      expect([...estate.counts.keys()].join()).toContain('HeadObject');
      return run;
    },
  );
  expect(path).not.toBe('');
});

test('nor is what credentials, proxies and the environment hold, in anything that a run writes or says', async () => {
  const marker = (where: string) => `planted-secret-${where}`;
  const region = 'us-east-1';
  const [own, shop, shut] = [account, '333333333333', '444444444444'];
  const world = createWorld({ seed: 6 });
  for (const id of [own, shop, shut]) world.addAccount(id, { regions: [region] });
  world.addRole(shop, { name: 'Audit', trusts: [own] });
  const key = world.put(own, region, 'kms.key', { aliases: ['alias/app'] });
  world.put(own, region, 'rds.instance', {
    DBInstanceIdentifier: 'planted',
    KmsKeyId: key.Arn,
    PendingModifiedValues: { MasterUserPassword: marker('new-password') },
    Endpoint: { Address: marker('endpoint') },
    TagList: [{ Key: 'token', Value: marker('tag') }],
  });
  world.put(own, region, 'ebs.volume', { Encrypted: false, Tags: [{ Key: 'token', Value: marker('volume-tag') }] });
  world.put(shop, region, 'kms.key', { grants: [grantWithin(marker('encryption-context'))] });
  world.put(own, region, 's3.bucket', {
    Name: 'planted',
    objects: [{ Key: 'data.txt', body: Buffer.from(marker('object')), Metadata: { secret: marker('metadata') } }],
  } as object);
  const estate = await startEstate(world);
  const folder = await mkdtemp(join(tmpdir(), 'atrest-secrets-'));
  try {
    useEstate(estate);
    const file = (name: string) => join(folder, name);
    const failing = `sh -c 'echo ${marker('process-output')} >&2; exit 1' --password ${marker('process-argument')}`;
    const profile = (name: string) => `[profile ${name}]\nregion = ${region}\n`;
    await writeFile(
      file('aws-config'),
      `${profile('shut')}credential_process = ${failing}\n${profile('other')}mfa_serial = ${marker('mfa')}\nsso_start_url = https://${marker('sso')}\n`,
    );
    await writeFile(
      file('aws-credentials'),
      `[other]\naws_access_key_id = AKIA\naws_secret_access_key = ${marker('credentials')}\n`,
    );
    const environment = {
      AWS_CONFIG_FILE: file('aws-config'),
      AWS_SHARED_CREDENTIALS_FILE: file('aws-credentials'),
      AWS_CONTAINER_AUTHORIZATION_TOKEN: marker('container'),
      HTTPS_PROXY: `http://name:${marker('proxy')}@127.0.0.1:9`,
      GITHUB_TOKEN: marker('github'),
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    await writeFile(
      file('atrest.yaml'),
      `version: 1\nscope: { role: Audit, accounts: ["${own}", "${shop}", { id: "${shut}", profile: shut }], regions: { include: [${region}] } }\n` +
        'baselines: { own: { extends: strict, rules: { s3/objects-match-default: [medium, { sample: 3 }] } } }\nassign: [{ baseline: own }]\n' +
        'history: history\n',
    );
    const formats = formatNames.filter((name) => name !== 'ndjson').join();
    const scanned = await ran(
      ['scan', '--config', file('atrest.yaml'), '--out', file('run'), '--format', formats, '--log', file('log.ndjson')],
      environment,
    );
    expect([1, 3], scanned.stderr).toContain(scanned.code);
    const run = await readFile(file('run/run.json'), 'utf8');
    expect(run).toContain('with profile shut: the credential_process of the profile failed');
    expect(run).toContain(`arn:aws:sts::${shop}:assumed-role/Audit/`);
    const packed = await ran(['evidence', 'pack', file('run'), '--out', file('pack')], environment);
    expect(packed.code, packed.stderr).toBe(0);

    const sessions = estate.log.flatMap(({ params }) => Object.values(params)).join();
    const texts = new Map([['stdout and stderr', [scanned, packed].map(({ stdout, stderr }) => stdout + stderr).join()]]);
    for (const place of ['run', 'pack', 'history', 'log.ndjson'])
      for (const [name, text] of await textsIn(file(place))) texts.set(name, text);
    expect([...texts.keys()].filter((name) => name.includes('/history/')).length).toBeGreaterThan(5);
    expect([...texts.keys()].filter((name) => name.includes('report.')).length).toBeGreaterThan(10);
    const { secretAccessKey } = estate.credentialsFor(own);
    for (const [name, text] of texts) {
      expect(text, name).not.toContain('planted-secret-');
      expect(text, name).not.toContain(secretAccessKey);
    }
    expect(sessions).toContain('Audit');
  } finally {
    await estate.close();
    await rm(folder, { recursive: true, force: true });
  }
});

function grantWithin(secret: string) {
  return {
    GrantId: 'g1',
    Operations: ['Decrypt'],
    GranteePrincipal: `arn:aws:iam::${account}:role/app`,
    CreationDate: new Date('2026-01-01T00:00:00Z'),
    Constraints: { EncryptionContextEquals: { token: secret } },
  };
}

/** The texts of a file, or of all files of a folder, by path. */
async function textsIn(path: string): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  const files = entries?.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)) ?? [path];
  return Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file);
      return [file, (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')] as const;
    }),
  );
}
