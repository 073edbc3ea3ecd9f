import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseConfig } from '#config/load.js';
import { createWorld, type Estate, type EstateOptions } from '#estate/index.js';
import { readCell, type CallLine, type CellHeader } from '#inventory/cell-file.js';
import { readRun } from '#inventory/run-folder.js';
import { facetState, type FacetState, type ResourceRecord } from '#model/resources/index.js';
import { scanEstate } from '../support/scan-estate.js';
import { account, regions, smallWorld } from '../support/small-world.js';

const [home, away] = regions as [string, string];

interface Cell {
  readonly name: string;
  readonly header: CellHeader;
  readonly calls: ReadonlyMap<number, CallLine>;
  readonly records: readonly ResourceRecord[];
}

/** Every file of the inventory that holds resources, those of follow-ups too. */
async function cellsOf(run: string): Promise<readonly Cell[]> {
  const names = await readdir(join(run, 'inventory'), { recursive: true });
  const files = names.filter((name) => /\/[a-z0-9]+(\.followups)?\.ndjson\.gz$/.test(name)).sort();
  return Promise.all(
    files.map(async (name) => {
      const calls = new Map<number, CallLine>();
      const records: ResourceRecord[] = [];
      let header: CellHeader | undefined;
      for await (const part of readCell(join(run, 'inventory', name), (line) => calls.set(line.call, line))) {
        header ??= part.header;
        records.push(...part.records);
      }
      if (header === undefined) throw new Error(`${name} has no header`);
      return { name, header, calls, records };
    }),
  );
}

interface Seen {
  readonly cell: Cell;
  readonly record: ResourceRecord;
  readonly facet: string;
  readonly state: FacetState;
  readonly call: CallLine | undefined;
}

function facetsOf(cells: readonly Cell[]): readonly Seen[] {
  return cells.flatMap((cell) =>
    cell.records.flatMap((record) =>
      [...new Set([...Object.keys(record.facets), ...Object.keys(record.unread ?? {})])].flatMap((facet) => {
        const state = facetState(record, facet);
        const call = cell.calls.get(record.calls?.[facet] ?? 0);
        return state === undefined ? [] : [{ cell, record, facet, state, call }];
      }),
    ),
  );
}

const everything = parseConfig(
  'version: 1\nbaselines: { own: { extends: strict, rules: { s3/objects-match-default: [medium, { sample: 3 }] } } }\nassign: [{ baseline: own }]\n',
  'atrest.yaml',
).config;

/** One of each way in which a call ends badly, on facets of each sort. */
function troubled({ faults }: Estate): void {
  // Told to come back: a list, a list that several resources share, what is asked of one resource, of the account.
  for (const operation of ['ec2:DescribeVolumes', 'kms:ListAliases', 'kms:GetKeyPolicy', 's3:GetBucketPolicy'])
    faults.add({ operation, kind: 'throttle', times: 1 });
  faults.add({ operation: 'ec2:GetEbsDefaultKmsKeyId', region: home, kind: 'http503', times: 2 });
  faults.add({ operation: 'ec2:GetEbsEncryptionByDefault', region: away, kind: 'deny' });
  faults.add({ operation: 'kms:GetKeyRotationStatus', region: away, kind: 'deny' });
  faults.add({ operation: 'kms:ListAliases', region: away, page: 2, kind: 'deny' });
  faults.add({ operation: 's3:GetBucketLogging', kind: 'deny' });
  faults.add({ operation: 'kms:ListGrants', region: away, kind: 'emptyAnswer' });
  faults.add({ operation: 'kms:GetKeyRotationStatus', region: home, kind: 'dropField', field: 'KeyRotationEnabled' });
}

