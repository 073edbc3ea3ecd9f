import { spawnSync } from 'node:child_process';
import { codebuildSteps, githubSteps, gitlabSteps, jenkinsSteps } from '../support/recipes.js';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

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

/** Says whether what it reads is Groovy. */
const parsesGroovy = `
import sys, tree_sitter_groovy
from tree_sitter import Language, Parser
tree = Parser(Language(tree_sitter_groovy.language())).parse(sys.stdin.buffer.read())
sys.exit(1 if tree.root_node.has_error else 0)
`;

test('the Jenkinsfile is Groovy', async () => {
  const text = await readFile(deploy('jenkins/Jenkinsfile'), 'utf8');
  const status = (input: string) => spawnSync('python3', ['-c', parsesGroovy], { input, encoding: 'utf8' });
  expect(status(text)).toMatchObject({ status: 0, stderr: '' });
  expect(status(text.replace('disableConcurrentBuilds()', 'disableConcurrentBuilds('))).toMatchObject({ status: 1, stderr: '' });
});

const lines = z.array(z.string()).min(1);

/** What the recipe uses of https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html, and nothing beside it. */
const Buildspec = z.strictObject({
  version: z.literal(0.2),
  phases: z.partialRecord(
    z.enum(['install', 'pre_build', 'build', 'post_build']),
    z.strictObject({ 'runtime-versions': z.strictObject({ nodejs: z.int() }).optional(), commands: lines }),
  ),
  reports: z.record(
    z.string().regex(/^[A-Za-z0-9][\w-]{1,127}$/),
    z.strictObject({ files: lines, 'base-directory': z.string(), 'file-format': z.literal('JUNITXML') }),
  ),
  artifacts: z.strictObject({ files: lines, 'base-directory': z.string(), name: z.string() }),
});

test('the buildspec has the syntax that CodeBuild documents', async () => {
  expect(Buildspec.safeParse(parse(await readFile(deploy('codebuild/buildspec.yml'), 'utf8'))).error).toBeUndefined();
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
