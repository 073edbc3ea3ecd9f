import pLimit from 'p-limit';
import { CallFailed } from '#aws/ask.js';
import { Connection } from '#aws/connection.js';
import { followUpFacets } from '#collect/asked.js';
import { serviceSpec } from '#collect/registry.js';
import type { RunCell } from '#inventory/run-folder.js';
import { planSchemaVersion, type Preflight, type PreflightAccount } from '#model/plan.js';
import { compareText } from '#model/place.js';
import type { Kind } from '#model/resources/index.js';
import { needsOf, type Need } from '#plan/needs.js';
import { probe, type Outcome } from '#plan/probe.js';
import { accountRegions } from '#scope/regions.js';
import type { ScopeAccount } from '#scope/scope.js';
import { asksForKeys } from './follow-up-jobs.js';
import { configuredRules, tagUseOf } from './judgement.js';
import { lookAhead, type Ahead, type AheadOptions } from './plan-ahead.js';

/** Cells that are tried at once. */
const cellsAtOnce = 48;

export interface PreflightOptions extends AheadOptions {
  /** Every region of the scope in place of one in each account. */
  readonly allRegions: boolean;
}

/** Tries each operation that a scan needs, once in each account, and says what is denied. */
export async function preflight(options: PreflightOptions): Promise<Preflight> {
  const connection = await Connection.open(options.connection);
  try {
    const ahead = await lookAhead(options, connection);
    const { run, scope, judgement } = ahead;
    const rules = configuredRules(judgement);
    const needs = needsOf(rules, judgement.registry, run.cells, tagUseOf(judgement));
    const limit = pLimit(cellsAtOnce);
    const accounts = await Promise.all(
      scope.accounts.map(async (account) => {
        const regions = regionsTried(account, run.homeRegion, options.allRegions);
        const outcomes = await outcomesOf(account, regions, ahead, connection, limit);
        return accountRow(account, regions, outcomes, needs);
      }),
    );
    return {
      schemaVersion: planSchemaVersion,
      tool: run.tool,
      caller: run.caller,
      missing: accounts.some(({ denied, gap }) => denied.length > 0 || gap?.cause === 'denied'),
      complete: accounts.every(({ unclear, gap }) => unclear.length === 0 && (gap === null || gap.cause === 'denied')),
      accounts,
    };
  } finally {
    connection.close();
  }
}

/** IAM is the same in all regions; only service control policies tell them apart. */
function regionsTried({ regions }: ScopeAccount, homeRegion: string, all: boolean): readonly string[] {
  return all ? regions : regions.includes(homeRegion) ? [homeRegion] : regions.slice(0, 1);
}

async function outcomesOf(
  account: ScopeAccount,
  regions: readonly string[],
  { run, judgement }: Ahead,
  connection: Connection,
  limit: ReturnType<typeof pLimit>,
): Promise<readonly Outcome[]> {
  const { id, credentials } = account;
  if (credentials === null) return [];
  const cells = run.cells.filter(({ account: of, region }) => of === id && (region === 'global' || regions.includes(region)));
  const rules = configuredRules(judgement);
  const ofKeys = asksForKeys(judgement)
    ? new Set(['metadata', ...followUpFacets(rules, judgement.registry.kinds)])
    : new Set<string>();
  const isKms = (region: string) => cells.some((cell) => cell.service === 'kms' && cell.region === region);
  // Keys that others refer to are asked for where KMS itself is left out.
  const ofKeysAlone = ofKeys.size === 0 ? [] : regions.filter((region) => !isKms(region));
  const jobs: readonly RunCell[] = [
    ...cells,
    ...ofKeysAlone.map((region) => ({ account: id, region, service: 'kms' as const, asked: {} })),
  ];
  const tried = jobs.map((cell) =>
    limit(() =>
      probe(
        {
          ...cell,
          partition: run.partition,
          homeRegion: run.homeRegion,
          regions: new Set(account.regions),
          asked: new Map(Object.entries(cell.asked).map(([kind, facets]) => [kind as Kind, new Set(facets)])),
          ofKeys,
          credentials,
        },
        serviceSpec(judgement.registry, cell.service),
        connection,
      ),
    ),
  );
  // Where the regions were named, that AWS refused to list them has not been told.
  return [...(await Promise.all(tried)).flat(), await listedRegions(id, run.homeRegion, credentials, connection)];
}