test('every facet of every resource names a call of its account and region that AWS answered under that request id', async () => {
  const world = smallWorld();
  for (const region of regions) {
    const aliases = Array.from({ length: 120 }, (_, n) => `alias/many-${String(n)}`);
    world.put(account, region, 'kms.key', { aliases });
  }
  await scanEstate(
    world,
    { config: everything, baseline: undefined, prepare: troubled, ruleGlobs: [] },
    async ({ path, estate }) => {
      const cells = await cellsOf(path);
      const answers = new Map(estate.log.map((answer) => [answer.requestId, answer]));
      const seen = facetsOf(cells);
      const without = seen.filter(({ call }) => call === undefined).map(({ record, facet }) => `${record.arn} ${facet}`);
      expect(without).toEqual([]);
      for (const { header, calls } of cells)
        for (const { operation, requestId, region, code } of calls.values()) {
          const answer = answers.get(requestId ?? '');
          const said = { account: header.account, region: region ?? header.region, operation };
          expect(answer, `${operation} ${String(requestId)}`).toMatchObject(said);
          // What AWS refused, and no other.
          expect((answer?.code ?? null) !== null || answer?.status === 404 || answer?.fault === 'emptyAnswer').toBe(
            code !== null || answer?.fault === 'emptyAnswer',
          );
        }

      // What AWS says of a bucket it says in the region of the bucket.
      const buckets = seen.filter(({ record, facet }) => record.kind === 's3.bucket' && facet === 'defaultEncryption');
      expect(new Set(buckets.map(({ record, call }) => `${record.region} ${String(call?.region)}`))).toEqual(
        new Set(regions.map((region) => `${region} ${region}`)),
      );

      // Each sort of facet, and how it stands.
      const standing = (kind: string, facet: string, where: string) =>
        seen.find((each) => each.record.kind === kind && each.facet === facet && each.record.region === where);
      const unread = (cause: string) => ({ state: 'unread', missing: { cause } });
      const cases: [kind: string, facet: string, where: string, state: object, call: object][] = [
        ['ebs.volume', 'details', home, { state: 'read' }, { operation: 'ec2:DescribeVolumes', code: null }],
        ['kms.key', 'policy', home, { state: 'read' }, { operation: 'kms:GetKeyPolicy', code: null }],
        ['kms.key', 'aliases', home, { state: 'read' }, { operation: 'kms:ListAliases', code: null }],
        ['ebs.defaults', 'defaultKey', home, { state: 'read' }, { operation: 'ec2:GetEbsDefaultKmsKeyId', attempts: 3 }],
        ['ebs.defaults', 'encryptionByDefault', away, unread('denied'), { code: 'UnauthorizedOperation', attempts: 1 }],
        ['kms.key', 'rotation', away, unread('denied'), { operation: 'kms:GetKeyRotationStatus', code: 'AccessDeniedException' }],
        ['kms.key', 'aliases', away, unread('denied'), { operation: 'kms:ListAliases', code: 'AccessDeniedException' }],
        ['kms.key', 'grants', away, unread('unreachable'), { operation: 'kms:ListGrants' }],
        ['kms.key', 'rotation', home, unread('absent-field'), { operation: 'kms:GetKeyRotationStatus', code: null }],
        ['s3.bucket', 'logging', home, unread('denied'), { operation: 's3:GetBucketLogging', code: 'AccessDenied' }],
        ['s3.bucket', 'objectEncryption', home, { state: 'read' }, { region: home }],
      ];
      for (const [kind, facet, where, state, call] of cases)
        expect(standing(kind, facet, where), `${kind} ${facet} ${where}`).toMatchObject({ state, call });

      // A call that AWS told to come back counts each time; its request id is that of the answer.
      for (const operation of ['ec2:DescribeVolumes', 'kms:ListAliases', 'kms:GetKeyPolicy', 's3:GetBucketPolicy']) {
        const tries = cells.flatMap(({ calls }) => [...calls.values()].filter((call) => call.operation === operation));
        const asked = estate.log.filter((call) => call.operation === operation).length;
        expect(tries.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(asked);
        expect(Math.max(...tries.map(({ attempts }) => attempts))).toBe(2);
      }

      // The pages of a list are found from the first of them, and so are the calls for each object of a bucket.
      const of = (name: string, operation: string) =>
        [...(cells.find((cell) => cell.name === name)?.calls.values() ?? [])].filter((call) => call.operation === operation);
      const pages = of(`${account}/${home}/kms.ndjson.gz`, 'kms:ListAliases');
      expect(pages.map(({ first }) => first)).toEqual([undefined, pages[0]?.call]);
      // What was listed names the page that it stood on.
      const listed = seen.filter(({ record }) => record.kind === 'kms.alias' && record.region === home);
      expect(new Set(listed.map(({ call }) => call?.call))).toEqual(new Set(pages.map(({ call }) => call)));
      const objects = of(`${account}/global/s3.ndjson.gz`, 's3:HeadObject');
      const first = new Map(objects.filter((call) => call.first === undefined).map(({ call, region }) => [region, call]));
      expect(objects.length).toBeGreaterThan(first.size);
      for (const { first: named, region, call } of objects) expect(named ?? call).toBe(first.get(region));
    },
  );
});

test.each([
  ['behind', -90],
  ['ahead of', 90],
])('a clock of AWS %s ours is named with the run and dates each call', async (_, seconds) => {
  const world = createWorld({ seed: 4 }).addAccount(account, { regions: [home] });
  world.put(account, home, 'kms.key', {});
  const estate: EstateOptions = { now: () => new Date(Date.now() + seconds * 1000) };
  await scanEstate(world, { ruleGlobs: ['kms/rotation-enabled'], services: ['kms'], estate }, async ({ path }) => {
    const { clock } = await readRun(path);
    // The Date header has whole seconds.
    expect(Math.abs((clock?.aheadSeconds ?? Number.NaN) + seconds)).toBeLessThanOrEqual(10);
    const calls = (await cellsOf(path)).flatMap((cell) => [...cell.calls.values()]);
    expect(calls.length).toBeGreaterThan(2);
    for (const { date, at } of calls)
      expect(Math.abs(Date.parse(date ?? '') - Date.parse(at ?? '') - seconds * 1000)).toBeLessThan(10_000);
  });
});
