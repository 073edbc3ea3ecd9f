import { expect } from 'vitest';
import { kinds, organisationWorld, type CallRecord, type World } from '#estate/index.js';
import { cellPath, readCell } from '#inventory/cell-file.js';
import { readRun } from '#inventory/run-folder.js';
import { quotaOf } from '#aws/quotas.js';
import { scanEstate } from './scan-estate.js';

/** Scans an organisation under the published quotas and holds what was read against what its accounts hold. */
export async function expectOrganisation({ accounts, latencyMs }: { accounts: number; latencyMs: number }): Promise<void> {
  const world = organisationWorld({ accounts });
  const config = { version: 1, scope: { accounts: world.accounts(), role: 'AtrestAudit' } } as const;
  const estate = { latencyMs, quotas: true, logLimit: 1_000_000 };
  await scanEstate(world, { estate, config, baseline: undefined, includePass: false, explain: false }, async (scanned) => {
    const { path, result, estate: asked } = scanned;
    expect(result.header.run.complete).toBe(true);
    const [read, there] = [await inventoryOf(path), groundTruth(world)];
    expect(
      read.filter((each, index) => each === read[index - 1]),
      'nothing is there twice',
    ).toEqual([]);
    expect(difference(there, read), 'nothing is missing').toEqual([]);
    expect(difference(read, there), 'nothing is made up').toEqual([]);
    const throttled = asked.log.filter(({ code }) => code !== undefined && /Throttl|RequestLimitExceeded|SlowDown/.test(code));
    expect(throttled.length / asked.log.length).toBeLessThanOrEqual(0.01);
    expect(asked.log.filter(({ operation }) => operation === 'sts:AssumeRole')).toHaveLength(accounts - 1);
    expectQuotas(asked.log);
  });
}

/** `ACCOUNT REGION KIND ID`, sorted, of all that the run holds. */
async function inventoryOf(path: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const cell of (await readRun(path)).cells) {
    for await (const { records } of readCell(cellPath(path, cell))) {
      for (const { kind, arn, region, name } of records) {
        if (!(kind in compared)) continue;
        const id = kind === 's3.bucket' ? name : (arn.split(/[/:]/).at(-1) ?? arn);
        found.push(`${cell.account} ${region} ${kind} ${id}`);
      }
    }
  }
  return found.sort();
}

/** Kinds that are held against the estate, with the field that names one there. */
const compared: Readonly<Record<string, string>> = {
  'kms.key': 'KeyId',
  's3.bucket': 'Name',
  'ebs.volume': 'VolumeId',
  'ebs.snapshot': 'SnapshotId',
  'rds.instance': 'DBInstanceIdentifier',
  'rds.cluster': 'DBClusterIdentifier',
  'rds.snapshot': 'DBSnapshotIdentifier',
  'rds.cluster-snapshot': 'DBClusterSnapshotIdentifier',
};

function groundTruth(world: World): readonly string[] {
  const found: string[] = [];
  for (const account of world.accounts())
    for (const region of world.regions(account))
      for (const kind of kinds) {
        const field = compared[kind];
        if (field === undefined) continue;
        for (const item of world.items(account, region, kind)) {
          const id = (item as unknown as Readonly<Record<string, string>>)[field]?.split(':').at(-1) ?? '';
          found.push(`${account} ${region} ${kind} ${id}`);
        }
      }
  return found.sort();
}

function difference(all: readonly string[], less: readonly string[]): readonly string[] {
  const there = new Set(less);
  return all.filter((each) => !there.has(each)).slice(0, 10);
}

/** No operation of an account and region came more often in any second than its published quota gives out in one. */
function expectQuotas(log: readonly CallRecord[]): void {
  const times = new Map<string, number[]>();
  for (const { account, region, operation, at } of log) {
    const id = `${account}/${region}/${operation}`;
    const list = times.get(id) ?? [];
    list.push(at);
    times.set(id, list);
  }
  for (const [id, all] of times) {
    const { rate, burst, published } = quotaOf(id.slice(id.lastIndexOf('/') + 1));
    if (!published) continue;
    all.sort((a, b) => a - b);
    let from = 0;
    let most = 0;
    for (const [to, at] of all.entries()) {
      while (at - (all[from] ?? at) >= 1000) from += 1;
      most = Math.max(most, to - from + 1);
    }
    expect(most, id).toBeLessThanOrEqual(rate + burst);
  }
}
