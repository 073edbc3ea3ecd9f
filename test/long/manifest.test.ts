import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { createWorld } from '#estate/index.js';
import { catalogue, packRun, verifyEvidence } from '#index.js';
import { evidenceOf } from '../evidence/support.js';
import { account, regions } from '../support/small-world.js';

test('the manifest of a run with 100,000 findings keeps to its schema, and its pack verifies', async () => {
  const schema = JSON.parse(await readFile(new URL('../../docs/manifest.schema.json', import.meta.url), 'utf8')) as object;
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  const world = createWorld({ seed: 1 }).addAccount(account, { regions });
  for (const region of regions) world.generate(account, region, { 'ebs.volume': 120_000 });
  const { run, folder, remove } = await evidenceOf(world, { services: ['ec2'], ruleGlobs: ['ebs/volume-*'] });
  try {
    const { summary } = JSON.parse(await readFile(join(run, 'summary.json'), 'utf8')) as {
      summary: { bySeverity: Record<string, { fail: number; unknown: number }> };
    };
    const findings = Object.values(summary.bySeverity).reduce((sum, { fail, unknown }) => sum + fail + unknown, 0);
    expect(findings).toBeGreaterThanOrEqual(100_000);
    validate(JSON.parse(await readFile(join(run, 'manifest.json'), 'utf8')));
    expect(validate.errors ?? []).toEqual([]);
    const pack = join(folder, 'pack.tar');
    await packRun({ catalogue, run, out: pack, connection: {} });
    expect(await verifyEvidence({ catalogue, pack, replay: true })).toMatchObject({ ok: true, problems: [], replay: 'same' });
  } finally {
    await remove();
  }
});
