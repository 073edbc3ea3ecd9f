import { join } from 'node:path';
import { cellPath, readCell } from '#inventory/cell-file.js';
import { readLines } from '#inventory/lines.js';
import { exists, findingsFile, readRun, type RunDocument } from '#inventory/run-folder.js';
import type { Standing } from '#gate/change.js';
import { cellRegion, isListing, serviceOf, type Placed } from '#gate/order.js';
import type { Finding, ReportHeader } from '#model/report.js';
import type { Kind } from '#model/resources/index.js';
import { readSummary } from './finish-run.js';
import type { PassLine } from './outcome-patterns.js';

/** A rule and a resource of which another run, or a file of accepted findings, has a finding; by its id. */
export type Questions = ReadonlyMap<string, Placed>;

/**
 * What a run says of rules and resources of which it has neither fail nor unknown. Holds no more than was asked, and
 * reads only those cells of the inventory that it has to.
 */
export async function settle(path: string, questions: Questions): Promise<ReadonlyMap<string, Standing>> {
  const standings = new Map<string, Standing>();
  if (questions.size === 0) return standings;
  const run = await readRun(path);
  const header = await readSummary(path);
  const { unlisted, present } = await readVerdicts(path, questions, standings);
  const open = new Map<string, Map<string, Placed>>();
  for (const [id, asked] of questions) {
    if (standings.has(id)) continue;
    const reason = notInScope(asked, run, header);
    if (reason !== null) standings.set(id, { is: 'not-evaluated', reason });
    else if (isListing(asked)) standings.set(id, { is: 'listed' });
    else if (present.has(placeOf(asked))) standings.set(id, { is: 'not-applicable' });
    else {
      const cell = cellOf(path, asked);
      const here = open.get(cell) ?? new Map<string, Placed>();
      open.set(cell, here.set(id, asked));
    }
  }
  for (const [cell, here] of open) {
    const there = await presentIn(cell, here);
    for (const [id, asked] of here) standings.set(id, standingIn(there, asked, unlisted));
  }
  return standings;
}

interface Verdicts {
  /** Account, region and kind of what was not listed to the end. */
  readonly unlisted: ReadonlySet<string>;
  /** Resources asked about that some rule passes. */
  readonly present: ReadonlySet<string>;
}

/** Answers from the findings file what passes and what a rule threw on. */
async function readVerdicts(path: string, questions: Questions, standings: Map<string, Standing>): Promise<Verdicts> {
  const byPlace = new Map<string, string[]>();
  const byRule = new Map<string, string[]>();
  const put = (map: Map<string, string[]>, key: string, id: string) => void map.set(key, [...(map.get(key) ?? []), id]);
  for (const [id, asked] of questions) {
    put(byPlace, placeOf(asked), id);
    put(byRule, `${asked.rule} ${asked.resource}`, id);
  }
  const unlisted = new Set<string>();
  const present = new Set<string>();
  for await (const lines of readLines(join(path, findingsFile))) {
    for (const line of lines) {
      if (line.startsWith('{"pass"')) {
        const { pass, account, region, resources } = JSON.parse(line) as PassLine;
        for (const resource of resources) {
          const place = placeOf({ account, region, resource });
          const ids = byPlace.get(place);
          if (ids === undefined) continue;
          present.add(place);
          for (const id of ids) if (pass.includes(questions.get(id)?.rule ?? '')) standings.set(id, { is: 'pass' });
        }
      } else if (line.startsWith('{"verdict":"error"')) {
        const { rule, resource } = JSON.parse(line) as { rule: string; resource: string };
        const threw: Standing = { is: 'not-evaluated', reason: 'the rule threw an error' };
        for (const id of byRule.get(`${rule} ${resource}`) ?? []) standings.set(id, threw);
      } else if (line.includes('/*"')) {
        const finding = JSON.parse(line) as Finding;
        if (isListing(finding)) unlisted.add(listOf(finding));
      }
    }
  }
  return { unlisted, present };
}

/** Why the run did not look at it at all; null: it did, or tried to. */
function notInScope(asked: Placed, run: RunDocument, { rules }: ReportHeader): string | null {
  const { account: id, region, rule, kind } = asked;
  const account = run.accounts.find((each) => each.id === id);
  if (account === undefined) return `account ${id} was not in the scope`;
  if (account.state === 'failed') return `account ${id} could not be entered`;
  if (account.state === 'skipped') return `account ${id} was skipped: it is ${account.reason ?? 'closed'}`;
  const row = rules.find((each) => each.id === rule);
  if (row === undefined || row.offIn.includes(id)) return 'the rule was off';
  if (account.disabledRegions.includes(region)) return `the account had not enabled ${region}`;
  if (region !== 'global' && !account.regions.includes(region)) return `${region} was not in the scope`;
  const [at, service] = [cellRegion(asked), serviceOf(asked)];
  const cell = run.cells.find((each) => each.account === id && each.region === at && each.service === service);
  return cell?.asked[kind as Kind] === undefined ? `${service} was not in the scope` : null;
}

/** Which of the resources a cell holds; undefined where the cell is not there. One that was deleted meanwhile is not held. */
async function presentIn(cell: string, here: Questions): Promise<ReadonlySet<string> | undefined> {
  if (!(await exists(cell))) return undefined;
  const wanted = new Set([...here.values()].map(({ resource }) => resource));
  const found = new Set<string>();
  for await (const { records } of readCell(cell))
    for (const { arn, region, gone } of records) if (wanted.has(arn) && gone !== true) found.add(`${arn} ${region}`);
  return found;
}

function standingIn(there: ReadonlySet<string> | undefined, asked: Placed, unlisted: ReadonlySet<string>): Standing {
  if (there?.has(`${asked.resource} ${asked.region}`) === true) return { is: 'not-applicable' };
  if (unlisted.has(listOf(asked))) return { is: 'not-evaluated', reason: `not all of ${asked.kind} could be listed` };
  if (there !== undefined) return { is: 'gone' };
  const reason = 'the inventory that says whether the resource is there is in another folder';
  return { is: 'not-evaluated', reason };
}

function placeOf({ account, region, resource }: Pick<Placed, 'account' | 'region' | 'resource'>): string {
  return `${account} ${region} ${resource}`;
}

function listOf(placed: Placed): string {
  return `${placed.account} ${cellRegion(placed)} ${placed.kind}`;
}

function cellOf(run: string, placed: Placed): string {
  const cell = { account: placed.account, region: cellRegion(placed), service: serviceOf(placed) };
  return cellPath(run, cell as Parameters<typeof cellPath>[1]);
}
