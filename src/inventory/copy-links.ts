import { parseArn } from '#model/arn.js';
import { compareText } from '#model/place.js';
import type { CellEdges } from './edges-file.js';

/** So many snapshots are looked at for the chains that they are copied along; what is beyond is counted. */
const snapshotsMax = 10_000;

const snapshotKinds: ReadonlySet<string> = new Set(['ebs.snapshot', 'rds.snapshot', 'rds.cluster-snapshot']);

/** By what a copy names what it was made from: EBS snapshots by their id, which no two have in common, others by their ARN. */
export function copiedName(kind: string, arn: string): string {
  return kind === 'ebs.snapshot' ? arn.slice(arn.lastIndexOf('/') + 1) : arn;
}

/** Snapshots that are copies or were copied, by `copiedName`. */
export interface CopiedSnapshots {
  readonly names: ReadonlySet<string>;
  /** Copies that are not among them, for there are too many. */
  readonly unseen: number;
}

/** Which snapshots the chains of a run run through. Copies that left their region or account come first. */
export function copiedSnapshots(cells: readonly CellEdges[], most: number = snapshotsMax): CopiedSnapshots {
  const links = cells.flatMap(({ edges, header }) =>
    edges.flatMap(({ edge, from, to, region, count, first }) => {
      if (edge !== 'source' || !snapshotKinds.has(from)) return [];
      const source = parseArn(to);
      const away =
        (source?.region ?? region ?? header.region) !== header.region || (source?.account ?? header.account) !== header.account;
      return [{ to, count, first: first.map((arn) => copiedName(from, arn)), away }];
    }),
  );
  const names = new Set<string>();
  let unseen = 0;
  for (const { to, count, first } of links.toSorted((a, b) => Number(b.away) - Number(a.away) || compareText(a.to, b.to))) {
    if (names.size >= most) {
      unseen += count;
      continue;
    }
    for (const name of [to, ...first]) names.add(name);
    unseen += count - first.length;
  }
  return { names, unseen };
}
