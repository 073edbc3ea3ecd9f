import { defaultShare, quotaOf } from '#aws/quotas.js';
import type { TagUse } from '#collect/asked.js';
import type { Registry } from '#collect/registry.js';
import type { RunDocument } from '#inventory/run-folder.js';
import { planSchemaVersion, type Plan, type PlanOperation } from '#model/plan.js';
import { compareText } from '#model/place.js';
import type { Rule } from '#model/rule.js';
import { cpuTerm, pagingTerm, partsOf, quotaTerm, rateTerm, usualCosts } from './bound.js';
import { costOf } from './cost.js';
import { needsOf, type Need } from './needs.js';
import type { Planned } from './planned.js';

/** From one region to another; what a page of a list waits for. */
const latencyMs = 60;

export interface PlanFacts {
  readonly run: RunDocument;
  readonly rules: readonly Rule[];
  readonly registry: Registry;
  readonly tagUse: TagUse;
  readonly basis: Plan['basis'];
  readonly maxRps: number | undefined;
  /** How many processes will crawl. */
  readonly processes: number;
  readonly inventoryBytes: number;
}

/** What is said of a planned run. */
export function planDocument(planned: Planned, facts: PlanFacts): Plan {
  const { run, rules, registry, tagUse, basis, inventoryBytes } = facts;
  const needs = needsOf(rules, registry, run.cells, tagUse);
  const { calls, estimates } = planned;
  const incomplete = [...estimates.values()].includes('incomplete') || run.accounts.some(({ state }) => state === 'failed');
  return {
    schemaVersion: planSchemaVersion,
    tool: run.tool,
    basis,
    complete: !incomplete,
    scope: {
      accounts: run.accounts.map(({ id, name, path, state, reason, baseline, regions }) => ({
        id,
        name,
        path,
        state,
        reason,
        baseline,
        regions: [...regions],
      })),
      regions: [...new Set(run.accounts.flatMap(({ regions }) => regions))].sort(compareText),
    },
    rules: rules.map(({ id }) => id).sort(compareText),
    resources: planned.resources,
    calls: [...calls]
      .map(([id, count]) => {
        const { account, region, operation } = partsOf(id);
        return { account, region, operation, calls: count, estimate: estimates.get(id) ?? null };
      })
      .sort(
        (a, b) => compareText(a.account, b.account) || compareText(a.region, b.region) || compareText(a.operation, b.operation),
      ),
    operations: operationsOf(planned, needs),
    facets: needs.map(({ calls: asked, ...need }) => ({ ...need, operations: asked.map(({ operation }) => operation) })),
    time: timeOf(planned, facts),
    cost: costOf(calls),
    disk: { bytes: inventoryBytes, atLeast: estimates.size > 0 },
  };
}

/** What every scan asks to find out who and where it is. */
const scopeActions: Readonly<Record<string, string | null>> = {
  'ec2:DescribeRegions': 'ec2:DescribeRegions',
  'sts:AssumeRole': 'sts:AssumeRole',
  'sts:GetCallerIdentity': null,
};

function operationsOf({ calls, estimates }: Planned, needs: readonly Need[]): PlanOperation[] {
  const totals = new Map<string, { calls: number; estimate: boolean }>();
  for (const [id, count] of calls) {
    const { operation } = partsOf(id);
    const total = totals.get(operation) ?? { calls: 0, estimate: false };
    totals.set(operation, { calls: total.calls + count, estimate: total.estimate || estimates.has(id) });
  }
  return [...totals]
    .map(([operation, total]) => {
      const wanting = needs.filter((need) => need.calls.some((call) => call.operation === operation));
      const actions = wanting.flatMap((need) => need.calls.filter((call) => call.operation === operation));
      const { rate, burst, published } = quotaOf(operation);
      return {
        operation,
        action: actions[0]?.action ?? scopeActions[operation] ?? null,
        ...total,
        quota: { rate: rate * defaultShare, burst: burst * defaultShare, published },
        facets: wanting.map(({ facet }) => facet),
        rules: [...new Set(wanting.flatMap((need) => need.rules))].sort(compareText),
      };
    })
    .sort((a, b) => compareText(a.operation, b.operation));
}

function timeOf({ calls, chains }: Planned, { maxRps, processes }: PlanFacts): Plan['time'] {
  const cpu = cpuTerm(calls, chains, usualCosts);
  const terms: Plan['time']['terms'] = [
    { term: 'quota', ...quotaTerm(calls, { unpublished: true }) },
    { term: 'paging', ...pagingTerm(chains, latencyMs) },
    {
      term: 'CPU',
      seconds: cpu.seconds / processes,
      at: `${cpu.at} in ${String(processes)} ${processes === 1 ? 'process' : 'processes'}`,
    },
    ...(maxRps === undefined ? [] : [{ term: 'max-rps' as const, ...rateTerm(calls, maxRps) }]),
  ];
  const [longest] = [...terms].sort((a, b) => b.seconds - a.seconds);
  return { seconds: longest?.seconds ?? 0, boundBy: longest?.term ?? '', terms, latencyMs };
}
