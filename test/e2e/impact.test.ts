import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEstate, type Estate, type World } from '#estate/index.js';
import { createWorld } from '#estate/index.js';
import type { Impact } from '#index.js';
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
