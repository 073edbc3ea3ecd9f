import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createWorld, startEstate, type Estate, type PolicyDocument, type World } from '#estate/index.js';
import { catalogue, evaluate } from '#index.js';
import { push, type PushOptions, type PushResult } from '#push.js';
import { scan } from '#scan.js';
import { scanOptions, useEstate, type ScanOverrides } from '../support/scan-estate.js';

const A = '111111111111';
const B = '222222222222';
const [US, EU] = ['us-east-1', 'eu-west-1'] as const;
const config = { version: 1 as const, scope: { accounts: [A, B], role: 'AtrestAudit' } };

let world: World;
let estate: Estate;
let folder: string;
let runs = 0;
/** A run of the world as every test finds it. */
let first: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atrest-push-'));
  await makeWorld();
  first = await scanned();
  await estate.close();
});
beforeEach(async () => {
  runs = 1;
  await makeWorld();
});
afterEach(() => estate.close());
afterAll(() => rm(folder, { recursive: true }));

/** Two accounts with Security Hub in both regions, a plain volume in each of A's and one in B, a bucket in EU. */
async function makeWorld(): Promise<void> {
  world = createWorld({ seed: 5 });
  for (const id of [A, B]) {
    world.addAccount(id, { regions: [US, EU], roles: [{ name: 'AtrestAudit' }, { name: 'AtrestPush' }] });
    for (const region of [US, EU]) world.set(id, region, { securityHub: true });
  }
  volume(A, US, 'vol-a0000000000000001');
  volume(A, EU, 'vol-a0000000000000002');
  volume(B, EU, 'vol-b0000000000000001');
  world.put(A, EU, 's3.bucket', { Name: 'in-eu' });
  estate = await startEstate(world);
  useEstate(estate, A);
}

function volume(account: string, region: string, VolumeId: string, Encrypted = false): void {
  world.put(account, region, 'ebs.volume', { VolumeId, Encrypted });
}

/** A scan, a day after the one before. */
async function scanned(overrides: ScanOverrides = {}): Promise<string> {
  runs += 1;
  const run = await mkdtemp(join(folder, 'run-'));
  await scan({
    ...scanOptions(run, { config, ruleGlobs: ['ebs/volume-encrypted', 's3/default-encryption-kms'], formats: [] }),
    now: new Date(Date.UTC(2026, 10, runs, 4)),
    includePass: false,
    explain: false,
    ...overrides,
  });
  return run;
}

async function pushed(run: string, options: Partial<PushOptions> = {}): Promise<PushResult> {
  estate.log.length = 0;
  const defaults = {
    catalogue,
    config: undefined,
    role: undefined,
    regions: [],
    dryRun: false,
    now: new Date(Date.UTC(2026, 10, runs, 12)),
    connection: {},
  };
  return push({ ...defaults, run, ...options });
}

const totals = ({ places, exitCode }: PushResult) => {
  const sum = (name: 'imported' | 'passed' | 'archived' | 'upToDate') => places.reduce((total, place) => total + place[name], 0);
  const failed = places.reduce((total, { failures }) => total + failures.length, 0);
  return [sum('imported'), sum('passed'), sum('archived'), sum('upToDate'), failed, exitCode];
};

interface Held {
  readonly [field: string]: unknown;
  readonly Id: string;
  readonly Resources: readonly { readonly Id: string }[];
  readonly RecordState: string;
  readonly CreatedAt: string;
  readonly Compliance: { readonly Status: string };
}

/** What Security Hub holds there, as resource, status and record state. */
function held(account: string, region: string): readonly string[] {
  return [...world.region(account, region).hubFindings.values()]
    .map((finding) => finding as unknown as Held)
    .map(
      ({ Resources, Compliance, RecordState }) =>
        `${Resources[0]?.Id.split(/[/:]/).at(-1) ?? ''} ${Compliance.Status} ${RecordState}`,
    )
    .sort();
}

