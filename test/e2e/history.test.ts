import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEstate, type Estate } from '#estate/index.js';
import { atrest, estateEnv, inFolder } from '../support/cli.js';
import { account, smallWorld } from '../support/small-world.js';

const target = 's3://history-of-runs/nightly';
const narrow = ['--region', 'us-east-1', '--service', 'kms', '--fail-on', 'never'];

let estate: Estate;
beforeEach(async () => {
  const world = smallWorld();
  world.put(account, 'eu-west-1', 's3.bucket', { Name: 'history-of-runs' });
  estate = await startEstate(world);
});
afterEach(() => estate.close());

const scan = (cwd: string, ...args: string[]) => atrest(['scan', ...narrow, ...args], { cwd, env: estateEnv(estate) });

async function events(path: string): Promise<{ event: string; run: string; time: string }[]> {
  const text = await readFile(path, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((each) => JSON.parse(each) as never);
}

describe('scan --history', () => {
  test.each(['runs/nightly', target])('stores every run in %s; history shows them', async (to) => {
    await inFolder(async (cwd) => {
      const first = await scan(cwd, '--history', to, '--out', 'one');
      expect([first.code, first.stdout]).toEqual([0, '']);
      expect(first.stderr).toContain(`history: ${to}/runs/`);
      estate.world.put(account, 'us-east-1', 'kms.key', { rotation: { enabled: false } });
      await scan(cwd, '--history', to, '--out', 'two');
      const shown = await atrest(['history', to], { cwd, env: estateEnv(estate) });
      expect([shown.code, shown.stderr]).toEqual([0, '']);
      expect(shown.stdout).toMatch(/: 2 runs\nlatest: runs\/[\dTZa-f-]+\n/);
      expect(shown.stdout).toMatch(new RegExp(`${account} +yes +[\\d.]+ % > [\\d.]+ % .* > `));
      const json = await atrest(['history', to, '--format', 'json'], { cwd, env: estateEnv(estate) });
      const { latest, runs } = JSON.parse(json.stdout) as {
        latest: { run: string };
        runs: { run: string; fail: number; stored: boolean }[];
      };
      expect(runs.map(({ stored }) => stored)).toEqual([true, true]);
      expect(latest.run).toBe(runs[1]?.run);
      expect(runs[1]?.fail).toBeGreaterThan(runs[0]?.fail ?? Infinity);
      const report = JSON.parse(await readFile(join(cwd, 'two/report.json'), 'utf8')) as {
        findings: { verdict: string; firstSeen: string }[];
        rememberedFrom: string;
        earlier: { run: string; fail: number }[];
      };
      expect(report.earlier.map(({ run, fail }) => [run, fail])).toEqual([[runs[0]?.run, runs[0]?.fail]]);
      const seen = new Set(report.findings.map(({ firstSeen }) => firstSeen));
      expect([seen.size, seen.has(report.rememberedFrom)]).toEqual([2, true]);
      expect(await readFile(join(cwd, 'two/report.html'), 'utf8')).toContain('class="earlier"');
      expect(await readFile(join(cwd, 'one/report.html'), 'utf8')).not.toContain('class="earlier"');
      expect(runs[1]?.fail).toBe(report.findings.filter(({ verdict }) => verdict === 'fail').length);
    });
  });

  test('a stored run is the run: its manifest holds, and it is evaluated again from there', async () => {
    await inFolder(async (cwd) => {
      await scan(cwd, '--history', 'runs', '--out', 'one');
      const [id = ''] = await readdir(join(cwd, 'runs/runs'));
      const path = join('runs/runs', id);
      const { files } = JSON.parse(await readFile(join(cwd, path, 'manifest.json'), 'utf8')) as {
        files: Record<string, { sha256: string }>;
      };
      expect(Object.keys(files).length).toBeGreaterThan(4);
      for (const [name, { sha256 }] of Object.entries(files))
        expect(
          createHash('sha256')
            .update(await readFile(join(cwd, path, name)))
            .digest('hex'),
        ).toBe(sha256);
      expect((await atrest(['evaluate', path, '--out', 'again', '--fail-on', 'never'], { cwd })).code).toBe(0);
    });
  });

  test('the config names it, relative to itself, and says how much is kept', async () => {
    await inFolder(async (cwd) => {
      await writeFile(join(cwd, 'atrest.yaml'), 'version: 1\nlang: ko\nhistory: { to: stored, keep: { runs: 2 } }\n');
      for (const out of ['a', 'b', 'c']) await scan(cwd, '--out', out, '--lang', 'en');
      expect(await readdir(join(cwd, 'stored/runs'))).toHaveLength(2);
      const shown = await atrest(['history', '--format', 'json'], { cwd });
      const { runs } = JSON.parse(shown.stdout) as { runs: { stored: boolean }[] };
      expect(runs.map(({ stored }) => stored)).toEqual([false, true, true]);
      // The page over them links to what is there.
      const page = await readFile(join(cwd, 'stored/index.html'), 'utf8');
      const linked = [...page.matchAll(/href="(runs\/[^"]+)"/g)].map(([, path = '']) => path);
      expect(linked).toHaveLength(2);
      for (const path of linked) expect(existsSync(join(cwd, 'stored', path)), path).toBe(true);
      expect(page.match(/figures only/g)).toHaveLength(1);
      // Unless it is told otherwise, the page is in the language that the config names.
      await scan(cwd, '--out', 'd');
      expect(await readFile(join(cwd, 'stored/index.html'), 'utf8')).toContain('<html lang="ko">');
      expect((await atrest(['history', '--format', 'html'], { cwd })).stdout).toContain('<html lang="ko">');
    });
  });

  test('a history that is in use stops a second run before it asks AWS for anything; a killed run does not', async () => {
    await inFolder(async (cwd) => {
      estate.faults.add({ kind: 'hang', operation: 'kms:ListKeys', times: 1 });
      const killed = atrest(['scan', ...narrow, '--history', 'runs', '--out', 'one'], {
        cwd,
        env: estateEnv(estate),
        when: {
          stderr: /Reading/,
          then: (child) => {
            void scan(cwd, '--history', 'runs', '--out', 'two').then((second) => {
              refused = second;
              child.kill('SIGKILL');
            });
          },
        },
      });
      let refused: Awaited<ReturnType<typeof scan>> | undefined;
      await killed;
      expect(refused?.code).toBe(2);
      expect(refused?.stderr).toMatch(/runs is in use by a run that began at .* \(process \d+\)\n.*delete/);
      expect(existsSync(join(cwd, 'two'))).toBe(false);
      const third = await scan(cwd, '--history', 'runs', '--out', 'three');
      expect(third.code).toBe(0);
    });
  });

  test('a run that is stopped leaves neither lock nor folder behind', async () => {
    await inFolder(async (cwd) => {
      const fault = estate.faults.add({ kind: 'hang', operation: 'kms:ListKeys' });
      const { code } = await atrest(['scan', ...narrow, '--history', target, '--out', 'one'], {
        cwd,
        env: estateEnv(estate),
        when: { stderr: /Reading/, then: (child) => child.kill('SIGINT') },
      });
      expect(code).toBe(130);
      fault.remove();
      expect((await scan(cwd, '--history', target, '--out', 'two')).code).toBe(0);
    });
  });

  test('a run that is resumed, from wherever, is stored where it was to be', async () => {
    await inFolder(async (cwd) => {
      await writeFile(join(cwd, 'atrest.yaml'), 'version: 1\nhistory: { to: stored, keep: { runs: 2 } }\n');
      const fault = estate.faults.add({ kind: 'hang', operation: 'kms:ListKeys' });
      const when = { stderr: /Reading/, then: (child: ChildProcess) => child.kill('SIGINT') };
      await atrest(['scan', ...narrow, '--out', 'one'], { cwd, env: estateEnv(estate), when });
      fault.remove();
      await mkdir(join(cwd, 'elsewhere'));
      const resumed = await atrest(['scan', '--resume', '../one'], { cwd: join(cwd, 'elsewhere'), env: estateEnv(estate) });
      expect(resumed.code, resumed.stderr).toBe(0);
      expect(resumed.stderr).toContain(`history: ${join(cwd, 'stored/runs')}/`);
      expect(await readdir(join(cwd, 'stored/runs'))).toHaveLength(1);
    });
  });

  test('an upload that fails leaves the run here, says so however quiet, exits 3, and is made good by --add', async () => {
    await inFolder(async (cwd) => {
      const fault = estate.faults.add({
        kind: 'deny',
        operation: 's3:PutObject',
        resource: 'history-of-runs/nightly/trend.ndjson',
      });
      const failed = await scan(cwd, '--history', target, '--out', 'one', '--quiet', '--json');
      expect(failed.code).toBe(3);
      expect(failed.stderr).toMatch(
        /^atrest: The run was not stored in s3:\/\/.*s3:PutObject failed.*\n {2}Allow s3:PutObject on arn:aws:s3:::history-of-runs\/nightly\/\*\.\n {2}one holds all of it\. Store it later: atrest history s3:\/\/history-of-runs\/nightly --add one\n$/,
      );
      expect(JSON.parse(failed.stdout)).toMatchObject({ complete: true, exitCode: 3, history: { stored: null } });
      expect(existsSync(join(cwd, 'one/report.json'))).toBe(true);
      const worse = await scan(cwd, '--fail-on', 'info', '--history', target, '--out', 'two');
      expect(worse.code).toBe(1);
      fault.remove();
      const added = await atrest(['history', target, '--add', 'one'], { cwd, env: estateEnv(estate) });
      expect(added.code).toBe(0);
      expect(added.stderr).toContain('history: s3://history-of-runs/nightly/runs/');
      expect(added.stdout).toContain(': 1 run\n');
    });
  });

  test('what forbids it shows before the crawl', async () => {
    await inFolder(async (cwd) => {
      estate.world.deny({ operation: 's3:PutObject' });
      const { code, stderr } = await scan(cwd, '--history', target, '--out', 'one');
      expect(code).toBe(2);
      expect(stderr).toContain('Allow s3:PutObject on');
      expect(estate.counts.get('kms:ListKeys')).toBeUndefined();
      expect(existsSync(join(cwd, 'one'))).toBe(false);
    });
  });

  test.each([
    [['scan', '--history', 'gs://bucket'], /A history is a folder or s3:\/\/bucket\/prefix/],
    [['history'], /No history is named/],
    [['history', 'nowhere'], /nowhere holds no history/],
    [['history', 'runs', '--add', '.'], /holds no finished run/],
    [['scan', '--log', 'no/such/folder/log'], /Cannot write the log to no\/such\/folder\/log: ENOENT/],
  ])('%j is refused', async (args, message) => {
    await inFolder(async (cwd) => {
      const { code, stderr } = await atrest(args, { cwd, env: estateEnv(estate) });
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
      expect(await readdir(cwd)).toEqual([]);
    });
  });
});

describe('scan --log', () => {
  test('has a line for each event, with time and run id, and no credentials', async () => {
    await inFolder(async (cwd) => {
      estate.faults.add({ kind: 'deny', operation: 'kms:ListAliases' });
      estate.faults.add({ kind: 'throttle', operation: 'kms:ListKeys', times: 2 });
      const { code } = await scan(cwd, '--out', 'one', '--log', 'log.ndjson');
      expect(code).toBe(3);
      const lines = await events(join(cwd, 'log.ndjson'));
      const { id } = JSON.parse(await readFile(join(cwd, 'one/run.json'), 'utf8')) as { id: string };
      expect(new Set(lines.map(({ run }) => run))).toEqual(new Set([id]));
      for (const { time } of lines) expect(new Date(time).toISOString()).toBe(time);
      expect(lines.filter(({ event }) => event === 'phase')).toMatchObject([
        { phase: 'scope' },
        { phase: 'crawl', cells: 1 },
        { phase: 'follow-ups' },
        { phase: 'evaluate' },
      ]);
      expect(lines.find(({ event }) => event === 'gap')).toMatchObject({
        cell: `${account}/us-east-1/kms`,
        state: 'partial',
        operations: [{ operation: 'kms:ListAliases', code: 'AccessDeniedException', errors: 1 }],
      });
      expect(lines.find(({ event }) => event === 'throttles')).toMatchObject({ throttles: 2, since: 2 });
      expect(lines.at(-1)).toMatchObject({ event: 'end', exitCode: 3, complete: false, throttles: 2 });
      const { AWS_SECRET_ACCESS_KEY: secret = '', AWS_ACCESS_KEY_ID: keyId = '' } = estateEnv(estate);
      const text = await readFile(join(cwd, 'log.ndjson'), 'utf8');
      expect([text.includes(secret), text.includes(keyId)]).toEqual([false, false]);
      await scan(cwd, '--out', 'two', '--log', 'log.ndjson');
      expect((await events(join(cwd, 'log.ndjson'))).slice(0, lines.length)).toEqual(lines);
    });
  });

  test('to stderr is all that stands there', async () => {
    await inFolder(async (cwd) => {
      const { stderr, stdout } = await scan(cwd, '--out', 'one', '--log', '-', '--history', 'runs');
      const lines = stderr
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { event: string });
      expect(lines.at(-1)).toMatchObject({ event: 'end', exitCode: 0, history: { problem: null } });
      expect(stdout).toBe('');
    });
  });

  test('ends with the error of a run that came to nothing', async () => {
    await inFolder(async (cwd) => {
      estate.faults.add({ kind: 'deny', operation: 'sts:GetCallerIdentity' });
      await scan(cwd, '--log', 'log.ndjson');
      expect((await events(join(cwd, 'log.ndjson'))).at(-1)).toMatchObject({ event: 'end', run: null, exitCode: 4 });
    });
  });
});

test('--format prom leaves its file beside the others, and is made again from the run', async () => {
  await inFolder(async (cwd) => {
    await scan(cwd, '--out', 'one', '--format', 'json,prom');
    const text = await readFile(join(cwd, 'one/report.prom'), 'utf8');
    expect(text).toContain('\natrest_run_complete 1\n');
    expect(text).toMatch(/\natrest_verdicts\{account="111111111111",verdict="fail",severity="medium"\} [1-9]/);
    expect((await atrest(['report', 'one', '--format', 'prom', '--out', 'textfiles'], { cwd })).code).toBe(0);
    expect(await readFile(join(cwd, 'textfiles/report.prom'), 'utf8')).toBe(text);
  });
});
