import type { RunGraph } from '#inventory/run-graph.js';
import type { Attempt, Missing } from '#model/attempt.js';
import { monthlyCost } from '#model/key-cost.js';
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

/** What a report says of a key: from its facets, and from what the run knows to depend on it. */
export function keyRow(record: Key, place: Place, graph: Pick<RunGraph, 'dependants' | 'placesOf'>): KeyRow {
  const aliases = attemptFacet(record, 'aliases');
  const metadata = attemptFacet(record, 'metadata');
  const names = aliases.known ? aliases.value : [];
  const awsManaged = names.some((name) => name.startsWith('alias/aws/'));
  const manager = metadata.known ? metadata.value.manager : awsManaged ? 'AWS' : null;
  const { byKind, uses, complete } = graph.dependants(record.arn);
  return {
    arn: record.arn,
    name: names[0] ?? record.name,
    manager,
    state: metadata.known ? metadata.value.state : null,
    dependants: { ...byKind },
    dependantsComplete: complete,
    ...(uses.length > 0 && { uses: [...uses], places: placesOf(record.arn, graph) }),
    ...(metadata.known && described(metadata.value)),
    ...(manager === 'CUSTOMER' && ofCustomerKey(record, place)),
    ...missingOf(record),
  };
}

function placesOf(arn: string, graph: Pick<RunGraph, 'placesOf'>): NonNullable<KeyRow['places']> {
  return graph.placesOf(arn).map(({ account, region, byKind }) => ({ account, region, dependants: { ...byKind } }));
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

function ofCustomerKey(record: Key, { account }: Place): Partial<KeyRow> {
  const rotation = rotationOf(record);
  const policy = policyOf(record);
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

function policyOf(record: Key): ReturnType<typeof readKeyPolicy> | undefined {
  const text = read(record, 'policy');
  return text === undefined ? undefined : readKeyPolicy(text);
}

function read<F extends FacetName<'kms.key'>>(record: Key, facet: F): FacetValue<'kms.key', F> | undefined {
  const attempt: Attempt<FacetValue<'kms.key', F>> = attemptFacet(record, facet);
  return attempt.known ? attempt.value : undefined;
}

const told = ['aliases', 'metadata', 'rotation', 'policy', 'grants'] as const;

/** What could not be read of what a row tells, a policy that we do not understand among it. */
function missingOf(record: Key): Pick<KeyRow, 'missing'> {
  const unread: readonly Missing[] = told.flatMap((facet) => record.unread?.[facet] ?? []);
  const policy = policyOf(record);
  const missing = policy === undefined || policy.known ? unread : [...unread, ...policy.missing];
  return missing.length === 0 ? {} : { missing: missing.map((each) => ({ ...each })) };
}
