import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, startEstate, type Estate } from '#estate/index.js';
import { estateEnv, program } from '../support/cli.js';
import { codebuildSteps, githubSteps, gitlabSteps, jenkinsSteps, type ShellStep } from '../support/recipes.js';

const account = '111111111111';

/** What the steps call beside atrest: it leaves its arguments in calls.log. */
const shims: Readonly<Record<string, string>> = {
  atrest: `exec "${process.execPath}" "${program}" "$@"`,
  npm: 'echo "npm $*" >> "$CALLS"',
  npx: '[ "$1" = --yes ] || exit 9; shift; exec "$@"',
  terraform: `echo "terraform $*" >> "$CALLS"\ncase "$*" in *" output "*) printf ${account} ;; esac`,
};

const config = `version: 1
scope: { accounts: ["${account}"] }
assign:
  - { baseline: recommended, accounts: ["${account}"] }
`;

/** Every recipe scans it once. */
function smallestWorld() {
  const world = createWorld({ seed: 5 }).addAccount(account, { regions: ['us-east-1'] });
  world.put(account, 'us-east-1', 'kms.key', { rotation: { enabled: false } });
  world.put(account, 'us-east-1', 'ebs.volume', { Encrypted: false });
  world.put(account, 'us-east-1', 's3.bucket', {});
  return world;
}

let estate: Estate;
let folder: string;
let env: Record<string, string>;
const at = (name: string): string => join(folder, name);

interface Ran {
  readonly code: number;
  readonly output: string;
  /** Names of the steps that ran. */
  readonly steps: readonly string[];
}

beforeAll(async () => {
  estate = await startEstate(smallestWorld());
  folder = await mkdtemp(join(tmpdir(), 'atrest-recipes-'));
  await mkdir(at('bin'));
  for (const [name, script] of Object.entries(shims)) {
    await writeFile(at(`bin/${name}`), `#!/bin/sh\n${script}\n`);
    await chmod(at(`bin/${name}`), 0o755);
  }
  await writeFile(at('atrest.yaml'), config);
  const aws = estateEnv(estate);
  env = { ...aws, PATH: `${at('bin')}:${aws['PATH'] ?? ''}`, CALLS: at('calls.log') };
  // As docs/ci.md says to begin.
  const [, begin = ''] = /```sh\n(atrest scan [^]*?)```/.exec(await readFile('docs/ci.md', 'utf8')) ?? [];
  const begun = await shell({ name: 'begin', shell: 'bash', script: begin, env: {}, always: false });
  expect(begun.output).toMatch(/Gate passed/);
  expect(begun.code).toBe(0);
});

afterAll(async () => {
  await estate.close();
  await rm(folder, { recursive: true, force: true });
});

function shell({ shell: name, script, env: own }: ShellStep, more: Record<string, string> = {}): Promise<Ran> {
  // The flags with which each service starts its shell.
  const flags = name === 'bash' ? ['--noprofile', '--norc', '-eo', 'pipefail', '-c'] : ['-ec'];
  return new Promise((resolve, reject) => {
    const given = Object.fromEntries(Object.entries(own).map(([key, text]) => [key, text.replace('$CI_PROJECT_DIR', folder)]));
    const child = spawn(name, [...flags, script], { cwd: folder, env: { ...env, ...more, ...given } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code: code ?? -1, output, steps: [] });
    });
  });
}

/** Runs the steps as a pipeline does: after one that fails, only those that always run. */
async function run(steps: readonly ShellStep[], more: Record<string, string> = {}): Promise<Ran> {
  await rm(at('atrest-run'), { recursive: true, force: true });
  const ran = { code: 0, output: '', steps: [] as string[] };
  for (const step of steps) {
    if (ran.code !== 0 && !step.always) continue;
    const { code, output } = await shell(step, more);
    ran.output += output;
    ran.steps.push(step.name);
    if (ran.code === 0) ran.code = code;
  }
  return ran;
}

/** Does the work with one finding fewer accepted, and hands it that finding. */
async function withOneLess(work: (finding: { rule: string; resource: string }) => Promise<void>): Promise<void> {
  const file = at('atrest-known.json');
  const text = await readFile(file, 'utf8');
  const known = JSON.parse(text) as { known: { rule: string; resource: string; severity: string }[] };
  const index = known.known.findIndex(({ severity }) => severity === 'high');
  const [finding] = known.known.splice(index, 1);
  if (finding === undefined) throw new Error('nothing is accepted');
  await writeFile(file, JSON.stringify(known));
  try {
    await work(finding);
  } finally {
    await writeFile(file, text);
  }
}

