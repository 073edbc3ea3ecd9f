import { attemptFacet, type Kind, type ResourceRecord } from '#model/resources/index.js';
import { readRun } from '#inventory/run-folder.js';
import type { Missing } from '#model/attempt.js';
import { edgesOf } from '#model/edges.js';
import type { Catalogue } from '#model/framework.js';
import { foreignKey, type ResolvedKey } from '#model/key-graph.js';
import { aliasArn, keyReference } from '#model/key-reference.js';
import { compareText, type Place } from '#model/place.js';
import { describeCondition } from '#policy/operators.js';
import { describePrincipal } from '#policy/principals.js';
import { reachOf } from '#policy/reach.js';
import { readPolicy, statementName } from '#policy/reading.js';
import { lossesOf, type UseLoss } from '#model/key-loss-texts.js';
import { monthlyCost, type MonthlyCost } from '#model/key-cost.js';
import { aliasesOf, findKey, recordsOf, type NamedKey } from './find-key.js';
import { judgementOf, type JudgingConfig } from './judgement.js';
import { openRun, type OpenRun } from './open-run.js';

/** Resources named of each group; the count says how many there are. */
const namedMax = 20;

/** What depends on a key, and what becomes of it without the key. */
export interface Impact {
  readonly key: {
    readonly arn: string;
    /** Whether the key is there: only `resolved` and `aws-managed` are. */
    readonly resolution: Resolution;
    readonly aliases: readonly string[];
    /** Null where DescribeKey could not be read. */
    readonly manager: string | null;
    readonly state: string | null;
    readonly deletionAt: string | null;
    /** The other keys of its multi-Region set, by ARN. */
    readonly multiRegionSet: readonly string[];
  };
  readonly dependants: {
    readonly total: number;
    /** False: something that could depend on it was not read. */
    readonly complete: boolean;
    readonly missing: readonly Missing[];
    readonly groups: readonly DependantGroup[];
  };
  /** By kind of dependant and what it uses the key for. */
  readonly loss: readonly UseLoss[];
  readonly users: {
    readonly known: readonly KeyUser[];
    /** Policy or grants that could not be read, or were not collected. */
    readonly missing: readonly Missing[];
  };
  readonly monthlyCost: MonthlyCost;
}

export interface Resolution {
  readonly state: ResolvedKey['state'];
  /** Whether a listing of the run holds the key. */
  readonly listed: boolean;
  /** How it was seen that the key is missing. */
  readonly seenBy: string | null;
  /** What keeps the run from saying whether a foreign or unread key is there. */
  readonly missing: readonly Missing[];
}

export interface DependantGroup {
  readonly kind: Kind;
  readonly account: string;
  readonly region: string;
  /** What they use the key for: `storage`, or `storage, inventory`. */
  readonly usage: string;
  readonly count: number;
  /** The first by ARN. */
  readonly resources: readonly string[];
}

/** One principal and what one statement or grant gives it. */
export interface KeyUser {
  readonly principal: string;
  readonly actions: readonly string[];
  readonly conditions: readonly string[];
  readonly by: string;
}

/**
 * Says what depends on a key of a stored run. `name` is a key ARN or id, an alias, or an alias ARN.
 */
export async function impact(catalogue: Catalogue, path: string, name: string): Promise<Impact> {
  const run = await readRun(path);
  const { accounts, rules: ruleGlobs, frameworks, organization } = run;
  const config = run.config as JudgingConfig;
  const judgement = judgementOf(catalogue, { accounts, ruleGlobs, frameworks, config, organization });
  const open = await openRun(path, run, judgement);
  const named = await findKey(open, name);
  const { record, place, resolved } = named;
  const gone = resolved.state === 'missing';
  const groups = await dependantsOf(open, record, place);
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  const aliases = attemptFacet(record, 'aliases');
  // What names the key by an alias that was not read is not among them.
  const missing = [...open.graph.dependants(record.arn).missing, ...(gone || aliases.known ? [] : aliases.missing)];
  const metadata = attemptFacet(record, 'metadata');
  return {
    key: {
      arn: record.arn,
      resolution: resolutionOf(named),
      aliases: aliasesOf(record),
      manager: resolved.state === 'aws-managed' ? 'AWS' : metadata.known ? metadata.value.manager : null,
      state: metadata.known ? metadata.value.state : null,
      deletionAt: metadata.known ? metadata.value.deletionAt : null,
      multiRegionSet: metadata.known ? multiRegionSet(record.arn, metadata.value.multiRegion) : [],
    },
    dependants: { total, complete: missing.length === 0, missing: distinct(missing), groups },
    loss: lossesOf(groups),
    users: gone ? { known: [], missing: [] } : usersOf(record),
    monthlyCost: gone ? { usd: 0, why: 'the key is gone' } : monthlyCost(record),
  };
}

