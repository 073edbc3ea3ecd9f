import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { Report } from '#model/report.js';
import { resume } from '#resume.js';
import { scan } from '#scan.js';
import { catalogue } from '#index.js';
import { startEstate } from '#estate/index.js';
import { atrest, estateEnv, inFolder } from '../support/cli.js';
import { leftovers, verdictsOf, withKilling, type Killing } from '../support/resumed.js';
import { scanOptions, useEstate } from '../support/scan-estate.js';
import { regions, smallWorld } from '../support/small-world.js';

const args = ['--format', 'json,html', '--include-pass', '--fail-on', 'never'];
const signal =
  (name: NodeJS.Signals, afterMs = 0) =>
  (child: ChildProcess) =>
    setTimeout(() => child.kill(name), afterMs);

async function reportOf(folder: string): Promise<Report> {
  return Report.parse(JSON.parse(await readFile(join(folder, 'run', 'report.json'), 'utf8')));
}

/** A report that says what was not read, and a folder that the rest can be added to. */
async function expectEndedEarly(folder: string, { estate, env, verdicts }: Killing): Promise<void> {
  const report = await reportOf(folder);
  expect(report.run.complete).toBe(false);
  const unfinished = report.findings.filter(({ missing }) => missing?.some(({ cause }) => cause === 'unfinished') === true);
  expect(new Set(unfinished.map(({ verdict }) => verdict))).toEqual(new Set(['unknown']));
  expect(report.coverage.filter(({ reason }) => reason === 'the run ended before it').length).toBeGreaterThan(0);
  expect(await leftovers(join(folder, 'run'))).toEqual([]);
  estate.faults.clear();
  const { code, stderr } = await atrest(['scan', '--resume', 'run'], { cwd: folder, env });
  expect(stderr).not.toMatch(/--resume/);
  expect(code).toBe(0);
  expect(await verdictsOf(join(folder, 'run'))).toEqual(verdicts);
}

describe('a run that is ended early reports what was read and can be resumed', () => {
  test('by --deadline, with exit code 3', async () => {
    await withKilling(smallWorld(), args, async (killing) => {
      await inFolder(async (folder) => {
        killing.estate.faults.add({ kind: 'hang', operation: 'kms:*', region: 'eu-west-1' });
        const started = performance.now();
        const { code, stderr } = await atrest(['scan', '--out', 'run', '--deadline', '4s', ...args], {
          cwd: folder,
          env: killing.env,
        });
        expect(performance.now() - started).toBeLessThan(14_000);
        expect(stderr).toMatch(/INCOMPLETE[\s\S]*ended before everything was read\. Finish it with: atrest scan --resume run/);
        expect(code).toBe(3);
        await expectEndedEarly(folder, killing);
      });
    });
  }, 60_000);

  test('by SIGTERM, with exit code 130', async () => {
    await withKilling(smallWorld(), args, async (killing) => {
      await inFolder(async (folder) => {
        killing.estate.faults.add({ kind: 'hang', operation: 'rds:*' });
        const { code } = await atrest(['scan', '--out', 'run', ...args], {
          cwd: folder,
          env: killing.env,
          when: { stderr: /Reading/, then: signal('SIGTERM', 1000) },
        });
        expect(code).toBe(130);
        await expectEndedEarly(folder, killing);
      });
    });
  }, 60_000);

  test('also while it asks what only the whole run shows', async () => {
    const strict = ['--baseline', 'strict', ...args];
    await withKilling(smallWorld(), strict, async (killing) => {
      await inFolder(async (folder) => {
        killing.estate.faults.add({ kind: 'hang', operation: 'kms:GetKeyLastUsage', region: 'us-east-1' });
        const { code } = await atrest(['scan', '--out', 'run', ...strict], {
          cwd: folder,
          env: killing.env,
          when: { stderr: /Asking for keys/, then: signal('SIGTERM', 1000) },
        });
        expect(code).toBe(130);
        const { coverage } = await reportOf(folder);
        expect(coverage.filter(({ state }) => state !== 'complete')).toMatchObject([{ region: 'us-east-1', service: 'kms' }]);
        await expectEndedEarly(folder, killing);
      });
    });
  }, 60_000);

  test('findings count before the gap: exit code 1', async () => {
    await withKilling(smallWorld(), args, async ({ estate, env }) => {
      await inFolder(async (folder) => {
        estate.faults.add({ kind: 'hang', operation: 'rds:*' });
        const { code } = await atrest(['scan', '--out', 'run', '--deadline', '4s'], { cwd: folder, env });
        expect(code).toBe(1);
      });
    });
  }, 60_000);
});

test('ended before the accounts are known a run leaves nothing', async () => {
  await withKilling(smallWorld(), args, async ({ estate, env }) => {
    await inFolder(async (folder) => {
      estate.faults.add({ kind: 'hang', operation: 'sts:*' });
      const deadline = await atrest(['scan', '--out', 'run', '--deadline', '1s'], { cwd: folder, env });
      expect(deadline.stderr).toMatch(/The deadline has passed before anything was read/);
      expect(deadline.code).toBe(3);
      const terminated = await atrest(['scan', '--out', 'run'], {
        cwd: folder,
        env,
        when: { stderr: /Finding/, then: signal('SIGTERM', 300) },
      });
      expect(terminated.code).toBe(130);
      expect(await readdir(folder)).toEqual([]);
    });
  });
}, 60_000);