const one = (account: string, region: string, part: string): Held =>
  [...world.region(account, region).hubFindings.values()].find((finding) =>
    JSON.stringify(finding['Resources']).includes(part),
  ) as unknown as Held;

const imports = () => estate.log.filter(({ operation }) => operation === 'securityhub:BatchImportFindings');

describe('a first push', () => {
  test('imports each finding from its own account into its own region, a bucket into the one where it lies', async () => {
    expect(totals(await pushed(first))).toEqual([4, 0, 0, 0, 0, 0]);
    expect(held(A, US)).toEqual(['vol-a0000000000000001 FAILED ACTIVE']);
    expect(held(A, EU)).toEqual(['in-eu FAILED ACTIVE', 'vol-a0000000000000002 FAILED ACTIVE']);
    expect(held(B, EU)).toEqual(['vol-b0000000000000001 FAILED ACTIVE']);
    expect(held(B, US)).toEqual([]);
    expect(
      imports()
        .map(({ account, region }) => `${account}/${region}`)
        .sort(),
    ).toEqual([`${A}/${EU}`, `${A}/${US}`, `${B}/${EU}`]);
  });

  test('goes out in batches of 100 at most', async () => {
    for (let index = 0; index < 230; index += 1) volume(B, US, `vol-c${String(index).padStart(16, '0')}`);
    expect(totals(await pushed(await scanned(), { regions: [US] }))).toEqual([231, 0, 0, 0, 0, 0]);
    const sizes = imports().map(({ params }) => (params['Findings'] as unknown[]).length);
    expect(sizes.sort((a, b) => b - a)).toEqual([100, 100, 30, 1]);
  });

  test('waits when it is throttled', async () => {
    estate.faults.add({ kind: 'throttle', operation: 'securityhub:*', times: 2 });
    expect(totals(await pushed(first))).toEqual([4, 0, 0, 0, 0, 0]);
  });

  test('a dry run reads, says what it would do, and sends nothing', async () => {
    expect(totals(await pushed(first, { dryRun: true }))).toEqual([4, 0, 0, 0, 0, 0]);
    expect(estate.log.some(({ operation }) => operation === 'securityhub:GetFindings')).toBe(true);
    expect(imports()).toEqual([]);
    expect(held(A, EU)).toEqual([]);
  });

  test('goes with the role that is named for it', async () => {
    await pushed(first, { role: 'AtrestPush' });
    const roles = estate.log.filter(({ operation }) => operation === 'sts:AssumeRole').map(({ params }) => params['RoleArn']);
    expect(roles).toEqual([`arn:aws:iam::${B}:role/AtrestPush`]);
  });

  test('needs no more than the policy that its page shows', async () => {
    const page = await readFile(new URL('../../docs/security-hub.md', import.meta.url), 'utf8');
    const policy = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '') as PolicyDocument;
    world.permit(B, [policy]);
    expect(totals(await pushed(first, { role: 'AtrestPush' }))).toEqual([4, 0, 0, 0, 0, 0]);
  });

  test('a region that the run does not have is a mistake', async () => {
    await expect(pushed(first, { regions: ['eu-west-2'] })).rejects.toMatchObject({
      message: 'The run has nothing in the region eu-west-2',
      hint: 'Did you mean eu-west-1?',
      code: 'usage',
    });
  });
});

