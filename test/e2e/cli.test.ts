import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEstate, type Estate } from '#estate/index.js';
import type { Report } from '#model/report.js';
import { withoutData } from '../support/page.js';
import { atrest, bareEnv, estateEnv, inFolder } from '../support/cli.js';
import { smallWorld } from '../support/small-world.js';

let estate: Estate;
beforeAll(async () => {
  estate = await startEstate(smallWorld());
});
afterAll(() => estate.close());

/** One message, no stack, and nothing of a run left behind. */
async function expectRefused(
  folder: string,
  args: readonly string[],
  env: Record<string, string>,
  code: number,
  message: RegExp,
): Promise<void> {
  const before = await readdir(folder);
  const calls = estate.log.length;
  const { code: exit, stdout, stderr } = await atrest(args, { cwd: folder, env });
  expect(stderr).toMatch(message);
  expect(exit).toBe(code);
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/\n\s+at /);
  const crawled = estate.log.slice(calls).filter(({ operation }) => !/^sts:|DescribeRegions/.test(operation));
  expect(crawled).toEqual([]);
  const left = (await readdir(folder, { recursive: true })).filter((name) => /run\.json|manifest|findings|report/.test(name));
  expect(left.filter((name) => !before.includes(name))).toEqual([]);
}

describe('what a user gets wrong is one clear message and nothing half-written', () => {
  const config = (text: string) => async (folder: string) => {
    await writeFile(join(folder, 'atrest.yaml'), text);
  };
  test.each([
    ['an unknown flag', ['scan', '--regoin', 'us-east-1'], /unknown option '--regoin'[\s\S]*Did you mean --region/],
    ['an unknown command', ['scna'], /unknown command 'scna'[\s\S]*Did you mean scan/],
    [
      'an unknown rule id',
      ['scan', '--rules', 'kms/rotation-enable'],
      /There is no rule kms\/rotation-enable[\s\S]*Did you mean kms\/rotation-enabled\?/,
    ],
    ['a glob that matches no rule', ['scan', '--rules', 'iam/*'], /There is no rule iam\/\*/],
    ['an unknown format', ['scan', '--format', 'jsn'], /There is no format jsn[\s\S]*Did you mean json\?/],
    ['an unknown service', ['scan', '--service', 'ebs'], /There is no service ebs/],
    ['an unknown baseline', ['scan', '--baseline', 'lax'], /There is no baseline lax/],
    [
      'a framework in place of its version',
      ['scan', '--baseline', 'cis-aws-7'],
      /There is no baseline cis-aws-7[\s\S]*Did you mean cis-aws-/,
    ],
    ['an account id that is none', ['scan', '--account', '1234'], /--account 1234: an account id has 12 digits/],
    [
      'a region that does not exist',
      ['scan', '--region', 'eu-west-11'],
      /There is no region eu-west-11[\s\S]*Did you mean eu-west-1\?/,
    ],
    ['a config that is not there', ['scan', '--config', 'nowhere.yaml'], /Cannot read nowhere\.yaml: no such file/],
    ['a fail-on that is none', ['scan', '--fail-on', 'severe'], /Allowed choices are critical, high/],
    ['a run folder that is none', ['report', '.'], /is not a run folder: no such file/],
    ['a rule to show that is none', ['rules', 'show', 'kms/rotation'], /There is no rule kms\/rotation/],
  ])('%s', async (_, args, message) => {
    await inFolder((folder) => expectRefused(folder, args, estateEnv(estate), 2, message));
  });

  test.each([
    [
      'a key that is unknown',
      'version: 1\nscope:\n  regoins:\n    include: [us-east-1]\n',
      /atrest\.yaml:3:3: unknown key "regoins" in scope; did you mean "regions"\?/,
    ],
    ['a value of the wrong type', 'version: 1\nscope:\n  accounts: [123456789012]\n', /atrest\.yaml:3:14: scope\.accounts\.0: /],
    ['YAML that is none', 'version: 1\nscope: [\n', /atrest\.yaml:\d+:\d+: /],
    [
      'a rate of an operation that no scan makes',
      'version: 1\nrates:\n  kms:*: 50\n  kms:DescribeKeys: 5\n',
      /atrest\.yaml:4:3: no scan calls kms:DescribeKeys[\s\S]*Did you mean kms:DescribeKey\?/,
    ],
    ['a rate of nothing', 'version: 1\nrates: { "kms:*": 0 }\n', /atrest\.yaml:2:\d+: rates\.kms:\*: calls a second/],
    [
      'another account without a role',
      'version: 1\nscope:\n  accounts: ["222222222222"]\n',
      /no role is named[\s\S]*scope\.role/,
    ],
  ])('a config with %s', async (_, text, message) => {
    await inFolder(async (folder) => {
      await config(text)(folder);
      await expectRefused(folder, ['scan'], estateEnv(estate), 2, message);
    });
  });

  test('a folder that is not empty', async () => {
    await inFolder(async (folder) => {
      await mkdir(join(folder, 'full'));
      await writeFile(join(folder, 'full', 'notes.txt'), 'mine');
      await expectRefused(folder, ['scan', '--out', 'full'], estateEnv(estate), 2, /full is not empty[\s\S]*--out/);
      expect(await readFile(join(folder, 'full', 'notes.txt'), 'utf8')).toBe('mine');
    });
  });

  test('a folder that cannot be written to', async () => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, 'file'), '');
      await expectRefused(folder, ['scan', '--out', 'file/run'], estateEnv(estate), 2, /Cannot write to file\/run: /);
      if (process.getuid?.() === 0) return;
      await mkdir(join(folder, 'locked'));
      await chmod(join(folder, 'locked'), 0o500);
      await expectRefused(
        folder,
        ['scan', '--out', 'locked/run'],
        estateEnv(estate),
        2,
        /Cannot write to locked\/run: permission denied/,
      );
    });
  });
});

