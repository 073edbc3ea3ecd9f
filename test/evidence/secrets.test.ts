import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import { parseConfig } from '#config/load.js';
import { scanEstate } from '../support/scan-estate.js';
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
