import type { Attempt, Missing } from '#model/attempt.js';
import { parseArn } from '#model/arn.js';
import type { ListCoverage } from '#model/coverage.js';
import { edgeTarget } from '#model/edges.js';
import type { Dependants, KeyGraph, PlaceUse, ResolvedKey } from '#model/key-graph.js';
import { aliasArn, customKeyStoreArn, keyArn, type KeyReference } from '#model/key-reference.js';
import type { Place } from '#model/place.js';
import { attemptFacet, uncollected, type Kind, type ResourceRecord } from '#model/resources/index.js';
import type { EdgeName, Referrers } from '#model/rule.js';
import { copiedSnapshots, type CopiedSnapshots } from './copy-links.js';
import type { CellEdges, EdgeLine } from './edges-file.js';
import { fromRecord, type GraphRecord } from './graph-record.js';
import { KeyUses } from './key-uses.js';
import { Listings, type GraphScope } from './listings.js';
import { unlistedKeys, type UnlistedKey } from './unlisted-keys.js';

/** Few, and looked up by what is not an edge. */
const alwaysKept: ReadonlySet<Kind> = new Set(['ebs.defaults', 'ec2.image']);

/** What others name by an id that says neither account nor region: no two have the same. */
const byShortId: ReadonlySet<Kind> = new Set(['ebs.snapshot', 'ebs.volume', 'ec2.image']);

/**
 * The joins of a run: what keys resolve to, what uses them, where a copy came from. Holds the records that something
 * refers to, and counters; never the resources themselves.
 */
export class RunGraph implements KeyGraph {
  readonly #listings: Listings;
  readonly #records = new Map<string, GraphRecord>();
  readonly #keysByAlias = new Map<string, GraphRecord>();
  readonly #followUps = new Map<string, GraphRecord & { readonly askedBy: string }>();
  readonly #aliasProbes = new Map<string, ResourceRecord>();
  readonly #referrers = new Map<string, { count: number; first: string[] }>();
  readonly #resolved = new Map<string, ResolvedKey>();
  readonly #uses = new KeyUses();
  readonly #reverse: ReadonlySet<EdgeName> | undefined;
  #keyEdgeGaps: readonly Missing[] | undefined;
  /** What chains of copies run through. */
  readonly copied: CopiedSnapshots;

  /**
   * Two passes: what is referred to first, then the records worth keeping. `reverse`: relations that will be asked for
   * from their target's end, left out all; the others are most of what a large run would have to hold.
   */
  constructor(cells: readonly CellEdges[], followUps: readonly CellEdges[], scope: GraphScope, reverse?: ReadonlySet<EdgeName>) {
    this.#listings = new Listings(scope);
    this.#reverse = reverse;
    this.copied = copiedSnapshots(cells);
    const targets = new Set<string>();
    const usedBy = new KeyUses();
    for (const { edges, header, footer } of cells) {
      for (const edge of edges) this.#addEdge(edge, header, targets, usedBy);
      this.#listings.add(header.partition, footer);
    }
    for (const cell of cells) for (const record of cell.values) this.#keep(record, cell.header, targets);
    for (const { values, header } of followUps) {
      for (const record of values) this.#addFollowUp(record, header);
    }
    for (const target of usedBy.keys()) this.#uses.add(this.#keysByAlias.get(target)?.record.arn ?? target, usedBy.of(target));
    for (const arn of this.#uses.keys()) this.#countUsesOfStore(arn);
  }

  /** A key that was asked for by an alias is known by its own ARN from the answer on. */
  #addFollowUp(record: ResourceRecord, header: CellEdges['header']): void {
    const place = ownPlace(header, record);
    const metadata = attemptFacet(record as ResourceRecord<'kms.key'>, 'metadata');
    const byAlias = record.arn.includes(':alias/') && metadata.known;
    const key = byAlias ? { ...record, arn: keyArn(place, metadata.value.keyId) } : record;
    const followUp = { record: key, place, askedBy: header.account };
    this.#followUps.set(record.arn, followUp);
    if (byAlias) this.#keysByAlias.set(record.arn, followUp);
  }

