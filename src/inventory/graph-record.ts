import type { KeyRecord, ResolvedKey } from '#model/key-graph.js';
import type { KeyReference } from '#model/key-reference.js';
import type { Place } from '#model/place.js';
import { attemptFacet, type ResourceRecord } from '#model/resources/index.js';

/** A record that a lookup may return, with where it was read. */
export interface GraphRecord {
  readonly record: ResourceRecord;
  readonly place: Place;
}

/** What a reference to a key turns out to be whose record was read. */
export function fromRecord(reference: KeyReference, { record, place }: GraphRecord): ResolvedKey {
  const key = record as ResourceRecord<'kms.key'>;
  const aliases = attemptFacet(key, 'aliases');
  const names = aliases.known ? aliases.value : [];
  const awsAlias = names.find((name) => name.startsWith('alias/aws/'));
  if (awsAlias !== undefined) return { state: 'aws-managed', reference, arn: record.arn, alias: awsAlias };
  const metadata = attemptFacet(key, 'metadata');
  if (!metadata.known) return { state: 'unread', reference, arn: record.arn, missing: metadata.missing };
  if (metadata.value.manager === 'AWS') return { state: 'aws-managed', reference, arn: record.arn, alias: null };
  const resolved: KeyRecord = {
    arn: record.arn,
    account: place.account,
    region: place.region,
    aliases: names,
    metadata: metadata.value,
    read: (facet) => attemptFacet(key, facet),
  };
  return { state: 'resolved', reference, arn: record.arn, key: resolved };
}
