import { expect, test } from 'vitest';
import { z } from 'zod';
import { Plan, Preflight } from '#model/plan.js';

test.each([
  ['plan', Plan],
  ['preflight', Preflight],
] as const)('docs/%s.schema.json is the schema of what the command prints', async (name, document) => {
  const schema = { $id: `https://atrest.dev/schemas/${name}-1.0.json`, ...z.toJSONSchema(document, { io: 'input' }) };
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(`../../docs/${name}.schema.json`);
});
