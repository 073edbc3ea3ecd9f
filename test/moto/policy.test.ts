import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditRole, catalogue, listRole, renderRole, type Config, type RoleSpec } from '#index.js';
import { withSampleOptions } from '../support/samples.js';
import { startMoto, type Moto } from './server.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const config: Config = { version: 1 };
const own = { ...catalogue, rules: catalogue.rules.map(withSampleOptions) };
const tagged: Config = {
  version: 1,
  baselines: { tagged: { extends: 'strict', cmkRequired: [{ tags: { DataClass: ['restricted'] } }] } },
};
const audit = (from: typeof catalogue, baseline: string, given = config) =>
  auditRole({ catalogue: from, config: given, baselines: [baseline], ruleGlobs: [] }).role;

/** Of every sort that `atrest policy` prints: with the fewest actions and with all, in one document and in several. */
const roles: Readonly<Record<string, RoleSpec>> = {
  recommended: audit(catalogue, 'recommended'),
  'every action': audit(own, 'tagged', tagged),
  'several documents': severalDocuments(),
  'list role of an organisation': listRole(config, 'aws'),
  'list role of named accounts': listRole({ version: 1, scope: { accounts: ['111111111111'], externalId: 'house-7' } }, 'aws-cn'),
};

/** As if IAM's limit were lower: AWS has not the hundreds of actions that it takes to reach the real one. */
function severalDocuments(): RoleSpec {
  const role = audit(own, 'tagged', tagged);
  const documents = role.documents.flatMap(({ Version, Statement }) => Statement.map((each) => ({ Version, Statement: [each] })));
  return { ...role, documents };
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atrest-role-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Runs a program that npm run test:moto puts on PATH. */
function run(program: string, args: readonly string[], input = ''): { status: number | null; said: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, { input, encoding: 'utf8' });
  if (error !== undefined) throw new Error(`${program} is missing: npm run test:moto installs it`, { cause: error });
  return { status, said: stdout + stderr };
}

async function lint(template: string): Promise<{ status: number | null; said: string }> {
  const file = join(folder, 'template.yaml');
  await writeFile(file, template);
  // Its informational checks too; that of actions against the service authorisation reference is among the warnings.
  return run('cfn-lint', ['--include-checks', 'I', '--', file]);
}

describe('the CloudFormation template', () => {
  test.each(Object.keys(roles))('has nothing that cfn-lint minds: %s', async (name) => {
    const [template = ''] = renderRole(roles[name] as RoleSpec, 'cloudformation');
    expect(await lint(template)).toEqual({ status: 0, said: '' });
  });

  test('with an action that AWS does not have would not pass', async () => {
    const [template = ''] = renderRole(audit(catalogue, 'recommended'), 'cloudformation');
    expect(await lint(template.replace('kms:ListKeys', 'kms:ListKeyz'))).toMatchObject({
      status: 4,
      said: expect.stringContaining("'listkeyz' is not one of") as string,
    });
  });

  test('in deploy/ has nothing that cfn-lint minds', async () => {
    const templates = (await readdir(join(root, 'deploy'))).filter((name) => /\.(ya?ml|template)$/.test(name));
    expect(templates).toContain('atrest-audit-role.yaml');
    for (const name of templates)
      expect(await lint(await readFile(join(root, 'deploy', name), 'utf8'))).toEqual({ status: 0, said: '' });
  });
});

describe('the Terraform module', () => {
  // Whether `terraform validate` takes it is not tried here: Terraform and its AWS provider come from neither npm nor pip.
  test.each(Object.keys(roles))('parses, and holds the documents of the policy: %s', async (name) => {
    const role = roles[name] as RoleSpec;
    const file = join(folder, 'role.tf');
    await writeFile(file, renderRole(role, 'terraform')[0] ?? '');
    const { status, said } = run('hcl2tojson', [file]);
    expect(status, said).toBe(0);
    const { resource } = JSON.parse(said.slice(said.indexOf('{'), said.lastIndexOf('}') + 1)) as Module;
    const policies = resource.flatMap((each) => Object.values(each['"aws_iam_policy"'] ?? {}));
    expect(policies.map(({ policy }) => encoded(policy))).toEqual(role.documents);
    const attached = resource.flatMap((each) => Object.keys(each['"aws_iam_role_policy_attachment"'] ?? {}));
    expect(attached).toEqual(resource.flatMap((each) => Object.keys(each['"aws_iam_policy"'] ?? {})));
  });
});

interface Module {
  readonly resource: readonly Readonly<Record<string, Readonly<Record<string, { readonly policy: string }>>>>[];
}

/** What `${jsonencode({Version = "2012-10-17", …})}` stands for. */
function encoded(expression: string): unknown {
  const [, value = ''] = /^\$\{jsonencode\((.*)\)\}$/s.exec(expression) ?? [];
  return JSON.parse(value.replace(/"?([\w:]+)"? = /g, '"$1": ').replaceAll('$${', '${'));
}

describe('the StackSet on moto', () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto.stop());

  test.each([
    ['an external id', 'house-7', { Condition: { StringEquals: { 'sts:ExternalId': 'house-7' } } }],
    ['no external id', '', {}],
  ])('makes the role with exactly the printed policy in every account of the OU, with %s', (_, externalId, condition) => {
    const role = roles['several documents'] as RoleSpec;
    const [template = ''] = renderRole(role, 'cloudformation');
    const deploy = join(root, 'test/moto/deploy_role.py');
    const { status, said } = run('python3', [deploy, moto.url, 'us-east-1', 'Reader', externalId], template);
    expect(status, said).toBe(0);
    const made = {
      trust: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole', ...condition }],
      },
      boundary: null,
      documents: expect.arrayContaining([...role.documents]) as unknown,
    };
    const accounts = JSON.parse(said) as { documents: unknown[] }[];
    expect(accounts).toEqual([made, made]);
    expect(accounts.map(({ documents }) => documents.length)).toEqual([role.documents.length, role.documents.length]);
  });
});