describe('without an identity nothing is written and the exit code is 4', () => {
  test('no credentials', async () => {
    await inFolder((folder) =>
      expectRefused(
        folder,
        ['scan'],
        { ...bareEnv, AWS_REGION: 'us-east-1' },
        4,
        /Cannot tell who the credentials belong to[\s\S]*AWS_PROFILE/,
      ),
    );
  });
  test('credentials that AWS does not know', async () => {
    const env = { ...estateEnv(estate), AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' };
    await inFolder((folder) => expectRefused(folder, ['scan'], env, 4, /InvalidClientTokenId[\s\S]*check the access key/));
  });
  test('nobody at the endpoint', async () => {
    const env = { ...estateEnv(estate), AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
    await inFolder((folder) => expectRefused(folder, ['scan'], env, 4, /ECONNREFUSED[\s\S]*network/));
  });
});

describe('a scan', () => {
  test('needs no flag: reports, summary on stderr, nothing on stdout, exit 1 on findings', async () => {
    await inFolder(async (folder) => {
      const { code, stdout, stderr } = await atrest(['scan'], { cwd: folder, env: estateEnv(estate) });
      expect(code).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/findings?: .*critical/);
      expect(stderr).not.toMatch(/Warning/);
      const [run] = await readdir(join(folder, 'atrest-runs'));
      const files = await readdir(join(folder, 'atrest-runs', run ?? ''));
      expect(files.sort()).toEqual([
        'coverage.ndjson',
        'findings.ndjson.gz',
        'inventory',
        'manifest.json',
        'report.html',
        'report.json',
        'run.json',
        'summary.json',
      ]);
    });
  });

  test('--json prints one JSON document, --fail-on never passes, --format writes only what was asked for', async () => {
    await inFolder(async (folder) => {
      const { code, stdout } = await atrest(
        ['scan', '--out', 'run', '--json', '--quiet', '--fail-on', 'never', '--format', 'json'],
        { cwd: folder, env: estateEnv(estate) },
      );
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ complete: true, exitCode: 0 });
      expect(existsSync(join(folder, 'run', 'report.html'))).toBe(false);
    });
  });

  test('with a gap exits 3, or 0 where that is allowed', async () => {
    const fault = estate.faults.add({ kind: 'deny', operation: 'rds:DescribeDBClusters' });
    await inFolder(async (folder) => {
      const scan = (out: string, ...flags: string[]) =>
        atrest(['scan', '--out', out, '--fail-on', 'never', ...flags], { cwd: folder, env: estateEnv(estate) });
      const strict = await scan('a');
      expect(strict.code).toBe(3);
      expect(strict.stderr).toMatch(/INCOMPLETE: 2 cells[\s\S]*us-east-1\/rds partial \(AccessDenied\)/);
      expect((await scan('b', '--allow-incomplete')).code).toBe(0);
    });
    fault.remove();
  });

  test('that can list nothing at all is not made good by --allow-incomplete', async () => {
    const faults = [
      'kms:*',
      's3:*',
      'rds:*',
      'ec2:DescribeVolumes',
      'ec2:DescribeSnapshots',
      'ec2:DescribeImages',
      'ec2:DescribeLaunchTemplates',
    ].map((operation) => estate.faults.add({ kind: 'deny', operation }));
    await inFolder(async (folder) => {
      const { code } = await atrest(
        ['scan', '--out', 'run', '--fail-on', 'never', '--allow-incomplete', '--region', 'us-east-1'],
        { cwd: folder, env: estateEnv(estate) },
      );
      expect(code).toBe(3);
    });
    for (const fault of faults) fault.remove();
  });

  test('stopped by Ctrl-C exits 130 and leaves a folder that says it is unfinished', async () => {
    const slow = estate.faults.add({ kind: 'slow', delayMs: 400 });
    await inFolder(async (folder) => {
      const { code, stderr } = await atrest(['scan', '--out', 'run'], {
        cwd: folder,
        env: estateEnv(estate),
        when: { stderr: /Reading/, then: (child) => setTimeout(() => child.kill('SIGINT'), 300) },
      });
      expect(code).toBe(130);
      expect(stderr).toMatch(/Stopped\.[\s\S]*no report/);
      const files = await readdir(join(folder, 'run'), { recursive: true });
      expect(files).toContain('run.json');
      expect(files.filter((name) => /manifest|report|findings|partial|\.run\d|\.calls|\.resources/.test(name))).toEqual([]);
      const again = await atrest(['scan', '--out', 'run'], { cwd: folder, env: estateEnv(estate) });
      expect(again.code).toBe(2);
      expect(again.stderr).toMatch(/was not finished/);
      const report = await atrest(['report', 'run'], { cwd: folder, env: bareEnv });
      expect(report.code).toBe(2);
    });
    slow.remove();
  }, 60_000);
});

