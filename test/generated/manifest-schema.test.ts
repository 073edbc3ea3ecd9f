import { expect, test } from 'vitest';
import { z } from 'zod';
import { RunManifest } from '#evidence/run-manifest.js';

test('docs/manifest.schema.json is the schema of the manifest of a run', async () => {
  const schema = { $id: 'https://atrest.dev/schemas/manifest-1.0.json', ...z.toJSONSchema(RunManifest, { io: 'input' }) };
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../docs/manifest.schema.json');
});
