/**
 * Writes a run folder as a finished crawl leaves it, without the crawl: ten accounts, five regions, all cells
 * complete, with the writers that the crawler uses. Half are snapshots, a quarter volumes, a fifth databases and
 * their snapshots, the rest buckets and keys; about one resource in twenty fails a rule.
 */
import { askedFacets } from '#collect/asked.js';
import { builtIn } from '#collect/registry.js';
import { cellPath, CellWriter, type CellFooter } from '#inventory/cell-file.js';
import { EdgeCollector, edgesVersion, lookupsSignature, writeEdges, type LookedUp } from '#inventory/edges-file.js';
import { writeFollowUpPlan } from '#inventory/follow-up-plan.js';
import { createRunFolder, writeRun, type RunCell } from '#inventory/run-folder.js';
import { compareCells, services, type Place, type Service } from '#model/place.js';
import { serviceOfKind, type Kind, type ResourceRecord } from '#model/resources/index.js';
import { catalogue } from '#index.js';
import { judgementOf, runLookups } from '#judgement.js';
import { toolVersion } from '#version.js';
import { ebsDefaults, snapshot, volume } from './ec2.js';
import { customerKey, keyArnOf, managedKey } from './kms.js';
import { Calls, type Ground } from './place.js';
import { Random } from './random.js';
import { database, databaseSnapshot } from './rds.js';
import { bucket } from './s3.js';

const accounts = Array.from({ length: 10 }, (_, index) => String(100_000_000_001 + index * 11_111_111_111));
const regions = ['ap-southeast-2', 'eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2'];
const partition = 'aws';
const now = '2026-11-23T04:50:00.000Z';

/** Parts of a thousand resources. */
const mix = {
  snapshots: 500,
  volumes: 250,
  instances: 30,
  clusters: 10,
  dbSnapshots: 120,
  clusterSnapshots: 40,
  buckets: 30,
  keys: 20,
};

/** Makes the run folder and answers how many resources it holds. */
export async function writeRunFolder(path: string, size: number): Promise<number> {
  await createRunFolder(path);
  const judgement = judgementOf(catalogue, {
    accounts: accounts.map((id) => ({ id, path: null, baseline: 'recommended' })),
    ruleGlobs: [],
    frameworks: [],
    config: {},
  });
  const asked = askedFacets(catalogue.rules, builtIn.kinds, { tags: true });
  const cells: RunCell[] = [];
  let written = 0;
  const perRegion = size / accounts.length / regions.length;
  for (const account of accounts) {
    const grounds = groundsOf(account, perRegion);
    for (const service of services) {
      const facets = Object.fromEntries(
        [...asked].flatMap(([kind, names]) => (serviceOfKind[kind] === service ? [[kind, [...names].sort()]] : [])),
      );
      const cellsOf =
        service === 's3'
          ? [{ region: 'global', grounds }]
          : grounds.map((ground) => ({ region: ground.place.region, grounds: [ground] }));
      for (const { region, grounds: within } of cellsOf) {
        const cell = { account, region, service, asked: facets };
        cells.push(cell);
        written += await writeCell(path, cell, within, perRegion, runLookups(judgement));
      }
    }
  }
  await writeRun(path, {
    schemaVersion: '1.0',
    id: 'bench',
    startedAt: now,
    now,
    tool: { name: 'atrest', version: toolVersion },
    partition,
    homeRegion: 'us-east-1',
    caller: `arn:aws:sts::${accounts[0] ?? ''}:assumed-role/AtrestAudit/bench`,
    role: null,
    accounts: accounts.map((id) => ({
      id,
      name: null,
      path: null,
      state: 'scanned',
      reason: null,
      code: null,
      gap: null,
      caller: null,
      baseline: 'recommended',
      regions,
      disabledRegions: [],
    })),
    services,
    rules: [],
    frameworks: [],
    plugins: [],
    config: { version: 1, scope: { accounts, role: 'AtrestAudit' } },
    cells: cells.sort(compareCells),
    options: {
      formats: ['json', 'html'],
      includePass: false,
      explain: false,
      failOn: 'never',
      allowIncomplete: false,
      maxRps: null,
    },
  });
  await writeFollowUpPlan(path, []);
  return written;
}

interface RegionGround extends Ground {
  readonly keyIds: readonly string[];
  readonly snapshotIds: readonly string[];
}