describe('a stored run', () => {
  test('is judged and rendered again offline, byte for byte', async () => {
    await inFolder(async (folder) => {
      const env = { ...estateEnv(estate), ATREST_NOW: '2026-11-23T00:00:00Z' };
      await atrest(['scan', '--out', 'run', '--format', 'json,html'], { cwd: folder, env });
      const offline = { ...bareEnv, ATREST_NOW: '2026-11-23T00:00:00Z' };
      const evaluated = await atrest(['evaluate', 'run', '--out', 'again'], { cwd: folder, env: offline });
      expect(evaluated.code).toBe(1);
      for (const name of ['report.json', 'report.html', 'findings.ndjson.gz', 'coverage.ndjson']) {
        expect((await readFile(join(folder, 'again', name))).equals(await readFile(join(folder, 'run', name))), name).toBe(true);
      }
      const manifest = JSON.parse(await readFile(join(folder, 'again', 'manifest.json'), 'utf8')) as {
        evaluatedFrom: { manifestSha256: string };
      };
      expect(manifest.evaluatedFrom.manifestSha256).toMatch(/^[0-9a-f]{64}$/);
      const before = await readFile(join(folder, 'run', 'report.json'), 'utf8');
      expect(
        (await atrest(['report', 'run', '--format', 'json', '--out', 'elsewhere'], { cwd: folder, env: offline })).code,
      ).toBe(0);
      expect(await readFile(join(folder, 'elsewhere', 'report.json'), 'utf8')).toBe(before);
      const explained = await atrest(['report', 'run', '--format', 'json', '--include-pass', '--explain', '--out', 'all'], {
        cwd: folder,
        env: offline,
      });
      expect(explained.code).toBe(0);
      const { findings } = JSON.parse(await readFile(join(folder, 'all', 'report.json'), 'utf8')) as Report;
      expect(new Set(findings.map(({ verdict }) => verdict))).toEqual(new Set(['pass', 'fail', 'not-applicable', 'unknown']));
      // Tags decide in `recommended`, and those of directory buckets are not collected.
      const unknown = findings.flatMap(({ missing }) => missing ?? []);
      expect(new Set(unknown.map(({ facet, cause }) => `${facet} ${cause}`))).toEqual(
        new Set(['s3.directory-bucket/tags uncollected']),
      );
    });
  }, 60_000);

  test('two runs of one estate under one clock give the same findings and reports', async () => {
    await inFolder(async (folder) => {
      const env = { ...estateEnv(estate), ATREST_NOW: '2026-11-23T00:00:00Z' };
      for (const out of ['a', 'b']) await atrest(['scan', '--out', out, '--quiet'], { cwd: folder, env });
      for (const name of ['report.json', 'findings.ndjson.gz', 'coverage.ndjson', 'summary.json']) {
        expect((await readFile(join(folder, 'a', name))).equals(await readFile(join(folder, 'b', name))), name).toBe(true);
      }
      const page = async (out: string) => withoutData(await readFile(join(folder, out, 'report.html'), 'utf8'));
      expect((await page('a')) === (await page('b'))).toBe(true);
    });
  }, 60_000);
});

