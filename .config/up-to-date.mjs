// Runs on Node alone, before anything is installed: Node's own modules only.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** What the bundle is made from. Folders count too: theirs change when a file is removed. */
const sources = ['src', 'rules', 'reports', 'package.json', 'package-lock.json', '.config/build.mjs', '.config/bundle.mjs'];

export function say(text) {
  process.stderr.write(`atrest: ${text}\n`);
}

export function requireNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [major, minor] = engines.node.match(/\d+/g).map(Number);
  const [runningMajor, runningMinor] = process.versions.node.split('.').map(Number);
  if (runningMajor > major || (runningMajor === major && runningMinor >= minor)) return;
  say(`Node ${major}.${minor} or newer is needed; this is Node ${process.versions.node}. See https://nodejs.org/en/download.`);
  process.exit(2);
}

export async function ensureInstalled() {
  const installed = modifiedAt('node_modules/.package-lock.json');
  if (installed >= modifiedAt('package-lock.json')) return;
  say(installed === 0 ? 'installing the packages (npm ci)' : 'package-lock.json is newer than node_modules: installing (npm ci)');
  // npm's summary belongs to stderr here: stdout is for data.
  const npm = process.env.npm_execpath === undefined ? ['npm'] : [process.execPath, process.env.npm_execpath];
  const [command, ...args] = [...npm, 'ci', '--loglevel=error'];
  await required(command, args, { stdio: ['inherit', process.stderr, 'inherit'] });
}

export async function ensureBuilt() {
  await ensureInstalled();
  const built = modifiedAt('dist/main.js');
  if (built > newest(sources)) return;
  say(built === 0 ? 'building dist/' : 'sources are newer than dist/: building');
  await required(process.execPath, [join(root, '.config/build.mjs')]);
}

/** Runs a program with our stdio and passes signals on. Resolves to its exit code; 128 + n after signal n. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    const forward = (signal) => child.kill(signal);
    // A terminal sends Ctrl-C to the child itself; here it only has to keep this process waiting.
    const wait = () => process.stdin.isTTY || child.kill('SIGINT');
    process.on('SIGTERM', forward).on('SIGHUP', forward).on('SIGINT', wait);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGTERM', forward).off('SIGHUP', forward).off('SIGINT', wait);
      resolve(signal === null ? code : 128 + constants.signals[signal]);
    });
  });
}

/** Like `run`, but there is no going on after a failure. */
export async function required(command, args, options) {
  const code = await run(command, args, options);
  if (code === 0) return;
  say(`${[command, ...args].join(' ')} failed (exit ${code})`);
  process.exit(code);
}

function newest(paths) {
  return Math.max(...paths.map((path) => (isFolder(path) ? newestInside(path) : modifiedAt(path))));
}

function newestInside(folder) {
  const entries = readdirSync(join(root, folder)).map((name) => join(folder, name));
  return Math.max(modifiedAt(folder), ...(entries.length === 0 ? [] : [newest(entries)]));
}

function isFolder(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function modifiedAt(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
