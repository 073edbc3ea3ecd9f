/** A thread that judges parts of a run and renders reports of it, as another one asks. */
import { parentPort, workerData } from 'node:worker_threads';
import { withPlugins } from '#plugins/load.js';
import { judgeRange } from './evaluate.js';
import { renderReport, storedFindings } from './finish-run.js';
import { catalogue } from './index.js';
import type { JudgedThere, ThreadSettings, ToThread } from './judging-threads.js';
import { judgementOf, openRun, type JudgingConfig, type OpenRun } from './open-run.js';
import { ruleSetDigest } from './rule-set.js';

async function opened({ path, run, plugins, ruleSet }: ThreadSettings): Promise<OpenRun> {
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

async function answerTo(message: ToThread): Promise<JudgedThere | string> {
  if (message.is === 'render') {
    const { format, header, out } = message;
    return renderReport({ header, findings: () => storedFindings(out) }, out, format);
  }
  const { tally, keys, errors } = await judgeRange(await open, message.range, message.findings);
  return { summary: tally.summary(), keys, errors };
}

const open = opened(workerData as ThreadSettings);
parentPort?.on('message', (message: ToThread) => {
  // A failure ends the thread, which says all.
  void answerTo(message).then((answer) => parentPort?.postMessage(answer));
});
