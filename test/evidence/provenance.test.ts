import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createWorld } from '#estate/index.js';
import type { CallLine } from '#inventory/cell-file.js';
import type { RunDocument } from '#inventory/run-folder.js';
import { scanEstate } from '../support/scan-estate.js';

const [own, hub, shop, closed] = ['111111111111', '222222222222', '333333333333', '444444444444'];
const region = 'eu-west-1';
/** By how much the clock of the estate is behind that of the machine. */
const behindSeconds = 90;

test('a run says as whom, when and at which attempt each thing was asked, and what was asked for and reached', async () => {
  const world = createWorld({ seed: 4 }).addAccount(own, { regions: [region, 'us-east-1'] });
  for (const id of [hub, shop, closed]) world.addAccount(id, { regions: [region, 'us-east-1'] });
  world.addRole(hub, { name: 'Hub', trusts: [own] }).addRole(shop, { name: 'Audit', trusts: [hub] });
  for (const id of [own, shop]) world.put(id, region, 'kms.key', {});
  const through = `arn:aws:iam::${hub}:role/Hub`;
  const scan = {
    config: { version: 1 as const, scope: { accounts: [own, shop, closed], role: 'Audit', through, sessionName: 'night' } },
    regions: [region],
    services: ['kms' as const],
    ruleGlobs: ['kms/rotation-enabled'],
    estate: { now: () => new Date(Date.now() - behindSeconds * 1000) },
  };
  const prepare = ({ faults }: { faults: { add(rule: object): unknown } }) =>
    void faults.add({ account: shop, operation: 'kms:ListKeys', kind: 'throttle', times: 1 });
  const began = Date.now();
  await scanEstate(world, { ...scan, prepare }, async ({ path, report }) => {
    const run = JSON.parse(await readFile(join(path, 'run.json'), 'utf8')) as RunDocument;
    const who = `arn:aws:iam::${own}:user/estate`;
    const sessions = [`arn:aws:sts::${hub}:assumed-role/Hub/night`, `arn:aws:sts::${shop}:assumed-role/Audit/night`] as const;
    expect(run).toMatchObject({ caller: who, asked: { regions: [region], services: ['kms'] } });
    const accounts = new Map(
      run.accounts.map(({ id, state, caller, chain, regions }) => [id, { state, caller, chain, regions }]),
    );
    expect(accounts.get(own)).toEqual({ state: 'scanned', caller: who, chain: [who], regions: [region] });
    expect(accounts.get(shop)).toMatchObject({ state: 'scanned', caller: sessions[1], regions: [region] });
    expect(accounts.get(shop)?.chain).toEqual([who, ...sessions]);
    expect(accounts.get(closed)).toMatchObject({ state: 'failed', caller: null });
    expect(report.scope.accounts.map(({ id, state }) => [id, state])).toEqual(run.accounts.map(({ id, state }) => [id, state]));

    // Seconds, as AWS dates its answers: what passed since a second began counts too.
    expect(run.clock?.aheadSeconds).toBeGreaterThanOrEqual(behindSeconds);
    expect(run.clock?.aheadSeconds).toBeLessThan(behindSeconds + 10);

    const file = await readFile(join(path, `inventory/${shop}/${region}/kms.ndjson.gz`));
    const lines = gunzipSync(file)
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Partial<CallLine>);
    const calls = lines.filter(({ call }) => call !== undefined) as CallLine[];
    expect(calls.map(({ operation, attempts }) => [operation, attempts])).toContainEqual(['kms:ListKeys', 2]);
    expect(new Set(calls.map(({ requestId }) => requestId)).size).toBe(calls.length);
    for (const { requestId, date, at } of calls) {
      expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
      const ours = Date.parse(at ?? '');
      expect(ours).toBeGreaterThanOrEqual(began);
      expect(ours).toBeLessThanOrEqual(Date.now());
      expect(Math.abs(ours - Date.parse(date ?? '') - behindSeconds * 1000)).toBeLessThan(10_000);
    }
  });
});