async function listedRegions(
  account: string,
  region: string,
  credentials: NonNullable<ScopeAccount['credentials']>,
  connection: Connection,
): Promise<Outcome> {
  const said = { operation: 'ec2:DescribeRegions', action: 'ec2:DescribeRegions', region };
  try {
    await accountRegions(connection, { account, region, credentials });
    return { ...said, is: 'allowed' };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    const { failure } = error;
    return { ...said, is: failure.class === 'denied' ? 'denied' : 'unclear', failure };
  }
}

function accountRow(
  { id, name, path, state, reason, gap }: ScopeAccount,
  regions: readonly string[],
  outcomes: readonly Outcome[],
  needs: readonly Need[],
): PreflightAccount {
  const denied = [...gapRow(gap), ...deniedOf(outcomes, needs)];
  const helped = denied.filter(({ explicit, deniedBy }) => !explicit && (deniedBy === null || deniedBy === 'identity-policy'));
  const actions = [...new Set(helped.map(({ action }) => action))].sort(compareText);
  return {
    id,
    name,
    path,
    state,
    reason,
    gap,
    regions: [...regions],
    tried: outcomes.filter(({ is }) => is === 'allowed' || is === 'denied').length,
    denied,
    unclear: outcomes.flatMap((outcome) =>
      outcome.is !== 'unclear'
        ? []
        : [
            {
              operation: outcome.operation,
              region: outcome.region,
              code: outcome.failure.code,
              message: outcome.failure.message,
            },
          ],
    ),
    notTried: outcomes.flatMap((outcome) =>
      outcome.is === 'not-tried' ? [{ operation: outcome.operation, region: outcome.region, why: outcome.why }] : [],
    ),
    statement: actions.length === 0 ? null : { Effect: 'Allow', Action: actions, Resource: '*' },
  };
}

type Denied = PreflightAccount['denied'][number];

/** What refused the account itself; a role that could not be assumed is no matter of its own policy. */
function gapRow(gap: ScopeAccount['gap']): Denied[] {
  if (gap?.cause !== 'denied' || gap.operation === null || gap.operation === 'sts:AssumeRole') return [];
  const { operation, action, code } = gap;
  return [{ operation, action: action ?? operation, regions: [], code: code ?? '', deniedBy: null, explicit: false, rules: [] }];
}

/** One row for an action that is denied in the same way in several regions. */
function deniedOf(outcomes: readonly Outcome[], needs: readonly Need[]): Denied[] {
  const rows = new Map<string, Denied>();
  for (const outcome of outcomes) {
    if (outcome.is !== 'denied') continue;
    const { operation, action, region, failure } = outcome;
    const { code, deniedBy, message } = failure;
    const explicit = /explicit deny/i.test(message);
    const id = [operation, action, code, deniedBy, explicit].join(' ');
    const row = rows.get(id) ?? {
      operation,
      action,
      regions: [],
      code,
      deniedBy,
      explicit,
      rules: rulesOf(outcome, needs),
    };
    row.regions.push(region);
    rows.set(id, row);
  }
  return [...rows.values()].sort((a, b) => compareText(a.operation, b.operation) || compareText(a.action, b.action));
}

function rulesOf({ operation, action }: Outcome, needs: readonly Need[]): string[] {
  const wanting = needs.filter(({ calls }) => calls.some((call) => call.operation === operation && call.action === action));
  return [...new Set(wanting.flatMap(({ rules }) => rules))].sort(compareText);
}
