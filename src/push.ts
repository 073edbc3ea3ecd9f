import pLimit from 'p-limit';
import { Connection, type ConnectionOptions } from '#aws/connection.js';
import type { Config } from '#config/schema.js';
import { readRun, type RunDocument } from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';
import type { Catalogue } from '#model/framework.js';
import { nearest } from '#model/nearest.js';
import type { Finding, ReportHeader, ReportSource } from '#model/report.js';
import { HubPlace, type PushedPlace } from '#outbound/hub-place.js';
import { SecurityHub, type HubFinding } from '#outbound/security-hub.js';
import { asffId, asffOf, hubRegion, ownerField, productArn, pushFields } from '#reports/asff/finding.js';
import { resolveScope, type ScopeAccount } from '#scope/scope.js';
import { readSummary, storedFindings } from './finish-run.js';
import { settledBy } from './push-settled.js';
import { scopeRequest } from './scope-request.js';
import { sourceOf } from './stored.js';

/** Accounts and regions that are read, or sent to, at once. */
const placesAtOnce = 16;

export interface PushOptions {
  readonly catalogue: Catalogue;
  readonly run: string;
  /** How accounts are entered; undefined: as the run did. */
  readonly config: Config | undefined;
  /** In place of the role of the config. */
  readonly role: string | undefined;
  /** Empty: all of the run. */
  readonly regions: readonly string[];
  /** Reads what is there, and sends nothing. */
  readonly dryRun: boolean;
  /** Undefined: the machine's clock. */
  readonly now: Date | undefined;
  readonly connection: ConnectionOptions;
}

export interface PushResult {
  readonly run: string;
  readonly dryRun: boolean;
  readonly places: readonly PushedPlace[];
  /** 0: Security Hub has all; 3: some are not there. */
  readonly exitCode: number;
}

/** Sends the findings of a finished run into the Security Hub of the account and region that each is of. */
export async function push(options: PushOptions): Promise<PushResult> {
  const run = await readRun(options.run);
  const header = await readSummary(options.run);
  const current = await idsByPlace(options.run, header);
  const wanted = placesOf(run, current, options.regions);
  const config = options.config ?? (run.config as Config);
  const connection = await Connection.open({ ...options.connection, rates: config.rates });
  try {
    const accounts = await enter(run, { config, role: options.role, wanted }, connection);
    const places = new Map<string, HubPlace>();
    for (const place of wanted) places.set(keyOf(place), await openPlace(place, accounts, { run, header, options, connection }));
    await readPlaces(places, current, isSettledBy(header, run));
    await sendAll(places, header, await sourceFor(places, options, header));
    const results = [...places.values()].map(({ result }) => result);
    const lacking = results.some(({ failures, problem }) => failures.length > 0 || problem !== null);
    return { run: run.id, dryRun: options.dryRun, places: results, exitCode: lacking ? 3 : 0 };
  } catch (error) {
    if (options.connection.signal?.aborted !== true) throw error;
    throw new AtrestError('interrupted', 'Stopped while findings were being pushed.', {
      hint: 'Push the run again: what Security Hub has already stays as it is.',
      cause: error,
    });
  } finally {
    connection.close();
  }
}

interface Place {
  readonly account: string;
  readonly region: string;
}

function keyOf({ account, region }: Place): string {
  return `${account}/${region}`;
}

async function idsByPlace(path: string, header: ReportHeader): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const ids = new Map<string, Set<string>>();
  for await (const finding of storedFindings(path)) {
    const key = keyOf({ account: finding.account, region: hubRegion(finding, header) });
    const there = ids.get(key) ?? new Set();
    ids.set(key, there.add(asffId(finding)));
  }
  return ids;
}

/** Where findings of the run belong, and where some of an earlier one may be. */
function placesOf(run: RunDocument, current: ReadonlyMap<string, unknown>, regions: readonly string[]): readonly Place[] {
  const keys = new Set(current.keys());
  for (const { id, state, regions: read } of run.accounts)
    if (state === 'scanned') for (const region of [...read, run.homeRegion]) keys.add(keyOf({ account: id, region }));
  const places = [...keys].sort().map((key) => {
    const [account = '', region = ''] = key.split('/');
    return { account, region };
  });
  const known = [...new Set(places.map(({ region }) => region))];
  for (const region of regions) {
    if (known.includes(region)) continue;
    const close = nearest(region, known);
    throw new AtrestError('usage', `The run has nothing in the region ${region}`, {
      hint: close === undefined ? undefined : `Did you mean ${close}?`,
    });
  }
  return regions.length === 0 ? places : places.filter(({ region }) => regions.includes(region));
}