function resolutionOf({ resolved, listed }: NamedKey): Resolution {
  const { state } = resolved;
  switch (state) {
    case 'resolved':
    case 'aws-managed':
      return { state, listed, seenBy: null, missing: [] };
    case 'missing':
      return { state, listed, seenBy: resolved.seenBy, missing: [] };
    case 'foreign':
      return { state, listed, seenBy: null, missing: [foreignKey(resolved)] };
    case 'unread':
      return { state, listed, seenBy: null, missing: resolved.missing };
  }
}

async function dependantsOf(open: OpenRun, key: ResourceRecord<'kms.key'>, home: Place): Promise<readonly DependantGroup[]> {
  const names = new Set([key.arn, ...aliasesOf(key).map((alias) => aliasArn(home, alias))]);
  const groups = new Map<string, DependantGroup & { count: number; resources: string[] }>();
  for await (const { record, place } of recordsOf(open)) {
    const { kind } = record;
    const { account, region } = place;
    const usages = edgesOf(record, place).flatMap(({ usage, target }) =>
      usage !== null && (names.has(target) || resolvesTo(open, target, key.arn)) ? usage.split(', ') : [],
    );
    if (usages.length === 0) continue;
    const usage = [...new Set(usages)].join(', ');
    const id = `${kind} ${account} ${region} ${usage}`;
    const group = groups.get(id) ?? { kind, account, region, usage, count: 0, resources: [] };
    group.count += 1;
    if (group.resources.length < namedMax) group.resources.push(record.arn);
    groups.set(id, group);
  }
  return [...groups].sort(([a], [b]) => compareText(a, b)).map(([, group]) => group);
}

/** An alias may have been seen in an answer for the key alone. */
function resolvesTo({ graph }: OpenRun, target: string, arn: string): boolean {
  if (!target.includes(':alias/')) return false;
  const [, partition = '', , region = '', account = ''] = target.split(':');
  return graph.resolve(keyReference(target, { partition, account, region })).arn === arn;
}

function usersOf(record: ResourceRecord<'kms.key'>): Impact['users'] {
  if (isAwsManaged(record)) return { known: [], missing: [] };
  const text = attemptFacet(record, 'policy');
  const policy = readPolicy('kms.key/policy', text);
  const grants = attemptFacet(record, 'grants');
  const missing = [...(policy.known ? [] : policy.missing), ...(grants.known ? [] : grants.missing)];
  if (!policy.known || policy.value === null) return { known: [], missing };
  const known = reachOf(policy.value, grants.known ? grants.value : [], record.arn).map(
    ({ principal, actions, conditions, statement, grant }): KeyUser => ({
      principal: describePrincipal(principal),
      actions,
      conditions: conditions.map(describeCondition),
      by: statement === null ? `grant ${grant ?? ''}` : statementName(statement),
    }),
  );
  return { known, missing };
}

function isAwsManaged(record: ResourceRecord<'kms.key'>): boolean {
  return aliasesOf(record).some((alias) => alias.startsWith('alias/aws/'));
}

function multiRegionSet(
  own: string,
  multiRegion: { readonly primaryArn: string | null; readonly replicas: readonly { readonly arn: string }[] } | null,
): readonly string[] {
  if (multiRegion === null) return [];
  const all = [
    ...(multiRegion.primaryArn === null ? [] : [multiRegion.primaryArn]),
    ...multiRegion.replicas.map(({ arn }) => arn),
  ];
  return all.filter((arn) => arn !== own);
}

function distinct(missing: readonly Missing[]): readonly Missing[] {
  return [...new Map(missing.map((each) => [JSON.stringify(each), each])).values()];
}
