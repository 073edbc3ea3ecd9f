import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { builtIn, facetCalls } from '#collect/registry.js';
import { auditRole, catalogue, listRole, type Config } from '#index.js';
import type { Report } from '#model/report.js';
import type { Service } from '#model/place.js';
import type { PolicyDocument } from '#plan/iam-policy.js';
import { atrest, inFolder } from '../support/cli.js';
import { withSampleOptions } from '../support/samples.js';
import { scanEstate } from '../support/scan-estate.js';
import { account, other, regions, smallWorld } from '../support/small-world.js';

/** Every rule, with options so that each has something to ask, and selectors that look at tags. */
const everyRule = { ...catalogue, rules: catalogue.rules.map(withSampleOptions) };
const config = {
  version: 1,
  scope: { accounts: [account, other], role: 'AtrestAudit', externalId: 'house-7' },
  baselines: { all: { extends: ['recommended', 'strict'], cmkRequired: [{ tags: { DataClass: ['restricted'] } }] } },
  assign: [{ baseline: 'all' }],
} satisfies Config;

const audit = auditRole({ catalogue: everyRule, config, baselines: [], ruleGlobs: [] }).role.documents;
const list = listRole(config, 'aws').documents;
const actions = audit.flatMap(({ Statement }) => Statement).flatMap(({ Effect, Action }) => (Effect === 'Allow' ? Action : []));

/** The small world with a second account, in both of which nobody may do more than what `atrest policy` printed. */
function guarded(documents: readonly PolicyDocument[]) {
  const world = smallWorld().addAccount(other, { regions, roles: [{ name: 'AtrestAudit', externalId: 'house-7' }] });
  world.put(other, 'us-east-1', 'kms.key', { rotation: { enabled: true } });
  return world.permit(account, [...documents, ...list]).permit(other, documents);
}

const scanUnder = <T>(
  documents: readonly PolicyDocument[],
  services: readonly Service[],
  use: (scan: { report: Report; exitCode: number }) => T,
) =>
  scanEstate(guarded(documents), { catalogue: everyRule, config, baseline: undefined, services }, ({ report, result }) =>
    use({ report, exitCode: result.exitCode }),
  );

/** What was asked and not answered. Tags of directory buckets are not asked for. */
function actionsMissed({ findings }: Report): readonly (string | null)[] {
  const missed = findings.flatMap(({ missing }) => missing ?? []).filter(({ cause }) => cause !== 'uncollected');
  return [...new Set(missed.map(({ action }) => action))];
}

function without(action: string): readonly PolicyDocument[] {
  return audit.map((document) => ({
    ...document,
    Statement: document.Statement.map((statement) =>
      statement.Effect === 'Allow' ? { ...statement, Action: statement.Action.filter((each) => each !== action) } : statement,
    ),
  }));
}

describe('a scan under exactly the printed policy', () => {
  test('reads everything', async () => {
    await scanUnder(audit, [], ({ report, exitCode }) => {
      expect(report.coverage.filter(({ state }) => state !== 'complete')).toEqual([]);
      expect(actionsMissed(report)).toEqual([]);
      expect(report.scope.accounts.map(({ state }) => state)).toEqual(['scanned', 'scanned']);
      expect(report.run.complete).toBe(true);
      expect(exitCode).toBe(0);
    });
  });

  /** The operations that take an action, and whether there is none of them for which another would do. */
  const operations = new Map<string, Set<string>>();
  for (const { operation, action } of [...facetCalls(builtIn).values()].flat())
    operations.set(action, (operations.get(action) ?? new Set()).add(operation));

  test('has an operation for every action, regions apart', () => {
    expect(actions.filter((action) => !operations.has(action))).toEqual(['account:ListRegions', 'ec2:DescribeRegions']);
  });

  test.each(actions.filter((action) => operations.has(action)))('without %s has a gap that names it', async (action) => {
    const service = action.startsWith('s3express:') ? 's3' : (action.slice(0, action.indexOf(':')) as Service);
    await scanUnder(without(action), [service], ({ report, exitCode }) => {
      const failed = report.coverage.flatMap((row) => row.operations).filter(({ errors }) => errors > 0);
      expect(new Set(failed.map(({ operation }) => operation))).toEqual(operations.get(action));
      expect(actionsMissed(report)).toEqual([action]);
      expect(report.run.complete).toBe(false);
      expect(exitCode).toBe(3);
    });
  });

  test('cannot enter another account without the list role', async () => {
    const world = guarded(audit).permit(account, audit);
    await scanEstate(world, { catalogue: everyRule, config, baseline: undefined }, ({ report, result }) => {
      expect(report.scope.accounts.find(({ id }) => id === other)).toMatchObject({ state: 'failed' });
      expect(result.exitCode).toBe(3);
    });
  });
});

