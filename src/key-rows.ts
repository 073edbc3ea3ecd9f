import type { RunGraph } from '#inventory/run-graph.js';
import type { Attempt, Missing } from '#model/attempt.js';
import { monthlyCost } from '#model/key-cost.js';
import { isOwnUsage } from '#model/key-usage.js';
import type { Place } from '#model/place.js';
import type { KeyRow } from '#model/report.js';
import {
  attemptFacet,
  facetState,
  type FacetName,
  type FacetValue,
  type KeyMetadata,
  type ResourceRecord,
} from '#model/resources/index.js';
import { keyReach } from '#policy/key-reach.js';
import { readKeyPolicy } from '#policy/reading.js';

type Key = ResourceRecord<'kms.key'>;

/** Fields that many keys have in common. */
const alike = ['spec', 'usage', 'rotation', 'reach', 'monthlyCost', 'missing'] as const;
const sharedMax = 1_000;

/** What a report says of the keys of a run: from their facets, and from what the run knows to depend on them. */
export class KeyRows {
  readonly rows: KeyRow[] = [];
  readonly #graph: Pick<RunGraph, 'dependants' | 'placesOf'>;
  /** Most keys of a run are alike, and all their rows are in memory: what is equal is held once. */
  readonly #shared = new Map<string, unknown>();

  constructor(graph: Pick<RunGraph, 'dependants' | 'placesOf'>) {
    this.#graph = graph;
  }

  add(record: Key, place: Place): void {
    const aliases = attemptFacet(record, 'aliases');
    const metadata = attemptFacet(record, 'metadata');
    const names = aliases.known ? aliases.value : [];
    const awsManaged = names.some((name) => name.startsWith('alias/aws/'));
    const manager = metadata.known ? metadata.value.manager : awsManaged ? 'AWS' : null;
    const policy = policyOf(record);
    const row: KeyRow = {
      arn: record.arn,
      name: names[0] ?? record.name,
      manager,
      state: metadata.known ? metadata.value.state : null,
      ...this.#dependants(record.arn),
      ...(metadata.known && described(metadata.value)),
      ...(manager === 'CUSTOMER' && ofCustomerKey(record, place, policy)),
      ...missingOf(record, policy),
    };
    for (const field of alike) if (row[field] !== undefined) Object.assign(row, { [field]: this.#once(row[field]) });
    this.rows.push(row);
  }

  #once(value: unknown): unknown {
    const text = JSON.stringify(value);
    const same = this.#shared.get(text);
    if (same === undefined && this.#shared.size < sharedMax) this.#shared.set(text, value);
    return same ?? value;
  }

  #dependants(arn: string): Pick<KeyRow, 'dependants' | 'dependantsComplete' | 'uses' | 'places'> {
    const { byKind, uses, total, complete } = this.#graph.dependants(arn);
    const dependants = { ...byKind };
    if (total === 0) return { dependants, dependantsComplete: complete };
    const places = this.#graph.placesOf(arn);
    const [one, another] = places;
    const where =
      one !== undefined && another === undefined
        ? [{ account: one.account, region: one.region, dependants }]
        : places.map(({ account, region, byKind: here }) => ({ account, region, dependants: { ...here } }));
    const told = uses.every(({ usage }) => isOwnUsage(usage));
    return { dependants, dependantsComplete: complete, ...(!told && { uses: [...uses] }), places: where };
  }
}

function described({ spec, usage, origin, deletionAt, validTo, multiRegion }: KeyMetadata): Partial<KeyRow> {
  return {
    spec,
    usage,
    origin,
    ...(deletionAt !== null && { deletionAt }),
    ...(validTo !== null && { materialExpiresAt: validTo }),
    ...(multiRegion !== null && {
      multiRegion: {
        role: multiRegion.role,
        primary: multiRegion.primaryArn,
        replicas: multiRegion.replicas.map(({ arn }) => arn),
      },
    }),
  };
}

function ofCustomerKey(record: Key, { account }: Place, policy: Policy): Partial<KeyRow> {
  const rotation = rotationOf(record);
  const grants = read(record, 'grants');
  return {
    ...(rotation !== undefined && { rotation }),
    ...(policy?.known === true && { reach: keyReach(policy.value, record.arn, account) }),
    ...(grants !== undefined && { grants: grants.length }),
    monthlyCost: monthlyCost(record),
  };
}

function rotationOf(record: Key): KeyRow['rotation'] {
  const state = facetState(record, 'rotation');
  const none = { enabled: false, periodDays: null, nextAt: null };
  if (state?.state === 'skipped') return { ...none, why: state.reason };
  const value = read(record, 'rotation');
  if (value === undefined) return undefined;
  if (value === null) return { ...none, why: 'KMS does not rotate it by itself' };
  const { enabled, periodDays, nextAt } = value;
  return { enabled, periodDays, nextAt, why: null };
}

/** Undefined: it was not read. */
type Policy = ReturnType<typeof readKeyPolicy> | undefined;

function policyOf(record: Key): Policy {
  const text = read(record, 'policy');
  return text === undefined ? undefined : readKeyPolicy(text);
}

function read<F extends FacetName<'kms.key'>>(record: Key, facet: F): FacetValue<'kms.key', F> | undefined {
  const attempt: Attempt<FacetValue<'kms.key', F>> = attemptFacet(record, facet);
  return attempt.known ? attempt.value : undefined;
}

const told = ['aliases', 'metadata', 'rotation', 'policy', 'grants'] as const;

/** What could not be read of what a row tells, a policy that we do not understand among it. */
function missingOf(record: Key, policy: Policy): Pick<KeyRow, 'missing'> {
  const unread: readonly Missing[] = told.flatMap((facet) => record.unread?.[facet] ?? []);
  const missing = policy === undefined || policy.known ? unread : [...unread, ...policy.missing];
  return missing.length === 0 ? {} : { missing: missing.map((each) => ({ ...each })) };
}
