import { CreateVolumeCommand } from '@aws-sdk/client-ec2';
import { CreateKeyCommand, EnableKeyRotationCommand } from '@aws-sdk/client-kms';
import {
  CloseAccountCommand,
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '#model/report.js';
import { atrestScan, type Run } from './atrest.js';
import { A, assume, Cloud, EU, keysOfA, US } from './cloud.js';
import { startProxy, type Proxy } from './proxy.js';
import { startMoto, type Moto } from './server.js';

/** Root: A, the management account. Prod: shop, gone. Sandbox: lab. */
let moto: Moto;
let proxy: Proxy;
let shop: string;
let lab: string;
let gone: string;

beforeAll(async () => {
  moto = await startMoto();
  proxy = await startProxy(moto.url, []);
  [shop, lab, gone] = await organize();
  for (const [id, isEncrypted] of [[A, true], [shop, false], [lab, true]] as const) await furnish(id, isEncrypted); // prettier-ignore
});
afterAll(async () => {
  await proxy.stop();
  await moto.stop();
});

async function organize(): Promise<[string, string, string]> {
  const client = new OrganizationsClient({ endpoint: moto.url, region: US, credentials: keysOfA });
  await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const root = (await client.send(new ListRootsCommand({}))).Roots?.[0]?.Id ?? '';
  const unit = async (Name: string) => {
    const made = await client.send(new CreateOrganizationalUnitCommand({ ParentId: root, Name }));
    return made.OrganizationalUnit?.Id ?? '';
  };
  const [prod, sandbox] = [await unit('Prod'), await unit('Sandbox')];
  const member = async (name: string, parent: string) => {
    const made = await client.send(new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` }));
    const AccountId = made.CreateAccountStatus?.AccountId ?? '';
    await client.send(new MoveAccountCommand({ AccountId, SourceParentId: root, DestinationParentId: parent }));
    return AccountId;
  };
  const ids: [string, string, string] = [await member('shop', prod), await member('lab', sandbox), await member('gone', prod)];
  await client.send(new CloseAccountCommand({ AccountId: ids[2] }));
  return ids;
}

/** A volume, and a key that rotates, in one region each. */
async function furnish(id: string, Encrypted: boolean): Promise<void> {
  const cloud = new Cloud(moto.url, id, id === A ? keysOfA : await assume(moto.url, id), new Map());
  await cloud.ec2(US).send(new CreateVolumeCommand({ AvailabilityZone: `${US}a`, Size: 1, Encrypted }));
  const usual = { KeyUsage: 'ENCRYPT_DECRYPT', KeySpec: 'SYMMETRIC_DEFAULT', MultiRegion: false } as const;
  const { KeyMetadata } = await cloud.kms(EU).send(new CreateKeyCommand(usual));
  await cloud.kms(EU).send(new EnableKeyRotationCommand({ KeyId: KeyMetadata?.KeyId }));
}

const config = (more: string) => `version: 1
scope:
  organization: { role: AtrestAudit${more} }
  regions: { include: [${US}, ${EU}] }
`;
const rules = ['--rules', 'ebs/volume-encrypted,kms/rotation-enabled', '--include-pass'];

const verdicts = ({ findings }: Report) =>
  findings.map(({ account, region, rule, verdict }) => `${account} ${region} ${rule} ${verdict}`).sort();
const states = ({ scope }: Report) => scope.accounts.map(({ id, name, state, reason }) => [id, name, state, reason]);
const assumed = () =>
  proxy.calls.filter(({ operation }) => operation === 'sts:AssumeRole').map(({ params }) => params.get('RoleArn'));

describe('three accounts of an organisation, entered by a role', () => {
  let run: Run;
  beforeAll(async () => {
    proxy.forget();
    run = await atrestScan(proxy.url, keysOfA, rules, config(''));
  });

  test('are scanned, each with its own resources', () => {
    expect(run.code, run.stderr).toBe(1);
    expect(run.report.run.complete).toBe(true);
    expect(states(run.report)).toContainEqual([shop, 'shop', 'scanned', null]);
    expect(states(run.report)).toContainEqual([lab, 'lab', 'scanned', null]);
    expect(verdicts(run.report)).toEqual(
      [A, shop, lab]
        .flatMap((id) => [
          `${id} ${EU} kms/rotation-enabled pass`,
          `${id} ${US} ebs/volume-encrypted ${id === shop ? 'fail' : 'pass'}`,
        ])
        .sort(),
    );
  });

  test('with one AssumeRole for each but the management account, whose credentials they are', () => {
    expect([...assumed()].sort()).toEqual([shop, lab].map((id) => `arn:aws:iam::${id}:role/AtrestAudit`).sort());
    expect(run.report.run.callers[shop]).toBe(`arn:aws:sts::${shop}:assumed-role/AtrestAudit/atrest`);
    expect(run.report.run.callers[A]).not.toContain('AtrestAudit');
  });

  test('and the one that was closed is skipped by name', () => {
    expect(states(run.report)).toContainEqual([gone, 'gone', 'skipped', 'SUSPENDED']);
    expect(run.stderr).toContain('1 account skipped: SUSPENDED.');
  });
});

test('accounts are chosen by the names of OUs, which moto tells account by account', async () => {
  proxy.forget();
  const { code, report, stderr } = await atrestScan(proxy.url, keysOfA, rules, config(', include: [Root/Prod]'));
  expect(code, stderr).toBe(1);
  expect(states(report)).toEqual([
    [shop, 'shop', 'scanned', null],
    [gone, 'gone', 'skipped', 'SUSPENDED'],
  ]);
  expect(report.scope.accounts[0]?.path).toMatch(/^o-[^/]+\/r-[^/]+\/ou-[^/]+$/);
  expect(assumed()).toEqual([`arn:aws:iam::${shop}:role/AtrestAudit`]);
});
