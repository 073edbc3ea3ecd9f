/** A thread that judges parts of a run and renders reports of it, as another one asks. */
import { parentPort, workerData } from 'node:worker_threads';
import { withPlugins } from '#plugins/load.js';
import { judgeRange, type Judged } from './evaluate.js';
import { renderReport } from './finish-run.js';
import { catalogue } from './index.js';
import type { ThreadSettings, ToThread } from './judging-threads.js';
import { judgementOf, type Judgement, type JudgingConfig } from './judgement.js';
import { joinRun, type OpenRun } from './open-run.js';
import { ruleSetDigest } from './rule-set.js';
import { storedSource } from './stored-source.js';

async function judgement({ run, plugins, ruleSet }: ThreadSettings): Promise<Judgement> {
  let known = catalogue;
  for (const { name, base } of plugins) known = await withPlugins(known, [name], base);
  const loaded = judgementOf(known, {
    accounts: run.accounts,
    ruleGlobs: run.rules,
    frameworks: run.frameworks,
    config: run.config as JudgingConfig,
    organization: run.organization,
    waivers: run.waivers,
  });
  if (ruleSetDigest(loaded.rules) !== ruleSet) throw new Error('The rules of the run cannot be loaded again');
  return loaded;
}

const settings = workerData as ThreadSettings;
const loaded = judgement(settings);
let opened: Promise<OpenRun> | undefined;

async function answerTo(message: Exclude<ToThread, { is: 'open' }>): Promise<Judged | string> {
  if (message.is === 'render') {
    const { format, as, out } = message;
    return renderReport(await storedSource(as, out, settings.path), out, format, (await loaded).formats);
  }
  if (opened === undefined) throw new Error('The run is not open');
  return judgeRange(await opened, message.range, message.findings, { settings: settings.gate });
}

// A failure ends the thread, which says all.
parentPort?.on('message', (message: ToThread) => {
  if (message.is === 'open') opened = loaded.then((judgement) => joinRun({ ...settings, judgement }, message.joins));
  else void answerTo(message).then((answer) => parentPort?.postMessage(answer));
});
