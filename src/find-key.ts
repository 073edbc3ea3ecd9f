import { cellPath, readCell } from '#inventory/cell-file.js';
import { fromRecord } from '#inventory/graph-record.js';
import type { Missing } from '#model/attempt.js';
import { AtrestError } from '#model/errors.js';
import type { ResolvedKey } from '#model/key-graph.js';
import { aliasArn, keyReference, type KeyReference } from '#model/key-reference.js';
import type { Place } from '#model/place.js';
import { attemptFacet, recordOf, type ResourceRecord } from '#model/resources/index.js';
import { missingText } from '#model/verdict.js';
import type { OpenRun } from './open-run.js';

/** A key that somebody named, as far as the run knows it. */
export interface NamedKey {
  readonly record: ResourceRecord<'kms.key'>;
  readonly place: Place;
  readonly resolved: ResolvedKey;
  /** Whether a listing of the run holds it. */
  readonly listed: boolean;
}

/**
 * The key of a run by its ARN or id, an alias or an alias ARN. An ARN is answered whether the run holds the key or not,
 * for others may depend on one that is gone, foreign or unread. Rejects any other name that no key has, or several.
 */
export async function findKey(open: OpenRun, name: string): Promise<NamedKey> {
  const found: { record: ResourceRecord<'kms.key'>; place: Place }[] = [];
  let unreadAliases: Missing | undefined;
  for await (const { record, place } of recordsOf(open, 'kms')) {
    if (record.kind !== 'kms.key') continue;
    const key = record as ResourceRecord<'kms.key'>;
    if (isNamed(key, place, name)) found.push({ record: key, place });
    const aliases = attemptFacet(key, 'aliases');
    if (!aliases.known) unreadAliases ??= aliases.missing[0];
  }
  const [first, ...others] = found;
  if (others.length > 0)
    throw new AtrestError('usage', `${String(found.length)} keys of the run are named ${name}`, {
      hint: `Name one by its ARN: ${found
        .slice(0, 5)
        .map(({ record }) => record.arn)
        .join(', ')}`,
    });
  if (first !== undefined) {
    return { ...first, resolved: fromRecord(keyReference(first.record.arn, first.place), first), listed: true };
  }
  const reference = name.startsWith('arn:') ? keyReference(name, open.cells[0]?.place ?? noPlace) : undefined;
  if (reference?.form === 'key' || reference?.form === 'alias') return unlisted(open, reference);
  throw notFound(open, name, unreadAliases);
}

const noPlace: Place = { partition: 'aws', account: '', region: '' };

/** Every record of the run's cells of one service, or of all, with where it is. */
export async function* recordsOf(
  open: OpenRun,
  service?: string,
): AsyncGenerator<{ readonly record: ResourceRecord; readonly place: Place }> {
  for (const { cell, place, present } of open.cells) {
    if (!present || (service !== undefined && cell.service !== service)) continue;
    for await (const { records } of readCell(cellPath(open.path, cell)))
      for (const record of records) if (record.gone !== true) yield { record, place: { ...place, region: record.region } };
  }
}

/** Aliases of a key, none where they were not read. */
export function aliasesOf(record: ResourceRecord<'kms.key'>): readonly string[] {
  const aliases = attemptFacet(record, 'aliases');
  return aliases.known ? aliases.value : [];
}

function isNamed(record: ResourceRecord<'kms.key'>, place: Place, name: string): boolean {
  const id = record.arn.slice(record.arn.lastIndexOf('/') + 1);
  if (name === record.arn || name === id) return true;
  return aliasesOf(record).some(
    (alias) => name === alias || name === alias.slice('alias/'.length) || name === aliasArn(place, alias),
  );
}

/** A key that no cell of the run holds, with what an answer for it alone said. */
function unlisted({ graph }: OpenRun, reference: Extract<KeyReference, { form: 'key' | 'alias' }>): NamedKey {
  let resolved = graph.resolve(reference);
  const listings = graph.find('kms.key', reference.arn);
  // That nobody asked for the key says less than what kept the run from listing it.
  if (resolved.state === 'unread' && !listings.known) resolved = { ...resolved, missing: listings.missing };
  const arn = resolved.arn ?? reference.arn;
  const { place } = reference;
  const target = { arn, name: arn.slice(arn.lastIndexOf(':') + 1), region: place.region };
  const metadata = resolved.state === 'resolved' ? { metadata: { state: 'read' as const, value: resolved.key.metadata } } : {};
  return { record: recordOf<'kms.key'>('kms.key', target, metadata), place, resolved, listed: false };
}

/** That nobody has the name may be said only where every key, with its aliases, was read. */
function notFound({ graph }: OpenRun, name: string, unreadAliases: Missing | undefined): AtrestError {
  const listings = graph.find('kms.key', name);
  const missing = [...(listings.known ? [] : listings.missing), ...(unreadAliases === undefined ? [] : [unreadAliases])];
  const hint = 'Name it by ARN, key id, alias or alias ARN.';
  if (missing.length > 0)
    return new AtrestError('usage', `No key ${name} was found, but the run does not hold all keys: ${missingText(missing)}`, {
      hint,
    });
  if (listings.known && listings.value === 'outside')
    return new AtrestError('usage', `The run did not list keys, so that it cannot tell which is ${name}`, {
      hint: 'Name it by its ARN.',
    });
  return new AtrestError('usage', `The run has no key ${name}`, { hint });
}