describe('what is not taken', () => {
  test('is named, and the rest goes on', async () => {
    const run = first;
    await pushed(run, { regions: [US] });
    const { Id } = one(A, US, 'vol-a0000000000000001');
    world.region(A, US).hubFindings.clear();
    world.region(A, US).hubRefusals.add(Id);
    const result = await pushed(run);
    expect(totals(result)).toEqual([3, 0, 0, 0, 1, 3]);
    expect(result.places.flatMap(({ failures }) => failures)).toEqual([
      { id: Id, code: 'InternalError', message: 'Internal server error.' },
    ]);
  });

  test('Security Hub not enabled is a failure only where there is something to send', async () => {
    world.set(A, EU, { securityHub: false });
    world.set(B, US, { securityHub: false });
    const result = await pushed(first);
    expect(totals(result)).toEqual([2, 0, 0, 0, 2, 3]);
    expect(
      result.places.flatMap(({ account, region, problem }) => (problem === null ? [] : [[account, region, problem]])),
    ).toEqual([[A, EU, `Security Hub is not enabled in ${EU} of ${A}, or the role may not use it (InvalidAccessException)`]]);
  });

  test('an account that cannot be entered fails alone', async () => {
    const run = first;
    world.addRole(B, { name: 'AtrestAudit', assumable: false });
    const result = await pushed(run);
    expect(totals(result)).toEqual([3, 0, 0, 0, 1, 3]);
    expect(result.places.find(({ account, region }) => account === B && region === EU)?.problem).toMatch(
      /^The account could not be entered: sts:AssumeRole/,
    );
  });

  test('without the right to read what is there, nothing is sent: its times would be lost', async () => {
    const run = first;
    world.deny({ account: A, region: EU, operation: 'securityhub:GetFindings' });
    const result = await pushed(run);
    expect(totals(result)).toEqual([2, 0, 0, 0, 2, 3]);
    expect(imports().some(({ account, region }) => account === A && region === EU)).toBe(false);
  });

  test('a refusal is not asked again for every batch', async () => {
    for (let index = 0; index < 230; index += 1) volume(A, US, `vol-c${String(index).padStart(16, '0')}`);
    const run = await scanned();
    world.deny({ account: A, region: US, operation: 'securityhub:BatchImportFindings' });
    const result = await pushed(run, { regions: [US] });
    expect(totals(result)).toEqual([0, 0, 0, 0, 231, 3]);
    expect(imports()).toHaveLength(1);
  });
});

describe('a later push', () => {
  test('of the same run sends nothing', async () => {
    await pushed(first);
    expect(totals(await pushed(first))).toEqual([0, 0, 0, 4, 0, 0]);
    expect(imports()).toEqual([]);
  });

  test('keeps ids and times; what is fixed passes, what is gone is archived, what the customer wrote stays', async () => {
    await pushed(first);
    const before = one(A, US, 'vol-a0000000000000001');
    const note = { Text: 'ours to mend', UpdatedBy: 'ada', UpdatedAt: '2026-11-01T05:00:00Z' };
    Object.assign(world.region(A, US).hubFindings.get(before.Id) ?? {}, { Workflow: { Status: 'NOTIFIED' }, Note: note });
    volume(A, EU, 'vol-a0000000000000002', true);
    world.remove(B, EU, 'ebs.volume', 'vol-b0000000000000001');
    expect(totals(await pushed(await scanned()))).toEqual([2, 1, 1, 0, 0, 0]);
    expect(held(A, EU)).toEqual(['in-eu FAILED ACTIVE', 'vol-a0000000000000002 PASSED ACTIVE']);
    expect(held(B, EU)).toEqual(['vol-b0000000000000001 FAILED ARCHIVED']);
    expect(one(A, US, 'vol-a0000000000000001')).toMatchObject({
      Id: before.Id,
      CreatedAt: before.CreatedAt,
      FirstObservedAt: '2026-11-01T04:00:00.000Z',
      UpdatedAt: '2026-11-02T12:00:00.000Z',
      LastObservedAt: '2026-11-02T04:00:00.000Z',
      Workflow: { Status: 'NOTIFIED' },
      Note: note,
    });
    expect(one(B, EU, 'vol-b')).toMatchObject({ CreatedAt: '2026-11-01T04:00:00.000Z', Title: expect.any(String) as unknown });
  });

  test('what comes back is active again, and as old as it was', async () => {
    await pushed(first);
    world.remove(B, EU, 'ebs.volume', 'vol-b0000000000000001');
    await pushed(await scanned());
    volume(B, EU, 'vol-b0000000000000001');
    await pushed(await scanned());
    expect(held(B, EU)).toEqual(['vol-b0000000000000001 FAILED ACTIVE']);
    expect(one(B, EU, 'vol-b').CreatedAt).toBe('2026-11-01T04:00:00.000Z');
  });

  test('of a run that was judged again sends what came out differently, whatever the clock says', async () => {
    await pushed(first);
    const run = await mkdtemp(join(folder, 'again-'));
    const judged = { baseline: 'recommended', frameworks: undefined, ruleGlobs: undefined };
    const shown = { formats: [], failOn: 'never' as const, allowIncomplete: true, includePass: false, explain: false };
    await evaluate({ catalogue, run: first, out: run, now: undefined, ...judged, ...shown });
    expect(totals(await pushed(run, { now: new Date(0) }))).toEqual([4, 0, 0, 0, 0, 0]);
    expect(one(A, US, 'vol-a0000000000000001')).toMatchObject({
      CreatedAt: '2026-11-01T04:00:00.000Z',
      ProductFields: { 'atrest/baseline': 'recommended' },
    });
  });

  test('of an older run changes nothing of what a newer one wrote', async () => {
    volume(B, EU, 'vol-b0000000000000002');
    await pushed(await scanned());
    const there = held(B, EU);
    expect(totals(await pushed(first))).toEqual([0, 0, 0, 4, 0, 0]);
    expect(held(B, EU)).toEqual(there);
    // Nor does it bring back what the newer one archived.
    world.remove(B, EU, 'ebs.volume', 'vol-b0000000000000001');
    await pushed(await scanned());
    await pushed(first);
    expect(held(B, EU)).toContain('vol-b0000000000000001 FAILED ARCHIVED');
  });
});

