import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { cellPath, readCell, type CellFooter } from '#inventory/cell-file.js';
import { exists, manifestFile, readRun, type RunCell, type RunDocument } from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';
import { serviceOfKind, type Kind, type ResourceRecord } from '#model/resources/index.js';
import { missingText } from '#model/verdict.js';

/** A finished run, and a kind of resource that it listed. */
export interface Listed {
  readonly path: string;
  readonly run: RunDocument;
  readonly kind: Kind;
  /** Cells in which the kind was listed, in order. */
  readonly cells: readonly RunCell[];
}

/** One resource that a run listed. */
export interface Member {
  readonly record: ResourceRecord;
  readonly cell: RunCell;
}

/** What was not listed, and why: nobody knows what is there. */
export interface Unlisted {
  readonly account: string;
  readonly region: string | null;
  readonly why: string;
}

/** What there is to say of a population as a whole. */
export interface PopulationFacts {
  readonly kind: Kind;
  readonly run: string;
  /** When the run began. */
  readonly date: string;
  readonly count: number;
  /** SHA-256 of the ARNs in the order in which they are written, each with a line feed behind it. */
  readonly sha256: string;
  /** Deleted while they were read: not counted. */
  readonly gone: number;
  readonly complete: boolean;
  readonly notListed: readonly Unlisted[];
}

/** Opens a run for its resources of a kind. Rejects one that is not finished, or that did not list the kind. */
export async function openListed(path: string, kind: Kind): Promise<Listed> {
  const run = await readRun(path);
  if (!(await exists(join(path, manifestFile))))
    throw new AtrestError('run-folder', `${path} holds no finished run: ${manifestFile} is missing`);
  if (run.options === null && !(await exists(join(path, 'inventory'))))
    throw new AtrestError('run-folder', `${path} was judged from a run that is in another folder, and so is the inventory`, {
      hint: 'Name the folder of the scan.',
    });
  const cells = run.cells.filter(({ asked }) => asked[kind] !== undefined);
  if (cells.length === 0 && run.accounts.every(({ state }) => state !== 'failed'))
    throw new AtrestError(
      'run-folder',
      `${path} did not list ${kind}: no rule of the run needed it, or ${serviceOfKind[kind]} was not in scope`,
    );
  return { path, run, kind, cells };
}

/** Streams the resources of a kind as the run listed them, cell by cell, and answers with what there is to say of all. */
export async function* population({ path, run, kind, cells }: Listed): AsyncGenerator<Member, PopulationFacts> {
  const hash = createHash('sha256');
  const notListed: Unlisted[] = run.accounts
    .filter(({ state }) => state === 'failed')
    .map(({ id, reason }) => ({
      account: id,
      region: null,
      why: `It could not be entered${reason === null ? '' : `: ${reason}`}.`,
    }));
  let [count, gone] = [0, 0];
  for (const cell of cells) {
    const file = cellPath(path, cell);
    if (!(await exists(file))) {
      notListed.push({ account: cell.account, region: cell.region, why: 'It was not read.' });
      continue;
    }
    let footer: CellFooter | undefined;
    for await (const part of readCell(file)) {
      ({ footer } = part);
      for (const record of part.records) {
        if (record.kind !== kind) continue;
        if (record.gone === true) {
          gone += 1;
          continue;
        }
        count += 1;
        hash.update(`${record.arn}\n`);
        yield { record, cell };
      }
    }
    const why = gapOf(footer, kind);
    if (why !== undefined) notListed.push({ account: cell.account, region: cell.region, why });
  }
  const complete = notListed.length === 0;
  return { kind, run: run.id, date: run.startedAt, count, sha256: hash.digest('hex'), gone, complete, notListed };
}

/** Why a listing is not whole; undefined: it is, or there is nothing to list. */
function gapOf(footer: CellFooter | undefined, kind: Kind): string | undefined {
  if (footer === undefined || footer.state === 'skipped') return undefined;
  const list = footer.lists.find((each) => each.kind === kind);
  if (list === undefined) return `The cell is ${footer.state}, and says nothing of ${kind}.`;
  if (list.complete) return undefined;
  const after = list.count === 0 ? '' : ` ${String(list.count)} were listed before that.`;
  return `${list.missing === null ? 'The list is not complete.' : missingText([list.missing])}${after}`;
}
