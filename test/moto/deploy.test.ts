import { spawnSync } from 'node:child_process';
import { codebuildSteps, githubSteps, gitlabSteps, jenkinsSteps } from '../support/recipes.js';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const deploy = (name: string) => fileURLToPath(new URL(`../../deploy/${name}`, import.meta.url));
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

/** Each by the linter that exists for it; npm run test:moto puts those of Python on PATH. */
const linted: readonly (readonly [program: string, ...args: string[]])[] = [
  ['cfn-lint', '--include-checks', 'I', '--', deploy('fargate/nightly.yaml')],
  ['hadolint', deploy('Dockerfile')],
  ['kubernetes-validate', '--strict', deploy('kubernetes/cronjob.yaml')],
  ['check-jsonschema', '--builtin-schema', 'vendor.github-workflows', ...['gate', 'nightly', 'vending'].map(workflow)],
  ['check-jsonschema', '--builtin-schema', 'vendor.github-actions', deploy('github/action.yml')],
  ['check-jsonschema', '--builtin-schema', 'vendor.gitlab-ci', '--data-transform', 'gitlab-ci', deploy('gitlab/gitlab-ci.yml')],
];

function workflow(name: string): string {
  return deploy(`github/${name}.yml`);
}

test.each(linted)('%s has nothing to say', (program, ...args) => {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  expect(error, `${program} is missing: npm run test:moto installs it`).toBeUndefined();
  expect(status, stdout + stderr).toBe(0);
});

test.skipIf(!hasSystemd)('systemd-analyze has nothing to say (left out where there is none)', () => {
  const units = ['systemd/atrest.service', 'systemd/atrest.timer'].map(deploy);
  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', ...units], { encoding: 'utf8' });
  expect(status, stdout + stderr).toBe(0);
});

test('shellcheck has nothing to say of the shell in the recipes', async () => {
  const recipes = [
    ...['gate', 'nightly', 'vending'].map((name) => githubSteps(`github/${name}.yml`, {})),
    ...[gitlabSteps(), jenkinsSteps(), codebuildSteps()],
  ];
  const steps = (await Promise.all(recipes)).flat();
  expect(steps.length).toBeGreaterThan(15);
  for (const { name, shell, script } of steps) {
    const input = `#!/bin/${shell}\n${script}`;
    const { status, stdout, stderr, error } = spawnSync('shellcheck', ['-'], { input, encoding: 'utf8' });
    expect(error, 'shellcheck is missing: npm run test:moto installs it').toBeUndefined();
    expect(status, `${name}\n${stdout}${stderr}`).toBe(0);
  }
});