describe('nothing is archived', () => {
  /** Pushes a run that has four findings, takes their resources away, and pushes another. */
  async function afterwards(overrides: ScanOverrides, prepare: () => void = () => undefined): Promise<unknown> {
    await pushed(first);
    world.remove(A, US, 'ebs.volume', 'vol-a0000000000000001');
    world.remove(A, EU, 'ebs.volume', 'vol-a0000000000000002');
    world.remove(B, EU, 'ebs.volume', 'vol-b0000000000000001');
    world.remove(A, EU, 's3.bucket', 'in-eu');
    prepare();
    return totals(await pushed(await scanned({ allowIncomplete: true, ...overrides })));
  }

  test('but what was read completely and is not there', async () => {
    expect(await afterwards({})).toEqual([0, 0, 4, 0, 0, 0]);
  });

  test('where the list could not be read', async () => {
    const deny = () => void world.deny({ account: A, region: EU, operation: 'ec2:DescribeVolumes' });
    // The list that failed is a finding of its own.
    expect(await afterwards({}, deny)).toEqual([1, 0, 3, 0, 0, 0]);
    expect(held(A, EU)).toContain('vol-a0000000000000002 FAILED ACTIVE');
  });

  test('of regions that were not asked for, buckets there included', async () => {
    expect(await afterwards({ regions: [US] })).toEqual([0, 0, 1, 0, 0, 0]);
  });

  test("that is not ours: another product's, another format's, one with an id or a rule like ours", async () => {
    await pushed(first);
    const ours = one(A, US, 'vol-a0000000000000001');
    const hub = world.region(A, US).hubFindings;
    const fields = ours['ProductFields'] as Record<string, string>;
    const strange = [
      { ...ours, Id: 'their/1', ProductFields: { theirs: '1' } },
      { ...ours, Id: 'their/2', ProductFields: { ...fields, 'atrest/format': '2' } },
      { ...ours, Id: `${ours.Id}0` },
      { ...ours, Id: 'atrest/1', GeneratorId: 'atrest/ebs/volume', ProductFields: { ...fields, 'atrest/finding': '1' } },
    ];
    hub.clear();
    for (const each of strange) hub.set(each.Id, { ...each });
    world.remove(A, US, 'ebs.volume', 'vol-a0000000000000001');
    await pushed(await scanned());
    expect(new Set(held(A, US))).toEqual(new Set(['vol-a0000000000000001 FAILED ACTIVE']));
    expect(hub.size).toBe(strange.length);
  });
});
