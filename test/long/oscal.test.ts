import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { oscal } from '#reports/oscal/render.js';
import { foreignSchema } from '../support/foreign-schema.js';
import { reportFixture } from '../support/report-fixture.js';
import { rendered, sourceOf } from '../support/report-parts.js';

test('the OSCAL of 100,000 findings validates, and holds each of them', async () => {
  const schema = JSON.parse(await foreignSchema('oscal-1.2.1-assessment-results.schema.json')) as object;
  const document = JSON.parse(await rendered(oscal.render(sourceOf(reportFixture({ count: 100_000 }))))) as {
    'assessment-results': { results: { observations: { props?: { name: string }[] }[] }[] };
  };
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  const [result] = document['assessment-results'].results;
  const seen = result?.observations.filter(({ props = [] }) => props.some(({ name }) => name === 'finding-id'));
  expect(seen).toHaveLength(100_000);
});
