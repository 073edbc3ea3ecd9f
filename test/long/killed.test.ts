import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'vitest';
import { demoWorld } from '#estate/index.js';
import { inFolder } from '../support/cli.js';
import { numbers } from '../support/numbers.js';
import { expectSameAfterKill, withKilling } from '../support/resumed.js';

const kills = 50;
const config = 'version: 1\nscope:\n  accounts: ["111111111111", "222222222222", "333333333333"]\n  role: AtrestAudit\n';

test('a scan that is killed at any of fifty moments is resumed to the findings and reports of one run', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'atrest.yaml');
    await writeFile(file, config);
    const args = ['--config', file, '--format', 'json,html', '--include-pass'];
    await withKilling(demoWorld(), args, async (killing) => {
      const next = numbers(Number(process.env['ATREST_SEED'] ?? 4));
      for (let kill = 0; kill < kills; kill += 1) {
        // One in five while it judges and writes, the others while it reads.
        const at =
          kill % 5 === 4 ? { evaluatingMs: Math.floor(next() * 600) } : { call: Math.ceil((1 - next()) * killing.calls) };
        await expectSameAfterKill(killing, at, args).catch((error: unknown) => {
          throw new Error(`killed at ${JSON.stringify(at)}`, { cause: error });
        });
      }
    });
  });
}, 1_800_000);
