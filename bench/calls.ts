/**
 * calls: the calls that a scan made, as the estate logged them, against the plan computed from the facets and the
 * finished inventory. Both are compared by account, region and operation, so that one too many cannot hide behind
 * one too few; nothing is throttled or refused here, hence there are no retries.
 */
import { createWorld, startEstate, type World } from '#estate/index.js';
import { planFromInventory } from '#plan/from-inventory.js';
import { scanEstate, useEstate } from './estate-run.js';
import { measurement, type Benchmark } from './measurement.js';

const accounts = ['111111111111', '222222222222'];
const regions = ['ap-northeast-2', 'eu-west-1', 'us-east-1'];

export const callsBenchmark: Benchmark = {
  name: 'calls',
  async run() {
    const estate = await startEstate(world());
    try {
      useEstate(estate.url, estate.credentialsFor(accounts[0] ?? ''));
      return await scanEstate(accounts, async (run, { result }) => {
        const made = tally(estate.log);
        const planned = await planFromInventory(run);
        const differing = [...new Set([...made.keys(), ...planned.keys()])].filter((id) => made.get(id) !== planned.get(id));
        for (const id of differing.sort())
          process.stderr.write(`  ${id}: made ${String(made.get(id) ?? 0)}, planned ${String(planned.get(id) ?? 0)}\n`);
        const note = `${String(result.header.summary.resources)} resources; ${String(differing.length)} of ${String(planned.size)} counts differ`;
        return [
          measurement({
            name: 'calls against the plan',
            value: sum(made),
            unit: 'calls',
            against: sum(planned),
            wanted: { is: '=', than: 1 },
            note,
          }),
          measurement({
            name: 'counts that are as planned',
            value: planned.size - differing.length,
            unit: 'counts',
            against: planned.size,
            wanted: { is: '=', than: 1 },
            note: 'by account, region and operation',
          }),
        ];
      });
    } finally {
      await estate.close();
    }
  },
};

/** Enough of everything for second pages of volumes, databases and aliases, and for each kind of per-resource call. */
function world(): World {
  const made = createWorld({ seed: 7 });
  for (const account of accounts) made.addAccount(account, { regions, roles: [{ name: 'AtrestAudit' }] });
  made.addAccount('999999999999', { regions, member: false });
  for (const account of accounts) {
    made.generate(account, 'us-east-1', {
      'kms.key': 160,
      's3.bucket': 60,
      'ebs.volume': 600,
      'ebs.snapshot': 1200,
      'ec2.image': 20,
      'rds.instance': 40,
      'rds.cluster': 12,
      'rds.snapshot': 130,
      'rds.cluster-snapshot': 20,
    });
    made.generate(account, 'eu-west-1', {
      'kms.key': 30,
      's3.bucket': 20,
      'ebs.volume': 40,
      'ebs.snapshot': 120,
      'rds.snapshot': 40,
    });
    made.set(account, 'eu-west-1', { snapshotBlockPublicAccess: 'block-all-sharing' });
  }
  return made;
}

function tally(log: readonly { account: string; region: string; operation: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { account, region, operation } of log) {
    const id = `${account}/${region}/${operation}`;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