test.each(['30', '1d', '0s', '-5m', '1.5h', '501h', 'soon'])('--deadline %s is refused', async (text) => {
  await inFolder(async (folder) => {
    const { code, stderr } = await atrest(['scan', `--deadline=${text}`], { cwd: folder });
    expect(stderr).toMatch(/--deadline .* is not a duration[\s\S]*45s, 30m or 2h/);
    expect(code).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('Ctrl-C', () => {
  test('names what finishes the run', async () => {
    await withKilling(smallWorld(), args, async ({ estate, env, verdicts }) => {
      await inFolder(async (folder) => {
        estate.faults.add({ kind: 'hang', operation: 'rds:*' });
        const { code, stderr } = await atrest(['scan', '--out', 'run', ...args], {
          cwd: folder,
          env,
          when: { stderr: /Reading/, then: signal('SIGINT', 500) },
        });
        expect(code).toBe(130);
        expect(stderr).toMatch(/Stopped\.[\s\S]*atrest scan --resume run/);
        estate.faults.clear();
        expect((await atrest(['scan', '--resume', 'run'], { cwd: folder, env })).code).toBe(0);
        expect(await verdictsOf(join(folder, 'run'))).toEqual(verdicts);
      });
    });
  }, 60_000);

  test('while it judges leaves no report either', async () => {
    await withKilling(smallWorld(), args, async ({ estate }) => {
      await inFolder(async (folder) => {
        useEstate(estate);
        const out = join(folder, 'run');
        const stop = new AbortController();
        const options = scanOptions(out, {
          connection: { signal: stop.signal },
          onProgress: ({ phase }) => {
            if (phase === 'evaluate') stop.abort(new Error('SIGINT'));
          },
        });
        await expect(scan(options)).rejects.toMatchObject({
          code: 'interrupted',
          hint: expect.stringContaining('--resume') as string,
        });
        expect(existsSync(join(out, 'manifest.json'))).toBe(false);
        expect(await leftovers(out)).toEqual([]);
        const onProgress = () => undefined;
        const { header } = await resume({ catalogue, run: out, now: undefined, connection: {}, onProgress });
        expect(header.run.complete).toBe(true);
      });
    });
  }, 60_000);

  test('a second time ends at once', async () => {
    await withKilling(smallWorld(), args, async ({ estate, env }) => {
      await inFolder(async (folder) => {
        estate.faults.add({ kind: 'hang', operation: 'rds:*' });
        const { code } = await atrest(['scan', '--out', 'run', ...args], {
          cwd: folder,
          env,
          when: {
            stderr: /Reading/,
            then: (child) => {
              child.kill('SIGINT');
              setTimeout(() => child.kill('SIGINT'), 1);
            },
          },
        });
        expect(code).toBe(130);
      });
    });
  }, 60_000);
});

describe('credentials that expire on the way end the run, not its completeness', () => {
  test('the caller’s own', async () => {
    await withKilling(smallWorld(), args, async ({ estate, env, verdicts }) => {
      await inFolder(async (folder) => {
        const { code, stderr } = await atrest(['scan', '--out', 'run', ...args], {
          cwd: folder,
          env,
          when: { stderr: /Reading/, then: () => estate.faults.add({ kind: 'expiredToken' }) },
        });
        expect(stderr).toMatch(/The credentials have expired: [\s\S]*Log in again, then `atrest scan --resume run`/);
        expect(code).toBe(3);
        expect(existsSync(join(folder, 'run', 'manifest.json'))).toBe(false);
        expect((await atrest(['scan', '--resume', 'run'], { cwd: folder, env })).code).toBe(4);
        estate.faults.clear();
        expect((await atrest(['scan', '--resume', 'run'], { cwd: folder, env })).code).toBe(0);
        expect(await verdictsOf(join(folder, 'run'))).toEqual(verdicts);
      });
    });
  }, 60_000);

  test('when a role is to be assumed again', async () => {
    const second = '222222222222';
    const world = smallWorld().addAccount(second, { regions, roles: [{ name: 'AtrestAudit', sessionSeconds: 1 }] });
    world.generate(second, 'us-east-1', { 'kms.key': 5, 'ebs.volume': 5 });
    await inFolder(async (folder) => {
      // Long enough that the session ends before the scan does.
      const estate = await startEstate(world, { latencyMs: 250 });
      const env = { ...estateEnv(estate), ATREST_NOW: '2026-11-23T00:00:00Z' };
      await writeFile(join(folder, 'atrest.yaml'), `version: 1\nscope: { accounts: ["${second}"], role: AtrestAudit }\n`);
      const { code, stderr } = await atrest(['scan', '--out', 'run', ...args], {
        cwd: folder,
        env,
        when: { stderr: /Reading/, then: () => estate.faults.add({ kind: 'expiredToken', operation: 'sts:AssumeRole' }) },
      });
      expect(stderr).toMatch(/The credentials have expired: [\s\S]*Log in again, then `atrest scan --resume run`/);
      expect(code).toBe(3);
      estate.faults.clear();
      expect((await atrest(['scan', '--resume', 'run'], { cwd: folder, env })).code).toBe(0);
      await estate.close();
    });
  }, 60_000);
});
