// npm test, npm run test:moto …: node .config/test.mjs [SUITE] [arguments of vitest]
import { join } from 'node:path';
import { findProgram } from './programs.mjs';
import { ensureMoto } from './moto.mjs';
import { ensureBuilt, requireNode, root, run, say } from './up-to-date.mjs';

/** Suites that `npm test` leaves out, and why. */
const optionalSuites = {
  moto: 'wants Python 3 and downloads a moto server',
  browser: 'wants Chromium',
  long: 'takes hours: mutants of the rules, seeds of faults, kills, a hundred accounts',
};

const [first = 'suite', ...rest] = process.argv.slice(2);
const [suite, args] = first === 'suite' || first in optionalSuites ? [first, rest] : ['suite', [first, ...rest]];

requireNode();
await ensureBuilt();

const env = { ...process.env };
if (suite === 'moto') env.PATH = await ensureMoto();
if (suite === 'browser') env.CHROMIUM = requireChromium();

const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const config = join(root, '.config/vitest.config.ts');
process.exitCode = await run(
  process.execPath,
  [vitest, 'run', '--config', config, '--project', suite === 'suite' ? 'suite*' : suite, ...args],
  { env },
);

if (suite === 'suite') {
  for (const [name, reason] of Object.entries(optionalSuites))
    say(`left out: the ${name} suite, which ${reason}. Run it with: npm run test:${name}`);
}

function requireChromium() {
  const found = process.env.CHROMIUM ?? findProgram(['chromium', 'chromium-browser', 'google-chrome']);
  if (found !== undefined) return found;
  say('the browser suite needs Chromium: install it (apt-get install chromium) or name it in CHROMIUM');
  process.exit(2);
}
