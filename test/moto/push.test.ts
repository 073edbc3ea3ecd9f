import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateVolumeCommand, DeleteVolumeCommand } from '@aws-sdk/client-ec2';
import {
  BatchImportFindingsCommand,
  EnableSecurityHubCommand,
  GetFindingsCommand,
  SecurityHubClient,
  type AwsSecurityFinding,
} from '@aws-sdk/client-securityhub';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogue } from '#index.js';
import { push } from '#push.js';
import { scan } from '#scan.js';
import { scanOptions } from '../support/scan-estate.js';
import { A, Cloud, enterMotoByEnvironment, keysOfA, US } from './cloud.js';
import { startMoto, type Moto } from './server.js';

let moto: Moto;
let hub: SecurityHubClient;
let cloud: Cloud;
let folder: string;
beforeAll(async () => {
  moto = await startMoto();
  folder = await mkdtemp(join(tmpdir(), 'atrest-moto-'));
  cloud = new Cloud(moto.url, A, keysOfA, new Map());
  hub = new SecurityHubClient({ endpoint: moto.url, region: US, credentials: keysOfA });
  await hub.send(new EnableSecurityHubCommand({}));
  enterMotoByEnvironment(moto.url);
});
afterAll(async () => {
  await moto.stop();
  await rm(folder, { recursive: true });
});

async function pushed(day: number) {
  const run = await mkdtemp(join(folder, `day${String(day)}-`));
  const asked = {
    ruleGlobs: ['ebs/volume-encrypted'],
    regions: [US],
    services: ['ec2'] as const,
    formats: [],
    now: new Date(Date.UTC(2026, 10, day)),
  };
  await scan(scanOptions(run, asked));
  return push({ catalogue, run, config: undefined, role: undefined, regions: [], dryRun: false, now: asked.now, connection: {} });
}

async function held(): Promise<readonly AwsSecurityFinding[]> {
  return (await hub.send(new GetFindingsCommand({}))).Findings ?? [];
}

test('a server that somebody else wrote takes findings, updates them, and has them archived; what is not ours stays', async () => {
  const ec2 = cloud.ec2(US);
  const { VolumeId = '' } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${US}a`, Size: 1, Encrypted: false }));
  const theirs: AwsSecurityFinding = {
    ...{ SchemaVersion: '2018-10-08', Id: 'atrest/theirs', GeneratorId: 'atrest/ebs/volume-encrypted', AwsAccountId: A },
    ProductArn: `arn:aws:securityhub:${US}:${A}:product/${A}/default`,
    ...{ CreatedAt: '2026-10-01T00:00:00Z', UpdatedAt: '2026-10-01T00:00:00Z', Title: 'theirs', Description: 'theirs' },
    Resources: [{ Type: 'Other', Id: 'theirs' }],
    Severity: { Label: 'LOW' },
    RecordState: 'ACTIVE',
  };
  await hub.send(new BatchImportFindingsCommand({ Findings: [theirs] }));

  expect((await pushed(1)).places).toMatchObject([{ account: A, region: US, imported: 1, failures: [], problem: null }]);
  expect((await pushed(1)).places).toMatchObject([{ imported: 0, upToDate: 1 }]);
  expect((await pushed(2)).places).toMatchObject([{ imported: 1, upToDate: 0 }]);
  const ours = (await held()).find(({ Id }) => Id !== theirs.Id);
  expect(ours).toMatchObject({
    CreatedAt: '2026-11-01T00:00:00.000Z',
    UpdatedAt: '2026-11-02T00:00:00.000Z',
    RecordState: 'ACTIVE',
  });

  await ec2.send(new DeleteVolumeCommand({ VolumeId }));
  expect((await pushed(3)).places).toMatchObject([{ imported: 0, archived: 1 }]);
  const states = (await held()).map(({ Id, RecordState }) => [Id, RecordState]);
  expect(states).toEqual([
    [theirs.Id, 'ACTIVE'],
    [ours?.Id, 'ARCHIVED'],
  ]);
});
