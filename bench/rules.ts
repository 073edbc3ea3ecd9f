/**
 * rules: what each rule costs a resource of its kinds. A stored run of a million resources is judged with every rule's own
 * functions timed, the joins that they use included; the time that the clock itself takes is measured and taken off.
 * Averages are over the resources that the rule was asked about.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Catalogue } from '#model/framework.js';
import type { Rule } from '#model/rule.js';
import { writeRunFolder } from './inventory/run-folder.js';
import { measurement, type Benchmark } from './measurement.js';
import { inWorker } from './worker.js';

const size = 1_000_000;
const wantedMicroseconds = 10;
/** Of fewer, the average is that of code that V8 has not yet compiled. */
const fewest = 1000;

interface RuleCost {
  readonly rule: string;
  readonly resources: number;
  /** On average over the resources. */
  readonly microseconds: number;
}

export const rulesBenchmark: Benchmark = {
  name: 'rules',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'atrest-bench-'));
    try {
      const run = join(folder, 'run');
      await writeRunFolder(run, size);
      const costs = await inWorker<readonly RuleCost[]>('rules', { run, out: join(folder, 'out') });
      return costs.map(({ rule, resources, microseconds }) =>
        measurement({
          name: rule,
          value: microseconds,
          unit: 'µs/resource',
          ...(resources < fewest ? {} : { against: wantedMicroseconds, wanted: { is: '<=', than: 1 } }),
          note: `asked of ${resources.toLocaleString('en')}${resources < fewest ? ', too few to hold against anything' : ''}`,
        }),
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Costs of all rules, the dearest first. */
export async function rulesWorker({ run, out }: { run: string; out: string }): Promise<readonly RuleCost[]> {
  const { evaluate, catalogue } = await import('#index.js');
  const timers = new Map(catalogue.rules.map((rule) => [rule.id, new Timer()]));
  const timed: Catalogue = { ...catalogue, rules: catalogue.rules.map((rule) => timedRule(rule, timers.get(rule.id))) };
  await evaluate({
    catalogue: timed,
    run,
    out,
    baseline: 'strict',
    frameworks: undefined,
    ruleGlobs: undefined,
    formats: [],
    failOn: 'never',
    allowIncomplete: false,
    includePass: false,
    explain: false,
    now: undefined,
  });
  const tick = clockMicroseconds();
  return [...timers]
    .map(([rule, { asked, calls, milliseconds }]) => ({
      rule,
      resources: asked,
      microseconds: asked === 0 ? 0 : Math.max(0, milliseconds * 1000 - calls * tick) / asked,
    }))
    .sort((a, b) => b.microseconds - a.microseconds);
}

class Timer {
  asked = 0;
  calls = 0;
  milliseconds = 0;

  time<T>(work: () => T): T {
    const from = performance.now();
    try {
      return work();
    } finally {
      this.milliseconds += performance.now() - from;
      this.calls += 1;
    }
  }
}

function timedRule(rule: Rule, timer = new Timer()): Rule {
  return {
    ...rule,
    appliesTo: (resource, premises) => {
      timer.asked += 1;
      return timer.time(() => rule.appliesTo(resource, premises));
    },
    evaluate: (resource, context) => timer.time(() => rule.evaluate(resource, context)),
  };
}

/** What timing a call adds to it. */
function clockMicroseconds(): number {
  const calls = 1_000_000;
  const timer = new Timer();
  for (let call = 0; call < calls; call += 1) timer.time(() => call);
  return (timer.milliseconds * 1000) / calls;
}
