import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createWorld, startEstate } from '#estate/index.js';
import { atrest, estateEnv, inFolder } from '../support/cli.js';

const account = '111111111111';

test('a new user adopts the gate on an account with old findings in three commands; one broken bucket is one red line', async () => {
  const world = createWorld({ seed: 3 }).addAccount(account, { regions: ['us-east-1', 'eu-west-1'] });
  world.generate(account, 'us-east-1', { 'ebs.volume': 1500 });
  const Name = 'payroll';
  world.put(account, 'eu-west-1', 's3.bucket', { Name });
  const estate = await startEstate(world);
  try {
    await inFolder(async (cwd) => {
      const env = estateEnv(estate);
      const run = (...args: string[]) => atrest(args, { cwd, env });
      const scan = (out: string) =>
        run('scan', '--out', out, '--format', 'json', '--service', 's3,ec2', '--workers', '1', '--fail-on', 'never');
      expect((await scan('run')).code).toBe(0);
      expect((await run('gate', 'run')).code).toBe(1);

      const written = await run('known', 'write', 'run');
      expect([written.code, written.stdout]).toEqual([0, '']);
      const count = Number(/atrest-known\.json: (\d+) accepted findings/.exec(written.stderr)?.[1]);
      expect(count).toBeGreaterThan(500);
      const green = await run('gate', 'run', '--known', 'atrest-known.json');
      expect(green.stdout).toMatch(
        /^Gate passed \(run .*\)\nNot counted: \d+ accepted in atrest-known\.json\.\nExit code 0\.\n$/,
      );
      expect(green.stdout).toContain(`${String(count)} accepted`);
      expect([green.code, green.stderr]).toEqual([0, '']);

      world.put(account, 'eu-west-1', 's3.bucket', { Name, encryption: null });
      expect((await scan('later')).code).toBe(0);
      const red = await run('gate', 'later', '--known', 'atrest-known.json');
      expect(red.code).toBe(1);
      const lines = red.stdout.split('\n');
      expect(lines[0]).toMatch(/^Gate failed: 1 finding \(1 high\) /);
      expect(lines.filter((line) => line.includes('arn:'))).toEqual([
        `  high     s3/default-encryption  arn:aws:s3:::${Name}  (${account}/eu-west-1)`,
      ]);
      const known = await readFile(join(cwd, 'atrest-known.json'), 'utf8');
      expect(known.split('\n').filter((line) => line.startsWith('    {"id":'))).toHaveLength(count);

      const changed = await run('diff', 'run', 'later');
      expect(changed.code).toBe(1);
      expect(changed.stdout).toMatch(new RegExp(`^New: 1\\n  high     s3/default-encryption  arn:aws:s3:::${Name}  `, 'm'));
      expect((await run('report', 'later', '--against', 'run', '--format', 'sarif')).code).toBe(0);
      const { runs } = JSON.parse(await readFile(join(cwd, 'later/report.sarif'), 'utf8')) as {
        runs: { results: { ruleId: string; kind: string; baselineState: string }[] }[];
      };
      const results = runs.flatMap((each) => each.results);
      expect(results.filter(({ baselineState }) => baselineState !== 'unchanged')).toMatchObject([
        { ruleId: 's3/default-encryption', kind: 'fail', baselineState: 'new' },
      ]);
      expect(results.filter(({ kind }) => kind === 'fail')).toHaveLength(count + 1);
    });
  } finally {
    await estate.close();
  }
});