const github = { GITHUB_ACTIONS: 'true' };
const variables = { 'vars.AWS_REGION': 'us-east-1', 'steps.vend.outputs.account': account };

describe('GitHub Actions', () => {
  test('the gate is green with what is accepted, and the page of the step shows the run', async () => {
    const summary = at('summary.md');
    const { code, output, steps } = await run(await githubSteps('github/gate.yml', variables), {
      ...github,
      GITHUB_STEP_SUMMARY: summary,
    });
    expect(output).toMatch(/Gate passed/);
    expect(code).toBe(0);
    expect(steps).toEqual(['Install', 'Scan', 'Summary', 'Gate']);
    expect(output).not.toMatch(/^::error/m);
    expect(await readFile(summary, 'utf8')).toMatch(/^# Encryption at rest: \d+ findings/);
    expect((await stat(at('atrest-run/report.sarif'))).size).toBeGreaterThan(100);
    expect(await readFile(at('calls.log'), 'utf8')).toContain('npm install --global atrest@latest');
  });

  test('one finding more is red, with an annotation at the line that governs the account', async () => {
    await withOneLess(async ({ rule, resource }) => {
      // What the scan read is still there: the gate can be asked again.
      const gate = (await githubSteps('github/gate.yml', variables)).filter(({ name }) => name === 'Gate');
      const [step] = gate;
      if (step === undefined) throw new Error('no gate');
      const { code, output } = await shell(step, github);
      expect(code).toBe(1);
      expect(output).toContain(resource);
      const annotations = output.split('\n').filter((line) => line.startsWith('::error'));
      expect(annotations).toHaveLength(1);
      expect(annotations[0]).toContain(`::error file=atrest.yaml,line=4,title=${rule}::`);
    });
  });

  test('a vended account has nothing that is accepted: what is wrong with it is red', async () => {
    const output = at('output');
    const ran = await run(await githubSteps('github/vending.yml', variables), { ...github, GITHUB_OUTPUT: output });
    expect(await readFile(output, 'utf8')).toBe(`account=${account}\n`);
    expect(await readFile(at('calls.log'), 'utf8')).toMatch(/terraform -chdir=vending apply -input=false -auto-approve/);
    expect(ran.steps).toEqual(['Vend', 'Install', 'Scan', 'Summary', 'Gate']);
    expect(ran.output).toMatch(/Gate failed: 1 finding/);
    expect(ran.code).toBe(1);
  });
});

test('GitLab: green with what is accepted, reports where the job looks for them, no token left', async () => {
  const { code, output } = await run(await gitlabSteps(), { AWS_ID_TOKEN: 'token', ATREST_ROLE_ARN: 'x' });
  expect(output).toMatch(/Gate passed/);
  expect(code).toBe(0);
  for (const name of ['report.gitlab.json', 'report.junit.xml', 'report.html'])
    expect((await stat(at(`atrest-run/${name}`))).size).toBeGreaterThan(2);
  await expect(stat(at('.aws-token'))).rejects.toThrow('ENOENT');
});

test('Jenkins: red for one finding that is not accepted', async () => {
  await withOneLess(async ({ resource }) => {
    const { code, output, steps } = await run(await jenkinsSteps());
    expect(steps).toEqual(['Scan', 'Gate']);
    expect(output).toContain(resource);
    expect(code).toBe(1);
  });
  expect((await stat(at('atrest-run/report.junit.xml'))).size).toBeGreaterThan(100);
});

test('CodeBuild: red with exit code 3 where something could not be read, after the reports were written', async () => {
  const denied = estate.faults.add({ kind: 'deny', operation: 'kms:GetKeyRotationStatus' });
  try {
    const { code, output } = await run(await codebuildSteps());
    expect(output).toMatch(/Gate undecided/);
    expect(code).toBe(3);
    expect((await stat(at('atrest-run/report.junit.xml'))).size).toBeGreaterThan(100);
  } finally {
    denied.remove();
  }
});
