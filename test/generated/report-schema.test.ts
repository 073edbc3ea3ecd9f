import { expect, test } from 'vitest';
import { z } from 'zod';
import { Report } from '#model/report.js';

test('docs/report.schema.json is the schema of report.json', async () => {
  const schema = { $id: 'https://atrest.dev/schemas/report-1.0.json', ...z.toJSONSchema(Report, { io: 'input' }) };
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../docs/report.schema.json');
});