describe('small commands', () => {
  test('--version prints the version alone', async () => {
    expect(await atrest(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
      stderr: '',
    });
  });
  test('rules list --json is JSON with what each rule reads', async () => {
    const { code, stdout } = await atrest(['rules', 'list', '--json']);
    const list = JSON.parse(stdout) as { id: string; actions: string[] }[];
    expect(code).toBe(0);
    expect(list.find(({ id }) => id === 'kms/rotation-enabled')?.actions).toEqual([
      'kms:DescribeKey',
      'kms:GetKeyRotationStatus',
      'kms:ListAliases',
      'kms:ListKeys',
    ]);
  });
  test('rules show explains one rule', async () => {
    const { stdout } = await atrest(['rules', 'show', 'ebs/volume-encrypted']);
    expect(stdout).toMatch(/ebs\/volume-encrypted \(high\)[\s\S]*How it decides[\s\S]*ec2:DescribeVolumes/);
  });
  test('demo scans the simulated organisation and exits 0 whatever it finds', async () => {
    await inFolder(async (folder) => {
      const { code, stderr } = await atrest(['demo'], { cwd: folder, env: bareEnv });
      expect(code).toBe(0);
      expect(stderr).toMatch(/report\.html in a browser/);
      const report = JSON.parse(await readFile(join(folder, 'atrest-demo', 'report.json'), 'utf8')) as {
        summary: { resources: number; byRule: Record<string, Record<string, number>> };
        scope: { accounts: unknown[]; regions: string[] };
      };
      expect(report.scope.accounts).toHaveLength(3);
      expect(report.scope.regions).toHaveLength(4);
      expect(report.summary.resources).toBeGreaterThanOrEqual(300);
      const total = (verdict: string) =>
        Object.values(report.summary.byRule).reduce((sum, counts) => sum + (counts[verdict] ?? 0), 0);
      for (const verdict of ['pass', 'fail', 'unknown', 'notApplicable']) expect(total(verdict), verdict).toBeGreaterThan(0);
      expect(total('error')).toBe(0);
      const { tool } = JSON.parse(await readFile(join(folder, 'atrest-demo', 'manifest.json'), 'utf8')) as {
        tool: { package: string };
      };
      // As docs/evidence.md has it.
      const sums = `find . -name '*.js' | sed 's,^\\./,,' | LC_ALL=C sort | xargs sha256sum | sha256sum`;
      const dist = new URL('../../dist', import.meta.url);
      expect(execFileSync('sh', ['-c', sums], { cwd: dist, encoding: 'utf8' })).toBe(`${tool.package}  -\n`);
      expect((await atrest(['demo'], { cwd: folder, env: bareEnv })).code).toBe(0);
      await mkdir(join(folder, 'mine'));
      await writeFile(join(folder, 'mine', 'file'), 'x');
      expect((await atrest(['demo', '--out', 'mine'], { cwd: folder, env: bareEnv })).code).toBe(2);
    });
  }, 60_000);
});
