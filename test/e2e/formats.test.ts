import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createWorld, startEstate } from '#estate/index.js';
import type { Report } from '#model/report.js';
import { atrest, estateEnv, inFolder } from '../support/cli.js';

const home = '111111111111';
const other = '222222222222';
const region = 'us-east-1';
const config = `version: 1
scope:
  role: AtrestAudit
  accounts:
    - "${home}"
    - "${other}"
assign:
  - { baseline: strict, accounts: ["${other}"] }
`;

test('formats for pipelines point to the lines of the config that govern each account, and `report` writes the same again', async () => {
  const made = createWorld({ seed: 5 });
  for (const account of [home, other]) {
    made.addAccount(account, { regions: [region], roles: [{ name: 'AtrestAudit' }] });
    made.put(account, region, 'ebs.volume', {});
  }
  const estate = await startEstate(made);
  try {
    await inFolder(async (folder) => {
      const env = estateEnv(estate);
      const below = join(folder, 'pipelines');
      await mkdir(join(folder, '.git'));
      await mkdir(join(folder, 'audit'));
      await mkdir(below);
      await writeFile(join(folder, 'audit/at rest.yaml'), config);
      const formats = ['--format', 'json,sarif,junit,gitlab'];
      const args = [
        'scan',
        '--config',
        '../audit/at rest.yaml',
        '--out',
        'run',
        '--region',
        region,
        '--rules',
        'ebs/*',
        '--quiet',
      ];
      const scanned = await atrest([...args, ...formats], { cwd: below, env });
      expect([scanned.code, scanned.stderr]).toEqual([1, expect.any(String)]);

      const read = async (path: string) => readFile(join(below, path), 'utf8');
      const report = JSON.parse(await read('run/report.json')) as Report;
      const file = 'audit/at rest.yaml';
      expect(report.scope.accounts.map(({ governedBy }) => governedBy)).toEqual([
        { file, line: 5 },
        { file, line: 8 },
      ]);
      const { runs } = JSON.parse(await read('run/report.sarif')) as { runs: { results: { locations: unknown[] }[] }[] };
      for (const [index, line] of [5, 8].entries()) {
        const places = new Set(runs[index]?.results.map(({ locations }) => JSON.stringify(locations[0])));
        expect(places.size).toBeGreaterThan(0);
        for (const place of places)
          expect(JSON.parse(place)).toMatchObject({
            physicalLocation: { artifactLocation: { uri: 'audit/at%20rest.yaml' }, region: { startLine: line } },
          });
      }
      const issues = JSON.parse(await read('run/report.gitlab.json')) as { location: { path: string } }[];
      expect(new Set(issues.map(({ location }) => location.path))).toEqual(new Set(['audit/at rest.yaml']));
      expect(await read('run/report.junit.xml')).toContain(`<testsuite name="${other}/${region}"`);

      await atrest(['report', 'run', '--out', 'again', ...formats], { cwd: below });
      for (const name of ['report.sarif', 'report.junit.xml', 'report.gitlab.json'])
        expect(await read(`again/${name}`)).toBe(await read(`run/${name}`));
    });
  } finally {
    await estate.close();
  }
});