/** Ids first, so that what is made later can refer to them. */
function groundsOf(account: string, perRegion: number): readonly RegionGround[] {
  const laidOut = regions.map((region, index) => {
    const random = new Random((Number(account) % 1_000_003) + index * 7919);
    const place: Place = { partition, account, region };
    const keyIds = Array.from({ length: countOf('keys', perRegion) }, () => random.uuid());
    const snapshotIds = Array.from({ length: countOf('snapshots', perRegion) }, () => `snap-${random.hex(17)}`);
    return { random, place, keyIds, snapshotIds, keys: keyIds.map((id) => keyArnOf(place, id)) };
  });
  return laidOut.map((ground) => ({
    ...ground,
    sources: laidOut.flatMap(({ place: { region }, snapshotIds }) =>
      region === ground.place.region ? [] : snapshotIds.map((snapshotId) => ({ region, snapshotId })),
    ),
  }));
}

function countOf(what: keyof typeof mix, perRegion: number): number {
  return Math.max(1, Math.round((mix[what] * perRegion) / 1000));
}

async function writeCell(
  run: string,
  cell: RunCell,
  grounds: readonly RegionGround[],
  perRegion: number,
  lookups: LookedUp,
): Promise<number> {
  const { account, region, service, asked } = cell;
  const writer = new CellWriter(cellPath(run, cell), { cell: '1.0', account, region, service, partition, asked });
  const edges = new EdgeCollector({ partition, account, region }, lookups);
  let count = 0;
  let footer: CellFooter | undefined;
  for (const ground of grounds) {
    const calls = new Calls(ground.random, (line) => {
      writer.call(line);
    });
    for (const record of resources[service](ground, perRegion, calls)) {
      count += 1;
      writer.resource(record);
      edges.add(record);
      if (count % 10_000 === 0) await writer.settled();
    }
  }
  await writer.close((counts) => {
    const lists = (Object.keys(asked) as Kind[]).map((kind) => ({
      kind,
      complete: true,
      count: counts.get(kind) ?? 0,
      missing: null,
    }));
    return (footer = {
      footer: true,
      account,
      region,
      service,
      state: 'complete',
      reason: null,
      operations: [],
      lists,
      unread: [],
      sources: [],
    });
  });
  if (footer === undefined) throw new Error('the cell was closed without a footer');
  await writeEdges(
    cellPath(run, cell, '.edges'),
    { edges: edgesVersion, account, region, service, partition, lookups: lookupsSignature(lookups) },
    edges,
    footer,
  );
  return count;
}

type Make = (ground: RegionGround, perRegion: number, calls: Calls) => Iterable<ResourceRecord>;

const resources: Readonly<Record<Service, Make>> = {
  *ec2(ground, perRegion, calls) {
    calls.made('ec2:DescribeVolumes');
    calls.made('ec2:DescribeSnapshots');
    calls.made('ec2:DescribeSnapshots');
    yield ebsDefaults(ground, calls);
    for (let i = 0; i < countOf('volumes', perRegion); i += 1) yield volume(ground);
    for (const id of ground.snapshotIds) yield snapshot(ground, id);
  },
  *kms({ place, random, keyIds }, _perRegion, calls) {
    calls.made('kms:ListKeys');
    calls.made('kms:ListAliases');
    for (const service of ['ebs', 'rds']) yield managedKey(place, random.uuid(), service);
    for (const [index, id] of keyIds.entries()) yield customerKey(place, random, id, index, calls);
  },
  *rds(ground, perRegion, calls) {
    for (const operation of ['rds:DescribeDBInstances', 'rds:DescribeDBClusters', 'rds:DescribeDBSnapshots'])
      calls.made(operation);
    for (let i = 0; i < countOf('instances', perRegion); i += 1) yield database(ground, 'rds.instance', i);
    for (let i = 0; i < countOf('clusters', perRegion); i += 1) yield database(ground, 'rds.cluster', i);
    for (let i = 0; i < countOf('dbSnapshots', perRegion); i += 1) yield databaseSnapshot(ground, 'rds.snapshot', i);
    for (let i = 0; i < countOf('clusterSnapshots', perRegion); i += 1) yield databaseSnapshot(ground, 'rds.cluster-snapshot', i);
  },
  *s3(ground, perRegion, calls) {
    calls.made('s3:ListBuckets');
    for (let i = 0; i < countOf('buckets', perRegion); i += 1) yield bucket(ground, i, calls);
  },
};
