import { join } from 'node:path';
import { findingsFile, summaryFile, writeRun, type RunDocument } from '#inventory/run-folder.js';
import { LineWriter, writeWhole } from '#inventory/lines.js';
import { serviceOfKind, type Kind } from '#model/resources/index.js';
import type { Finding, ReportHeader } from '#model/report.js';
import type { PassLine } from '#outcome-patterns.js';
import { findingId } from '#model/finding.js';
import { emptyReport, finding, fixtureRules } from './report-parts.js';

const account = '111111111111';
const region = 'eu-central-1';

/** A finding with the id that is its own. */
export function fail(rule: string, name: string, given: Partial<Finding> = {}): Finding {
  const resource = `arn:aws:ec2:${region}:${account}:volume/${name}`;
  return finding({ id: findingId(rule, resource, account, region), rule, resource, name, ...given });
}

/** Writes a finished run of one account without its inventory, as `evaluate` leaves it. */
export async function writeStoredRun(
  path: string,
  {
    findings,
    passes = [],
    header = {},
    config = { version: 1 },
  }: {
    readonly findings: Iterable<Finding>;
    readonly passes?: readonly Pick<PassLine, 'pass' | 'resources'>[];
    readonly header?: Partial<ReportHeader>;
    readonly config?: unknown;
  },
): Promise<string> {
  const { findings: _, ...empty } = emptyReport();
  const file = new LineWriter(join(path, findingsFile));
  for (const { id, ...each } of findings) {
    // Lines of findings are known by how they begin.
    file.write(JSON.stringify({ id, ...each }));
    if (file.full) await file.drained();
  }
  for (const each of passes)
    file.write(JSON.stringify({ pass: each.pass, kind: 'ebs.volume', account, region, resources: each.resources }));
  await file.close();
  const summary = { ...empty, rules: [...fixtureRules], ...header };
  await writeWhole(join(path, summaryFile), JSON.stringify(summary));
  const services = [...new Set(Object.values(serviceOfKind))];
  const askedOf = (service: string) =>
    Object.fromEntries(
      (Object.keys(serviceOfKind) as Kind[]).filter((kind) => serviceOfKind[kind] === service).map((kind) => [kind, []]),
    );
  const run: RunDocument = {
    schemaVersion: '1.0',
    id: summary.run.id,
    startedAt: summary.run.startedAt,
    now: summary.run.startedAt,
    tool: { name: 'atrest', version: '0.1.0' },
    partition: 'aws',
    homeRegion: region,
    caller: 'arn:aws:iam::111111111111:user/auditor',
    accounts: summary.scope.accounts.map(({ id, name, path: ou, state, reason }) => ({
      id,
      name,
      path: ou,
      state,
      reason,
      code: null,
      gap: null,
      caller: null,
      baseline: 'recommended',
      regions: [region],
      disabledRegions: [],
    })),
    services,
    rules: [],
    frameworks: [],
    plugins: [],
    config,
    cells: services.map((service) => ({
      account,
      region: service === 's3' ? 'global' : region,
      service,
      asked: askedOf(service),
    })),
    role: null,
    options: null,
  };
  await writeRun(path, run);
  return path;
}
