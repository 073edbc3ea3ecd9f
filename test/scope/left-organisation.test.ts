import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createWorld, startEstate, type World } from '#estate/index.js';
import { catalogue } from '#index.js';
import type { Report } from '#model/report.js';
import { resume } from '#resume.js';
import { summaryText } from '#cli/summary.js';
import { useEstate } from '../support/scan-estate.js';
import { scanned } from './support.js';

const management = '111111111111';
const shop = '222222222222';
const lab = '444444444444';
const regions = ['us-east-1'];

function acme(...members: readonly string[]): World {
  const world = createWorld({ seed: 9 }).addAccount(management, { regions, management: true });
  for (const id of members) world.addAccount(id, { regions, roles: [{ name: 'Audit' }] });
  for (const id of world.accounts()) world.put(id, 'us-east-1', 'ebs.volume', { Encrypted: false });
  return world;
}

test('a resumed run reads the other accounts when one has left the organisation, and says so', async () => {
  const stopped = new AbortController();
  const hang = ({ faults }: Awaited<ReturnType<typeof startEstate>>) => {
    for (const account of [shop, lab]) faults.add({ kind: 'hang', operation: 'ec2:DescribeVolumes', account });
  };
  const { path } = await scanned(
    acme(shop, lab),
    {
      config: { version: 1, scope: { organization: { role: 'Audit', exclude: ['999999999999'] } } },
      terminated: stopped.signal,
      onProgress: ({ phase, cellsDone }) => {
        if (phase === 'crawl' && cellsDone === 1) stopped.abort();
      },
    },
    hang,
  );
  const later = await startEstate(acme(shop));
  try {
    useEstate(later);
    const result = await resume({
      catalogue,
      run: path,
      now: undefined,
      connection: {},
      workers: 1,
      onProgress: () => undefined,
    });
    const report = JSON.parse(await readFile(`${path}/report.json`, 'utf8')) as Report;
    expect(report.findings.map(({ account, verdict }) => `${account} ${verdict}`)).toEqual([
      `${management} fail`,
      `${shop} fail`,
      `${lab} unknown`,
    ]);
    expect(report.run.complete).toBe(false);
    expect(result.exitCode).toBe(3);
    expect(summaryText(result)).toContain(
      `Account ${lab} could not be entered again (not in the organisation any more): what had not been read of it stays unread.\n`,
    );
    expect(later.log.some(({ params }) => String(params['RoleArn']).includes(lab))).toBe(false);
  } finally {
    await later.close();
  }
});