  #addEdge(
    { edge, from, to, usage, at, count, first }: EdgeLine,
    { account, region }: CellEdges['header'],
    targets: Set<string>,
    usedBy: KeyUses,
  ): void {
    targets.add(to);
    if (usage !== null) usedBy.add(to, [{ kind: from, usage, account, region: at ?? region, count }]);
    if (edge === 'key' || this.#reverse?.has(edge) === false) return;
    const id = `${edge} ${to}`;
    const referrers = this.#referrers.get(id);
    if (referrers === undefined) this.#referrers.set(id, { count, first: [...first] });
    else {
      referrers.count += count;
      referrers.first.push(...first);
      referrers.first.sort();
      referrers.first.length = Math.min(referrers.first.length, 5);
    }
  }

  /** Tells the graph which facets the run's cells were asked for, before anything is looked up. */
  addAsked(asked: Readonly<Partial<Record<Kind, readonly string[]>>>): void {
    this.#listings.addAsked(asked);
  }

  #keep(record: ResourceRecord, header: CellEdges['header'], targets: ReadonlySet<string>): void {
    const kept = { record, place: placeOf(header, record) };
    if (record.kind === 'kms.key') {
      this.#aliasProbes.set(`${kept.place.account}/${kept.place.region}`, kept.record);
      const aliases = attemptFacet(record as ResourceRecord<'kms.key'>, 'aliases');
      const arns = aliases.known ? aliases.value.map((alias) => aliasArn(kept.place, alias)) : [];
      for (const arn of arns) if (targets.has(arn)) this.#keysByAlias.set(arn, kept);
      if (!targets.has(record.arn) && !arns.some((arn) => targets.has(arn))) return;
    } else if (!alwaysKept.has(record.kind) && !targets.has(record.arn) && !targets.has(shortId(record.arn))) return;
    this.#records.set(record.arn, kept);
    if (byShortId.has(record.kind)) this.#records.set(shortId(record.arn), kept);
  }

  /** What uses a key of a custom key store depends on the store. */
  #countUsesOfStore(arn: string): void {
    const kept = this.#records.get(arn);
    if (kept === undefined) return;
    const metadata = attemptFacet(kept.record as ResourceRecord<'kms.key'>, 'metadata');
    if (metadata.known && metadata.value.customKeyStoreId !== null)
      this.#uses.add(customKeyStoreArn(kept.place, metadata.value.customKeyStoreId), this.#uses.of(arn));
  }

  resolve(reference: KeyReference): ResolvedKey {
    if (reference.form === 'none' || reference.form === 'invalid') {
      const written = reference.form === 'invalid' ? reference.written : 'nothing';
      return {
        state: 'unread',
        reference,
        arn: null,
        missing: [
          { facet: 'kms.key/*', operation: null, action: null, code: `key reference "${written}"`, cause: 'absent-field' },
        ],
      };
    }
    const found = this.#resolved.get(reference.arn);
    if (found !== undefined) return { ...found, reference };
    const resolved = this.#resolve(reference);
    this.#resolved.set(reference.arn, resolved);
    return resolved;
  }

  #resolve(reference: Extract<KeyReference, { form: 'key' | 'alias' }>): ResolvedKey {
    const { arn, place } = reference;
    if (reference.form === 'alias' && reference.awsManaged)
      return { state: 'aws-managed', reference, arn, alias: reference.alias };
    const listed = this.#records.get(arn) ?? this.#keysByAlias.get(arn);
    if (listed !== undefined) return fromRecord(reference, listed);
    const listing = this.#listings.at('kms.key', place);
    if (listing !== undefined) return this.#notListed(reference, listing);
    return this.#fromFollowUp(reference);
  }

  /** A key of an account and region whose keys the run listed, and that was not among them. */
  #notListed(reference: Extract<KeyReference, { form: 'key' | 'alias' }>, list: ListCoverage): ResolvedKey {
    const { arn } = reference;
    if (!list.complete) return { state: 'unread', reference, arn, missing: list.missing === null ? [] : [list.missing] };
    if (reference.form === 'key') return { state: 'missing', reference, arn, seenBy: 'not in the complete kms:ListKeys' };
    // An alias is only known to be gone when every alias of the region was read.
    const unread = this.#unreadAliases(reference.place);
    return unread === undefined
      ? { state: 'missing', reference, arn, seenBy: 'not in the complete kms:ListAliases' }
      : { state: 'unread', reference, arn, missing: [unread] };
  }

  /** Aliases come from one chain, so any key of the region tells whether they were read. No key, no alias with a target. */
  #unreadAliases({ account, region }: Place): Missing | undefined {
    const probe = this.#aliasProbes.get(`${account}/${region}`);
    if (probe === undefined) return undefined;
    const aliases = attemptFacet(probe as ResourceRecord<'kms.key'>, 'aliases');
    return aliases.known ? undefined : aliases.missing[0];
  }

  #fromFollowUp(reference: Extract<KeyReference, { form: 'key' | 'alias' }>): ResolvedKey {
    const { arn, place } = reference;
    const followUp = this.#followUps.get(arn);
    const foreign = !this.#listings.inScope(place.account);
    if (followUp === undefined) {
      const missing = uncollected('kms.key', 'metadata');
      return { state: 'unread', reference, arn, missing: [missing] };
    }
    const metadata = attemptFacet(followUp.record as ResourceRecord<'kms.key'>, 'metadata');
    if (metadata.known) return fromRecord(reference, followUp);
    const missing = metadata.missing[0] ?? uncollected('kms.key', 'metadata');
    if (foreign) return { state: 'foreign', reference, arn, account: place.account, missing: { ...missing, cause: 'foreign' } };
    const ownAnswer = followUp.askedBy === place.account && missing.code === 'NotFoundException';
    if (ownAnswer) return { state: 'missing', reference, arn, seenBy: 'kms:DescribeKey answered NotFoundException' };
    return { state: 'unread', reference, arn, missing: [missing] };
  }

  dependants(keyArn: string): Dependants {
    const uses = this.#uses.byKindAndUsage(keyArn);
    const byKind: Record<string, number> = {};
    for (const { kind, count } of uses) byKind[kind] = (byKind[kind] ?? 0) + count;
    const total = uses.reduce((sum, { count }) => sum + count, 0);
    const missing = (this.#keyEdgeGaps ??= this.#listings.gapsOf('key'));
    return { byKind, uses, total, complete: missing.length === 0, missing };
  }

  /** Where what uses a key is, by account and region. */
  placesOf(keyArn: string): readonly PlaceUse[] {
    return this.#uses.byPlace(keyArn);
  }

  /** `place` is where the target is. */
  refs(edge: EdgeName, target: string, place: Place): Referrers {
    // Without them zero would be a wrong answer.
    if (this.#reverse?.has(edge) === false) throw new Error(`refs('${edge}') is asked for by a rule that does not declare it`);
    const named = edgeTarget(edge, target, place);
    const { count, first } = this.#referrers.get(`${edge} ${named}`) ?? { count: 0, first: [] };
    // Logs and images stay within an account: what others have unread has no say there.
    const within = edge === 'logTarget' || edge === 'image' ? place : undefined;
    return { count, first, missing: this.#listings.gapsOf(edge, within) };
  }

  listed(kinds: readonly Kind[], place: Place): { count: number; missing: readonly Missing[] } {
    return this.#listings.count(kinds, place);
  }

  /** `region` narrows the listings that could hold an id that is not an ARN. */
  find(kind: Kind, id: string, region?: string): Attempt<GraphRecord | 'missing' | 'outside'> {
    const found = this.#records.get(id);
    if (found?.record.kind === kind) return { known: true, value: found };
    const why = this.#listings.whyNotFound(kind, id, region);
    return typeof why === 'string' ? { known: true, value: why } : { known: false, missing: [why] };
  }

  /** Keys of accounts and regions whose keys the run did not list, by the edges that are to be followed. */
  unlistedKeys(
    cells: readonly CellEdges[],
    entered: ReadonlySet<string>,
    follow: ReadonlySet<EdgeName> = new Set(['key']),
  ): readonly UnlistedKey[] {
    return unlistedKeys(cells, this.#listings, entered, follow);
  }
}

function placeOf({ partition, account }: CellEdges['header'], { region }: ResourceRecord): Place {
  return { partition, account, region };
}

/** A key that was asked for by its ARN is where that says, not where the one who asked is. */
function ownPlace(header: CellEdges['header'], record: ResourceRecord): Place {
  const { partition, account, region } = parseArn(record.arn) ?? placeOf(header, record);
  return { partition, account, region };
}

function shortId(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
