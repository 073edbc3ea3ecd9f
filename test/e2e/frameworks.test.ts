import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createWorld, startEstate } from '#estate/index.js';
import { countControls } from '#model/framework.js';
import type { FrameworkRow } from '#model/report.js';
import { atrest, estateEnv, inFolder } from '../support/cli.js';

const home = '111111111111';
const other = '222222222222';
const region = 'us-east-1';

const config = `version: 1
scope: { accounts: ["${home}", "${other}"], role: AtrestAudit }
baselines: { lax: { extends: cis-aws-7.0, rules: { kms/rotation-enabled: off } } }
assign: [{ baseline: lax, accounts: ["${other}"] }, { baseline: cis-aws-7.0 }]
`;

test('a control is fully covered only where its rules were on in every account, and the view says that the run is not complete', async () => {
  const made = createWorld({ seed: 5 });
  for (const account of [home, other]) {
    made.addAccount(account, { regions: [region], roles: [{ name: 'AtrestAudit' }] });
    made.put(account, region, 'kms.key', {});
  }
  const estate = await startEstate(made);
  try {
    await inFolder(async (folder) => {
      await writeFile(join(folder, 'atrest.yaml'), config);
      const show = async (run: string): Promise<[FrameworkRow, string]> => {
        const named = ['frameworks', 'show', 'cis-aws-7.0', run];
        const { stdout } = await atrest([...named, '--json'], { cwd: folder });
        return [JSON.parse(stdout) as FrameworkRow, (await atrest(named, { cwd: folder })).stdout];
      };
      const scan = (out: string) => atrest(['scan', '--out', out, '--fail-on', 'never'], { cwd: folder, env: estateEnv(estate) });
      expect((await scan('run')).code).toBe(0);
      const [row, text] = await show('run');
      expect(row.complete).toBe(true);
      expect(row.controls.find(({ id }) => id === '4.6')).toMatchObject({
        covered: 'part',
        rules: ['kms/rotation-enabled'],
        off: [],
        offIn: { 'kms/rotation-enabled': [other] },
      });
      expect(row.controls.find(({ id }) => id === '6.1.1')).toMatchObject({ covered: 'full', offIn: {}, error: 0 });
      expect(text).toMatch(/^4\.6: pass \d+, fail \d+, unknown \d+, covered in part/m);
      expect(text).toContain(`not covered: kms/rotation-enabled (off in ${other})`);
      expect(text).not.toContain('not complete');

      made.deny({ operation: 'kms:ListKeys', account: home });
      expect((await scan('gaps')).code).toBe(3);
      const [gaps, gapsText] = await show('gaps');
      expect(gaps.complete).toBe(false);
      expect(gapsText).toMatch(/^The run is not complete/);
    });
  } finally {
    await estate.close();
  }
});

test('a control of which a rule threw is covered in part', () => {
  const framework = {
    id: 'f',
    title: 'F',
    version: '1',
    controls: [{ id: '1', title: null, rules: ['a/b'], notCovered: [] }],
  };
  const counted = (error: number) =>
    countControls(framework, {
      run: { complete: true },
      summary: {
        resources: 2,
        byRule: { 'a/b': { pass: 1, fail: 0, unknown: 0, notApplicable: 0, error } },
        bySeverity: {} as never,
        score: 1,
        waived: 0,
      },
      rules: [{ id: 'a/b', title: '', severity: 'low', kinds: [], why: '', source: '', controls: {}, offIn: [] }],
    }).controls[0];
  expect(counted(0)).toMatchObject({ covered: 'full', error: 0 });
  expect(counted(1)).toMatchObject({ covered: 'part', error: 1, pass: 1 });
});