/** Credentials by account. One that cannot be entered fails alone. */
async function enter(
  run: RunDocument,
  { config, role, wanted }: { readonly config: Config; readonly role: string | undefined; readonly wanted: readonly Place[] },
  connection: Connection,
): Promise<ReadonlyMap<string, ScopeAccount>> {
  const ids = [...new Set(wanted.map(({ account }) => account))];
  if (ids.length === 0) return new Map();
  const request = scopeRequest({
    config,
    accounts: ids,
    // Named, so that a role that may do no more than push need not list them.
    regions: [...new Set(wanted.map(({ region }) => region))],
    excludeRegions: [],
    stsRegion: run.stsRegion ?? undefined,
  });
  const by = role === undefined ? {} : { entry: { ...request.entry, role } };
  const accounts =
    role === undefined ? request.accounts : request.accounts.map((account) => ({ ...account, role: null, profile: null }));
  const scope = await resolveScope({ ...request, ...by, accounts, excludeRegions: [] }, connection);
  return new Map(scope.accounts.map((account) => [account.id, account]));
}

async function openPlace(
  place: Place,
  accounts: ReadonlyMap<string, ScopeAccount>,
  about: {
    readonly run: RunDocument;
    readonly header: ReportHeader;
    readonly options: PushOptions;
    readonly connection: Connection;
  },
): Promise<HubPlace> {
  const { run, header, options, connection } = about;
  const entered = accounts.get(place.account);
  const credentials = entered?.credentials ?? null;
  const product = { arn: productArn(run.partition, place.region, place.account), field: ownerField, ...pushFields };
  return new HubPlace(place, {
    hub: credentials === null ? null : await SecurityHub.open(connection, place, credentials, product),
    problem: credentials === null ? `The account could not be entered: ${entered?.reason ?? 'it is not in the scope'}` : null,
    push: { product, at: header.run.finishedAt, now: options.now ?? new Date(), dryRun: options.dryRun },
  });
}

/** Of a finding that Security Hub holds: whether it is ours, and the run would have it if it still were so. */
function isSettledBy(header: ReportHeader, run: RunDocument): (finding: HubFinding, place: Place) => boolean {
  const settled = settledBy(header, run);
  return ({ Id, GeneratorId, AwsAccountId, ProductArn, ProductFields = {} }, place) => {
    const field = (name: string) => ProductFields[`atrest/${name}`] ?? '';
    const isOurs =
      ProductFields[ownerField.key] === ownerField.value &&
      Id === asffId({ id: field('finding') }) &&
      GeneratorId === `atrest/${field('rule')}` &&
      AwsAccountId === place.account &&
      ProductArn === productArn(run.partition, place.region, place.account);
    return isOurs && settled({ ...place, rule: field('rule'), kind: field('kind'), resource: field('resource') });
  };
}

async function readPlaces(
  places: ReadonlyMap<string, HubPlace>,
  current: ReadonlyMap<string, ReadonlySet<string>>,
  isSettled: (finding: HubFinding, place: Place) => boolean,
): Promise<void> {
  const inTurn = pLimit(placesAtOnce);
  const none = new Set<string>();
  await Promise.all(
    [...places].map(([key, place]) => inTurn(() => place.read(current.get(key) ?? none, (finding) => isSettled(finding, place)))),
  );
}

/** Passes only where Security Hub has a finding that may have become one: to judge again takes the rules of the run. */
async function sourceFor(
  places: ReadonlyMap<string, HubPlace>,
  { catalogue, run }: PushOptions,
  header: ReportHeader,
): Promise<ReportSource> {
  if ([...places.values()].every(({ orphans }) => orphans.size === 0)) return { header, findings: () => storedFindings(run) };
  return sourceOf({ catalogue, run, includePass: true, explain: false }, 'Judge it again with `atrest evaluate`, and push that.');
}

async function sendAll(places: ReadonlyMap<string, HubPlace>, header: ReportHeader, source: ReportSource): Promise<void> {
  const asff = asffOf(header);
  // Findings come account by account: without a look ahead, one region would be waited for after the other.
  const lines = new Map<HubPlace, Promise<void>>();
  const errors: unknown[] = [];
  const behind = (place: HubPlace, work: () => Promise<void>) => {
    const line = (lines.get(place) ?? Promise.resolve()).then(work).catch((error: unknown) => {
      errors.push(error);
    });
    lines.set(place, line);
    return line;
  };
  let waiting = 0;
  for await (const finding of source.findings()) {
    const place = places.get(keyOf({ account: finding.account, region: hubRegion(finding, header) }));
    const deed = deedOf(finding, place);
    if (place === undefined || deed === null) continue;
    waiting += 1;
    const line = behind(place, () => place.take(asff(finding), deed)).then(() => void (waiting -= 1));
    if (waiting >= aheadMax) await line;
    if (errors.length > 0) throw errors[0];
  }
  const inTurn = pLimit(placesAtOnce);
  await Promise.all([...places.values()].map((place) => inTurn(() => behind(place, () => place.finish()))));
  if (errors.length > 0) throw errors[0];
}

/** Findings that wait for a batch to be sent. */
const aheadMax = 2000;

function deedOf({ verdict, id }: Finding, place: HubPlace | undefined): 'imported' | 'passed' | null {
  if (verdict === 'fail' || verdict === 'unknown') return 'imported';
  return verdict === 'pass' && place?.orphans.has(asffId({ id })) === true ? 'passed' : null;
}
