import { readCell, cellPath } from '#inventory/cell-file.js';
import { readRun } from '#inventory/run-folder.js';
import { rules } from '#rules/index.js';
import { Evaluator } from '#engine/evaluator.js';
import { facetOperations } from '#collect/registry.js';
import { judgementOf, openRun } from '#open-run.js';
const path = process.argv[2]!;
const run = await readRun(path);
const judgement = judgementOf(rules, { accounts: run.accounts, ruleGlobs: [], cmkRequired: undefined });
const open = await openRun(path, run, judgement);
const sets: { ev: Evaluator; place: any; records: any[] }[] = [];
const evs = new Map<string, Evaluator>();
for (const { cell, place } of open.cells) {
  let ev = evs.get(cell.account);
  if (!ev)
    evs.set(
      cell.account,
      (ev = new Evaluator({
        rules: judgement.rules,
        baseline: judgement.baselines.get(cell.account)!,
        joins: open.graph,
        now: new Date(run.now),
        operations: facetOperations(),
      })),
    );
  for await (const { records } of readCell(cellPath(path, cell))) sets.push({ ev, place, records: [...records] });
}
const kinds = process.argv[3] ? new Set(process.argv[3].split(',')) : undefined;
let n = 0,
  p = 0;
const rounds = Number(process.argv[4] ?? 12);
for (let r = 0; r < rounds; r++) {
  const b = process.cpuUsage();
  const t = performance.now();
  n = 0;
  for (const { ev, place, records } of sets)
    for (const rec of records) {
      if (kinds && !kinds.has(rec.kind)) continue;
      n++;
      ev.evaluate(rec, place, (_rule, outcome) => {
        if (outcome.verdict === 'pass') p++;
      });
    }
  const u = process.cpuUsage(b);
  if (r >= rounds - 3)
    console.log(
      n,
      'us/resource cpu',
      ((u.user + u.system) / n).toFixed(2),
      'wall',
      (((performance.now() - t) * 1000) / n).toFixed(2),
    );
}
