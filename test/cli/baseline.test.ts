import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '#cli/run.js';
import type { ShownBaseline } from '#index.js';
import { writeRun } from '#inventory/run-folder.js';
import type { RunDocument } from '#inventory/run-folder.js';
import { inFolder } from '../support/cli.js';
import { testIo } from '../support/test-io.js';

const account = '111111111111';

const config = `version: 1
requireReason: true
scope:
  organization: { role: AtrestAudit }
baselines:
  prod:
    extends: strict
    rules:
      s3/bucket-key: { state: off, reason: too dear }
      kms/rotation-period: [critical, { maxDays: 180 }]
assign:
  - { baseline: prod, accounts: { path: "ou-prod*", tags: { env: prod } } }
  - { baseline: recommended }
`;

const assign = [{ baseline: 'prod', accounts: { path: 'ou-prod*', tags: { env: 'prod' } } }, { baseline: 'recommended' }];

async function show(folder: string, ...args: string[]) {
  const io = testIo();
  const code = await run(['baseline', 'show', account, '--config', join(folder, 'atrest.yaml'), ...args], io);
  return { code, out: io.outText().replaceAll(`${folder}/`, ''), err: io.errText().replaceAll(`${folder}/`, '') };
}

test('shows whose word each rule is, and why the account has the baseline', async () => {
  await inFolder(async (folder) => {
    await writeFile(join(folder, 'atrest.yaml'), config);
    const { code, out } = await show(folder, '--path', 'o-a/r-b/ou-prod-1', '--tag', 'env=prod');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^111111111111 has the baseline prod\n {2}since the assignment at atrest\.yaml:12:5 fits it\.\n {2}prod: atrest\.yaml:6:3, extends strict\n {2}strict: comes with atrest\n/,
    );
    expect(out).toMatch(
      /\n {2}kms\/rotation-period\n {6}on: strict\n {6}critical: prod, atrest\.yaml:10:7\n {6}maxDays 180: prod, atrest\.yaml:10:7\n/,
    );
    expect(out).toMatch(/Off \(1\):\n {2}s3\/bucket-key\n {6}prod, atrest\.yaml:9:7: too dear\n$/);
  });
});

test('says what is not known, and does not guess', async () => {
  await inFolder(async (folder) => {
    await writeFile(join(folder, 'atrest.yaml'), config);
    const { code, out, err } = await show(folder, '--tag', 'env=prod');
    expect(out).toBe(
      '111111111111 has one of these baselines:\n  prod (atrest.yaml:12:5): not known: OU path\n  recommended (atrest.yaml:13:5): if none before it fits\n',
    );
    expect(err).toMatch(/does not say which baseline it has[^]*--tag KEY=VALUE, --path or --name/);
    expect(code).toBe(2);
    const json = await show(folder, '--format', 'json');
    const shown = JSON.parse(json.out) as ShownBaseline;
    expect(shown.baseline).toBeNull();
    expect(shown.candidates.map(({ baseline, unknown }) => [baseline, unknown])).toEqual([
      ['prod', ['OU path', 'tag env']],
      ['recommended', []],
    ]);
    expect(json.code).toBe(2);
    // What is known rules it out, whatever the rest.
    const elsewhere = await show(folder, '--path', 'o-a/r-b/ou-dev-1');
    expect(elsewhere.out).toMatch(
      /^111111111111 has the baseline recommended\n {2}since the assignment at atrest\.yaml:13:5 fits it\./,
    );
    expect(elsewhere.code).toBe(0);
  });
});

test('takes from a run what it saw of the account, as long as the assignments are the same', async () => {
  await inFolder(async (folder) => {
    await writeFile(join(folder, 'atrest.yaml'), config);
    const seen = { id: account, name: 'web', path: 'o-a/r-b/ou-prod-1', namePath: null, baseline: 'prod' };
    const document = { schemaVersion: '1.0', accounts: [seen], config: { assign } };
    await writeRun(folder, document as unknown as RunDocument);
    const { code, out } = await show(folder, '--run', folder);
    expect(out).toMatch(
      /^111111111111 has the baseline prod\n {2}since the assignment at atrest\.yaml:12:5 fits it, which it did in /,
    );
    expect(code).toBe(0);
    await writeRun(folder, { ...document, config: { assign: [] } } as unknown as RunDocument);
    expect((await show(folder, '--run', folder)).out).toContain('not known: tag env');
    await writeRun(folder, { ...document, accounts: [] } as unknown as RunDocument);
    expect((await show(folder, '--run', folder)).err).toContain('has not seen account 111111111111');
  });
});

test('refuses what a scan would refuse', async () => {
  await inFolder(async (folder) => {
    await writeFile(join(folder, 'atrest.yaml'), config.replace('{ state: off, reason: too dear }', 'off'));
    const { code, err } = await show(folder, '--path', 'o-a/r-b/ou-prod-1', '--tag', 'env=prod');
    expect(err).toContain('atrest.yaml:9:7: s3/bucket-key is turned off without a reason');
    expect(code).toBe(2);
    expect((await show(folder, '--tag', 'env')).err).toContain('--tag env: write it as KEY=VALUE');
    expect((await show(folder, '--format', 'yaml')).code).toBe(2);
    expect(await run(['baseline', 'show', '1111'], testIo())).toBe(2);
  });
});
