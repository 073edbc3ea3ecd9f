// Finds or installs the Python programs that `.config/moto-requirements.txt` pins: the moto server, and what checks the
// templates of `atrest policy`. Run alone, it only does that.
import { readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, isExecutable } from './programs.mjs';
import { required, root, say } from './up-to-date.mjs';

const requirements = join(root, '.config/moto-requirements.txt');
const venv = join(root, '.venv');
const stamp = join(venv, 'moto-requirements.txt');

/** What is asked for by name, up to the first empty line, as [package, version]; the rest of the file is what these stand on. */
const [asked] = readFileSync(requirements, 'utf8').split('\n\n');
const pins = [...asked.matchAll(/^([\w-]+)(?:\[\w+\])?==(\S+)$/gm)].map(([, name, version]) => [name, version]);
const wanted = pins.map((pin) => pin.join(' ')).join(', ');

/** The PATH under which `moto_server`, `cfn-lint` and a `python3` with the packages are the pinned ones. */
export async function ensureMoto() {
  const onPath = findProgram(['moto_server']);
  if (onPath !== undefined && findProgram(['cfn-lint']) !== undefined && hasPins('python3')) {
    say(`${wanted}: those on PATH (${onPath})`);
    return process.env.PATH;
  }

  if (!isInstalled()) await install();
  say(`${wanted}: those in .venv`);
  return [join(venv, 'bin'), process.env.PATH].join(delimiter);
}

async function install() {
  const python = findProgram(['python3']);
  if (python === undefined) {
    say('the moto suite needs Python 3 with venv (apt-get install python3-venv), or moto_server on PATH');
    process.exit(2);
  }
  say(`installing ${wanted} into .venv`);
  const toStderr = { stdio: ['inherit', process.stderr, 'inherit'] };
  await required(python, ['-m', 'venv', '--clear', venv], toStderr);
  await required(join(venv, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', requirements], toStderr);
  writeFileSync(stamp, readFileSync(requirements));
}

/** The stamp is written last: an interrupted installation has none. */
function isInstalled() {
  try {
    return readFileSync(stamp, 'utf8') === readFileSync(requirements, 'utf8') && isExecutable(join(venv, 'bin/moto_server'));
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

function hasPins(python) {
  const ask = `from importlib.metadata import version; print(*map(version, ${JSON.stringify(pins.map(([name]) => name))}))`;
  const { stdout } = spawnSync(python, ['-c', ask], { encoding: 'utf8' });
  return stdout?.trim() === pins.map(([, version]) => version).join(' ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureMoto();
