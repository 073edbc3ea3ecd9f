import { copiedName, type CopiedSnapshots } from '#inventory/copy-links.js';
import { parseArn } from '#model/arn.js';
import { dateOf } from '#model/days.js';
import { edgesOf } from '#model/edges.js';
import { encryptionOfFacet, keyFacets } from '#model/encryption.js';
import { usability, type KeyGraph, type ResolvedKey } from '#model/key-graph.js';
import { keyReference } from '#model/key-reference.js';
import { levelOf } from '#model/level.js';
import { compareText, type Place } from '#model/place.js';
import type { LineageHop, SnapshotLineage } from '#model/report.js';
import { attemptFacet, type ResourceRecord } from '#model/resources/index.js';

/** Chains that a report holds; those that matter most come first. */
const chainsMax = 50;

const snapshotKinds = ['ebs.snapshot', 'rds.snapshot', 'rds.cluster-snapshot'] as const;
type SnapshotKind = (typeof snapshotKinds)[number];

/** A snapshot of a chain, and the name and region of what it was copied from; null: it is no copy. */
export interface LineageNode {
  readonly hop: LineageHop;
  readonly source: { readonly name: string; readonly region: string | null } | null;
}

/** Gathers the snapshots that chains run through, while a run is judged. */
export class LineageNodes {
  readonly nodes: LineageNode[] = [];
  readonly #graph: Pick<KeyGraph, 'resolve'>;
  readonly #copied: CopiedSnapshots;

  constructor(graph: Pick<KeyGraph, 'resolve'>, copied: CopiedSnapshots) {
    this.#graph = graph;
    this.#copied = copied;
  }

  add(record: ResourceRecord, place: Place): void {
    if (this.#copied.names.size === 0 || !isSnapshot(record)) return;
    if (!this.#copied.names.has(copiedName(record.kind, record.arn))) return;
    const [link] = edgesOf(record, place).filter(({ spec }) => spec.name === 'source');
    this.nodes.push({
      hop: hopOf(record, place, this.#graph),
      source: link === undefined ? null : { name: link.target, region: link.region ?? parseArn(link.target)?.region ?? null },
    });
  }
}

function isSnapshot(record: ResourceRecord): record is ResourceRecord<SnapshotKind> {
  return (snapshotKinds as readonly string[]).includes(record.kind);
}

function hopOf(record: ResourceRecord<SnapshotKind>, place: Place, graph: Pick<KeyGraph, 'resolve'>): LineageHop {
  const { arn: resource, kind } = record;
  const { account, region } = place;
  const hop = { resource, kind, account, region, level: null, key: null, trouble: null, unread: null };
  const details = attemptFacet(record, keyFacets[kind]);
  if (!details.known) return { ...hop, unread: details.missing[0]?.code ?? 'not collected in this run' };
  const encryption = encryptionOfFacet(kind, details.value);
  const resolved = encryption.by === 'kms' ? graph.resolve(keyReference(encryption.key, place)) : undefined;
  const level = levelOf(encryption, resolved, { facet: `${kind}/details`, operation: null, action: null });
  return {
    ...hop,
    level: level.is === 'level' ? level.level : null,
    key: resolved?.arn ?? null,
    trouble: resolved === undefined ? null : troubleOf(resolved),
    unread: level.is === 'unknown' ? (level.missing[0]?.code ?? 'its key was not read') : null,
  };
}

/** What keeps the snapshot from being restored, now or soon. */
function troubleOf(resolved: ResolvedKey): string | null {
  if (resolved.state === 'missing') return 'the key does not exist';
  if (resolved.state !== 'resolved') return null;
  const { metadata } = resolved.key;
  const use = usability(metadata);
  if (use.usable === false) return use.why;
  return metadata.validTo === null ? null : `its key material expires on ${dateOf(metadata.validTo)}`;
}

/** The chains of copies that leave a region or an account, from the first snapshot to the last copy; undefined: there is none. */
export function lineageOf(
  nodes: readonly LineageNode[],
  whyNotFound: (node: LineageNode) => string,
  unseen: number,
): SnapshotLineage | undefined {
  const byName = new Map(nodes.map((node) => [copiedName(node.hop.kind, node.hop.resource), node] as const));
  const copied = new Set(nodes.flatMap(({ source }) => byName.get(source?.name ?? '') ?? []));
  const chains = nodes
    .filter((node) => node.source !== null && !copied.has(node))
    .map((leaf) => chainOf(leaf, byName, whyNotFound))
    .filter(leavesHome)
    .map((hops) => ({ hops, weight: weightOf(hops), leaf: hops.at(-1)?.resource ?? '' }))
    .toSorted((a, b) => b.weight - a.weight || compareText(a.leaf, b.leaf));
  if (chains.length === 0 && unseen === 0) return undefined;
  return {
    chains: chains.slice(0, chainsMax).map(({ hops }) => ({ hops })),
    more: Math.max(0, chains.length - chainsMax),
    unseen,
  };
}

function chainOf(
  leaf: LineageNode,
  byName: ReadonlyMap<string, LineageNode>,
  whyNotFound: (node: LineageNode) => string,
): LineageHop[] {
  const seen = new Set([leaf]);
  const hops = [leaf.hop];
  // Descriptions can be edited, so that a chain could run in a circle.
  for (let node = leaf; node.source !== null;) {
    const { name, region } = node.source;
    const source = byName.get(name);
    if (source !== undefined && seen.has(source)) break;
    if (source === undefined) {
      const account = parseArn(name)?.account ?? null;
      const nothing = { level: null, key: null, trouble: null, unread: whyNotFound(node) };
      hops.unshift({ resource: name, kind: node.hop.kind, account, region, ...nothing });
      break;
    }
    seen.add(source);
    hops.unshift(source.hop);
    node = source;
  }
  return hops;
}

function leavesHome(hops: readonly LineageHop[]): boolean {
  const differ = (of: 'account' | 'region') => new Set(hops.flatMap((hop) => hop[of] ?? [])).size > 1;
  return differ('account') || differ('region');
}

/** What can be lost weighs most, then what is not under a key of one's own, then keys that differ. */
function weightOf(hops: readonly LineageHop[]): number {
  const lost = hops.some(({ trouble }) => trouble !== null);
  const notOwn = hops.some(({ level }) => level !== null && level !== 'customer-managed');
  const keysDiffer = new Set(hops.map(({ key }) => key)).size > 1;
  return 4 * Number(lost) + 2 * Number(notOwn) + Number(keysDiffer);
}
