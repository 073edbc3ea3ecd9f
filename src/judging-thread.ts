/** A thread that judges parts of a run which another one hands to it. */
import { parentPort, workerData } from 'node:worker_threads';
import { withPlugins } from '#plugins/load.js';
import { judgeRange } from './evaluate.js';
import { catalogue } from './index.js';
import type { JudgedThere, JudgeRange, JudgingSettings } from './judging-threads.js';
import { judgementOf, openRun, type JudgingConfig, type OpenRun } from './open-run.js';
import { ruleSetDigest } from './rule-set.js';

async function opened({ path, run, plugins, ruleSet }: JudgingSettings): Promise<OpenRun> {
  let known = catalogue;
  for (const { name, base } of plugins) known = await withPlugins(known, [name], base);
  const judgement = judgementOf(known, {
    accounts: run.accounts,
    ruleGlobs: run.rules,
    frameworks: run.frameworks,
    config: run.config as JudgingConfig,
    organization: run.organization,
  });
  if (ruleSetDigest(judgement.rules) !== ruleSet) throw new Error('The rules of the run cannot be loaded again');
  return openRun(path, run, judgement);
}

const open = opened(workerData as JudgingSettings);

parentPort?.on('message', ({ range, path }: JudgeRange) => {
  void (async () => {
    const { tally, keys, errors } = await judgeRange(await open, range, path);
    parentPort?.postMessage({ summary: tally.summary(), keys, errors } satisfies JudgedThere);
  })();
});