describe('atrest policy', () => {
  test('prints the policy alone on stdout, as IAM JSON unless told otherwise', async () => {
    const { code, stdout, stderr } = await atrest(['policy', '--rules', 's3/default-encryption']);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ Version: '2012-10-17', Statement: expect.any(Array) as unknown });
  });

  test('keeps to the config: its baselines, role, external id and plugins', async () => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, 'facet.mjs'), plugin('s3:GetBucketWebsite'));
      await writeFile(
        join(folder, 'atrest.yaml'),
        `version: 1
scope: { role: path/Reader, externalId: house-7 }
plugins: [./facet.mjs]
baselines: { own: { rules: { "house/*": on } } }
assign: [{ baseline: own }]
`,
      );
      const { code, stdout } = await atrest(['policy', '--format', 'cloudformation'], { cwd: folder });
      expect(code).toBe(0);
      const { Parameters, Resources } = parse(stdout) as Template;
      expect([Parameters['RoleName']?.Default, Parameters['ExternalId']?.Default]).toEqual(['Reader', 'house-7']);
      const { Statement } = Resources['Policy']?.Properties.PolicyDocument ?? { Statement: [] };
      expect(Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action)).toEqual([
        'account:ListRegions',
        'ec2:DescribeRegions',
        's3:GetBucketWebsite',
        's3:ListAllMyBuckets',
      ]);
    });
  });

  test('says so when the rules ask for access to data', async () => {
    await inFolder(async (folder) => {
      const baselines = 'baselines: { s: { rules: { s3/objects-match-default: [on, { sample: 2 }] } } }';
      await writeFile(join(folder, 'own.yaml'), `version: 1\n${baselines}\n`);
      const { stdout, stderr } = await atrest(['policy', '--config', 'own.yaml', '--baseline', 's'], { cwd: folder });
      expect(stderr).toBe(
        'The rules ask for s3:GetObject: the policy allows it in the account of the role, and does not deny it.\n',
      );
      expect(stdout).toContain('"Sid": "ObjectSample"');
    });
  });

  test('writes to a file, and to several when the policy is too long for one', async () => {
    await inFolder(async (folder) => {
      const long = Array.from({ length: 400 }, (_, index) => `s3:GetBucketSomethingOfAPluginNumber${String(index)}`);
      await writeFile(join(folder, 'facet.mjs'), plugin(...long));
      const args = ['policy', '--plugin', './facet.mjs', '--rules', 'house/*'];
      const printed = await atrest(args, { cwd: folder });
      const written = await atrest([...args, '--out', 'out/role.json'], { cwd: folder });
      const files = ['role.json', 'role-2.json', 'role-3.json'];
      expect(written).toEqual({
        code: 0,
        stdout: '',
        stderr: `The policy is too long for one document: attach all 3 to the role.\n${files.map((file) => `${join('out', file)}\n`).join('')}`,
      });
      expect((await readdir(join(folder, 'out'))).sort()).toEqual([...files].sort());
      const texts = await Promise.all(files.map((file) => readFile(join(folder, 'out', file), 'utf8')));
      expect(JSON.parse(printed.stdout)).toEqual(texts.map((text) => JSON.parse(text) as unknown));
      const { stdout } = await atrest([...args, '--format', 'cloudformation'], { cwd: folder });
      const { Resources } = parse(stdout) as Template;
      expect(Object.keys(Resources)).toEqual(['Role', 'Policy', 'Policy2', 'Policy3']);
      const documents = Object.values(Resources).flatMap(({ Properties: { PolicyDocument } }) => PolicyDocument ?? []);
      expect(documents).toEqual(JSON.parse(printed.stdout));
    });
  });

  test('does not take a folder for a file', async () => {
    await inFolder(async (cwd) => {
      await mkdir(join(cwd, 'there'));
      const { code, stderr } = await atrest(['policy', '--out', 'there'], { cwd });
      expect([code, stderr]).toEqual([2, 'atrest: Cannot write there: a folder is in its place\n']);
      expect(await readdir(cwd)).toEqual(['there']);
    });
  });

  test.each([
    [['--format', 'teraform'], 'There is no format teraform', 'Did you mean terraform?'],
    [['--rules', 's3/default-encrypton'], 'There is no rule s3/default-encrypton', 'Did you mean s3/default-encryption?'],
    [['--baseline', 'strikt'], 'There is no baseline strikt', 'Did you mean strict?'],
    [['--list-role', '--partition', 'AWS'], 'AWS is not a partition', 'aws-us-gov'],
    [['--config', 'none.yaml'], 'Cannot read none.yaml', 'no such file'],
    [['--out', '/dev/null/role.json'], 'Cannot write /dev/null/role.json', 'a file is in its place'],
  ])('%j: exit 2, what is wrong and what to do', async (args, what, hint) => {
    await inFolder(async (cwd) => {
      const { code, stdout, stderr } = await atrest(['policy', ...args], { cwd });
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(what);
      expect(stderr).toContain(hint);
      expect(existsSync(join(cwd, 'out'))).toBe(false);
      expect(await readdir(cwd)).toEqual([]);
    });
  });
});

interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Default?: string }>>;
  readonly Resources: Readonly<Record<string, { readonly Properties: { readonly PolicyDocument?: PolicyDocument } }>>;
}

/** A plugin with a rule on buckets that needs a facet for each of these actions. */
function plugin(...asked: readonly string[]): string {
  const facets = asked.map((action, index) => ({ name: `own${String(index)}`, action }));
  return `export const facets = ${JSON.stringify(facets)}.map((facet) => ({
  kind: 's3.bucket',
  operation: 's3:GetBucketWebsite',
  request: (s3, sdk, { id }) => s3.send(new sdk.GetBucketWebsiteCommand({ Bucket: id })),
  project: () => null,
  ...facet,
}));
export default {
  id: 'house/own',
  kind: 's3.bucket',
  severity: 'low',
  title: 'Buckets are as the house wants them',
  needs: facets.map(({ name }) => name),
  evaluate: (_bucket, { pass }) => pass('fine'),
};
`;
}
