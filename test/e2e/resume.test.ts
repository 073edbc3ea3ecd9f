import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Report } from '#model/report.js';
import { atrest, bareEnv, inFolder } from '../support/cli.js';
import { cellTimes, expectSameAfterKill, leftovers, verdictsOf, withKilling } from '../support/resumed.js';
import { numbers } from '../support/numbers.js';
import { smallWorld } from '../support/small-world.js';

const args = ['--format', 'json,html', '--lang', 'ko', '--include-pass', '--fail-on', 'never'];

describe('a run that was killed', () => {
  test('at any moment is resumed to the findings and reports of one that was left alone', async () => {
    await withKilling(smallWorld(), args, async (killing) => {
      const next = numbers(20261123);
      const calls = Array.from({ length: 5 }, (_, index) => Math.ceil(((index + next()) / 5) * killing.calls));
      for (const call of calls) await expectSameAfterKill(killing, { call }, args);
      for (const evaluatingMs of [0, 100, 300]) await expectSameAfterKill(killing, { evaluatingMs }, args);
    });
  }, 240_000);

  test('is not asked again what its finished cells hold', async () => {
    await withKilling(smallWorld(), args, async (killing) => {
      await inFolder(async (folder) => {
        const run = join(folder, 'run');
        const hang = killing.estate.faults.add({ kind: 'hang', operation: 'kms:*', region: 'us-east-1' });
        await atrest(['scan', '--out', 'run', ...args], {
          cwd: folder,
          env: killing.env,
          started: (child) => {
            const watch = setInterval(() => {
              void cellTimes(run).then(({ size }) => size >= 5 && child.kill('SIGKILL'));
            }, 50);
            child.on('exit', () => {
              clearInterval(watch);
            });
          },
        });
        hang.remove();
        const finished = await cellTimes(run);
        expect([...finished.keys()].filter((name) => /\/(ec2|rds)\./.test(name)).length).toBeGreaterThan(0);
        killing.estate.log.length = 0;
        await atrest(['scan', '--resume', 'run'], { cwd: folder, env: killing.env });
        const after = await cellTimes(run);
        for (const [cell, time] of finished) expect(after.get(cell), cell).toBe(time);
        const asked = new Set(killing.estate.log.map(({ account, region, operation }) => `${account}/${region} ${operation}`));
        for (const name of finished.keys()) {
          const [, account, region, service] = /^(\d+)\/(.+)\/(ec2|rds)\./.exec(name) ?? [];
          const list = service === 'ec2' ? 'ec2:DescribeVolumes' : 'rds:DescribeDBInstances';
          if (service !== undefined) expect(asked.has(`${account ?? ''}/${region ?? ''} ${list}`), name).toBe(false);
        }
        const manifest = JSON.parse(await readFile(join(run, 'manifest.json'), 'utf8')) as { files: Record<string, unknown> };
        expect(Object.keys(manifest.files).filter((name) => name.includes('lock'))).toEqual([]);
      });
    });
  }, 120_000);

  test('of which all cells are there is finished without AWS', async () => {
    await withKilling(smallWorld(), args, async (killing) => {
      await inFolder(async (folder) => {
        await killing.killed(folder, { evaluatingMs: 0 });
        const { stderr } = await atrest(['scan', '--resume', 'run'], {
          cwd: folder,
          env: { ...bareEnv, ATREST_NOW: killing.env['ATREST_NOW'] ?? '', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
        });
        expect(stderr).toMatch(/Exit code 0/);
        expect(await verdictsOf(join(folder, 'run'))).toEqual(killing.verdicts);
      });
    });
  }, 120_000);
});

describe('--resume', () => {
  const refused = async (folder: string, flags: readonly string[], code: number, message: RegExp) => {
    const result = await atrest(['scan', ...flags], { cwd: folder, env: { ...bareEnv, AWS_REGION: 'us-east-1' } });
    expect(result.stderr).toMatch(message);
    expect(result.code).toBe(code);
  };

  test.each([
    ['--region', 'us-east-1'],
    ['--account', '111111111111'],
    ['--exclude-region', 'us-east-1'],
    ['--service', 'kms'],
    ['--rules', 'kms/*'],
    ['--baseline', 'strict'],
    ['--framework', 'cis-aws-7.0'],
    ['--config', 'atrest.yaml'],
    ['--out', 'elsewhere'],
  ])('beside %s is refused: the run has that already', async (flag, value) => {
    await inFolder(async (folder) => {
      await refused(folder, ['--resume', 'run', flag, value], 2, new RegExp(`--resume takes no ${flag}`));
      expect(await readdir(folder)).toEqual([]);
    });
  });

  test('of what is no run folder says so and writes nothing', async () => {
    await inFolder(async (folder) => {
      await mkdir(join(folder, 'mine'));
      await writeFile(join(folder, 'mine', 'notes.txt'), 'mine');
      await refused(folder, ['--resume', 'mine'], 2, /mine is not a run folder/);
      await refused(folder, ['--resume', 'nowhere'], 2, /nowhere is not a run folder: no such file/);
      expect(await readdir(folder, { recursive: true })).toEqual(['mine', join('mine', 'notes.txt')]);
    });
  });

  test('of a run that is finished, evaluated elsewhere or of another version says so and changes nothing', async () => {
    await withKilling(smallWorld(), args, async ({ env }) => {
      await inFolder(async (folder) => {
        await atrest(['scan', '--out', 'run', '--service', 'rds'], { cwd: folder, env });
        const before = await readFile(join(folder, 'run', 'manifest.json'), 'utf8');
        await refused(folder, ['--resume', 'run'], 2, /is finished: there is nothing to resume/);
        expect(await readFile(join(folder, 'run', 'manifest.json'), 'utf8')).toBe(before);
        await atrest(['evaluate', 'run', '--out', 'judged'], { cwd: folder, env });
        await refused(folder, ['--resume', 'judged'], 2, /judged was judged from a run that is in another folder/);
        const run = JSON.parse(await readFile(join(folder, 'run', 'run.json'), 'utf8')) as { tool: { version: string } };
        run.tool.version = '0.0.1';
        await writeFile(join(folder, 'run', 'run.json'), JSON.stringify(run));
        await refused(folder, ['--resume', 'run'], 2, /was begun by atrest 0\.0\.1/);
      });
    });
  }, 120_000);

  test('beside the run, or twice at once, is refused; of a process that is dead the lock is taken over', async () => {
    await withKilling(smallWorld(), args, async (killing) => {
      const { env, estate } = killing;
      await inFolder(async (folder) => {
        const slow = estate.faults.add({ kind: 'slow', delayMs: 1500, operation: 'rds:*' });
        let beside: Promise<void> | undefined;
        await atrest(['scan', '--out', 'run', ...args], {
          cwd: folder,
          env,
          when: {
            stderr: /Reading/,
            then: () => {
              beside = refused(folder, ['--resume', 'run'], 2, /run is being worked on by another atrest: process \d+/);
            },
          },
        });
        await beside;
        expect(beside).toBeDefined();
        slow.remove();
        expect(await leftovers(join(folder, 'run'))).toEqual([]);
      });
      await inFolder(async (folder) => {
        await killing.killed(folder, { call: Math.round(killing.calls / 2) });
        expect(existsSync(join(folder, 'run', 'run.lock'))).toBe(true);
        const both = await Promise.all([1, 2].map(() => atrest(['scan', '--resume', 'run'], { cwd: folder, env })));
        expect(both.map(({ code }) => code).sort()).toEqual([0, 2]);
        expect(await verdictsOf(join(folder, 'run'))).toEqual(killing.verdicts);
      });
    });
  }, 120_000);

  test.each([
    ['whose number another process has now', { pid: process.pid, host: hostname(), began: '1' }, 0],
    ['of a living process', { pid: process.pid, host: hostname(), began: null }, 2],
    ['of another machine that showed life a moment ago', { pid: 1, host: 'elsewhere', began: null }, 2],
  ] as const)(
    'with the lock of a process %s',
    async (_, holder, code) => {
      await withKilling(smallWorld(), args, async (killing) => {
        await inFolder(async (folder) => {
          await killing.killed(folder, { evaluatingMs: 0 });
          await writeFile(join(folder, 'run', 'run.lock'), JSON.stringify(holder));
          expect((await atrest(['scan', '--resume', 'run'], { cwd: folder, env: killing.env })).code).toBe(code);
        });
      });
    },
    60_000,
  );

  test('needs the plugins that the run had, and takes them by --plugin', async () => {
    await withKilling(smallWorld(), args, async ({ env, estate }) => {
      await inFolder(async (folder) => {
        await atrest(['rules', 'new', 'acme/named'], { cwd: folder });
        const hang = estate.faults.add({ kind: 'hang', operation: 'rds:DescribeDBInstances' });
        await atrest(['scan', '--out', 'run', '--plugin', '.', ...args], {
          cwd: folder,
          env,
          when: { stderr: /Reading/, then: (child) => setTimeout(() => child.kill('SIGKILL'), 300) },
        });
        hang.remove();
        await refused(folder, ['--resume', 'run'], 2, /not loaded[\s\S]*acme\/named[\s\S]*--plugin/);
        const { code } = await atrest(['scan', '--resume', 'run', '--plugin', '.'], { cwd: folder, env });
        expect(code).toBe(0);
        const report = JSON.parse(await readFile(join(folder, 'run', 'report.json'), 'utf8')) as Report;
        expect(report.rules.map(({ id }) => id)).toContain('acme/named');
      });
    });
  }, 60_000);
});
