import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { createWorld, type Estate } from '#estate/index.js';
import { account, regions, smallWorld } from '../support/small-world.js';
import { evidenceOf } from './support.js';

const schema = JSON.parse(await readFile(new URL('../../docs/manifest.schema.json', import.meta.url), 'utf8')) as object;
const validate = new Ajv2020({ allErrors: true }).compile(schema);

async function manifestOf(run: string): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await readFile(join(run, 'manifest.json'), 'utf8'));
}

const empty = () => createWorld({ seed: 1 }).addAccount(account, { regions });
const denyList = (estate: Estate) => void estate.faults.add({ operation: 'kms:ListKeys', kind: 'deny' });

test.each([
  ['nothing was there', empty(), undefined, true],
  ['everything was read', smallWorld(), undefined, true],
  ['nothing could be read', smallWorld(), denyList, false],
])('the manifest of a run keeps to its schema: %s', async (_what, world, prepare, complete) => {
  const evidence = await evidenceOf(world, { services: ['kms'], ...(prepare && { prepare }) });
  try {
    const manifest = await manifestOf(evidence.run);
    expect(validate(manifest), JSON.stringify(validate.errors)).toBe(true);
    expect(manifest).toMatchObject({ run: { complete }, evaluatedFrom: null, previous: null });
    expect(validate({ ...manifest, config: 'none' })).toBe(false);
  } finally {
    await evidence.remove();
  }
});
