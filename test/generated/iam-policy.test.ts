import { expect, test } from 'vitest';
import { auditRole, catalogue, renderRole, type RoleRequest } from '#index.js';
import type { PolicyDocument } from '#plan/iam-policy.js';
import { root } from '../support/rule-files.js';
import { withSampleOptions } from '../support/samples.js';

const request: RoleRequest = { catalogue, config: { version: 1 }, baselines: [], ruleGlobs: [] };
/** Looks at objects only where a baseline says so; what it asks then stands on its page. */
const optIn = 's3/objects-match-default';
/** Every other rule, whatever its options, under either baseline of atrest's own. */
const everyRule = { ...catalogue, rules: catalogue.rules.filter(({ id }) => id !== optIn).map(withSampleOptions) };
const anyBaseline = auditRole({ ...request, catalogue: everyRule, baselines: ['recommended', 'strict'] }).role;

test('docs/iam-policy.json allows what the rules ask, and nothing else', async () => {
  const [policy, ...others] = renderRole(anyBaseline, 'iam');
  expect(others).toEqual([]);
  await expect(policy).toMatchFileSnapshot(`${root}docs/iam-policy.json`);
});

test('the policy only reads', () => {
  const { Statement } = JSON.parse(renderRole(anyBaseline, 'iam')[0] ?? '') as PolicyDocument;
  const allowed = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
  expect(allowed.length).toBeGreaterThan(40);
  for (const action of allowed) expect(action).toMatch(/^[a-z0-9]+:(Describe|Get|List)[A-Za-z]+$/);
});

test('deploy/atrest-audit-role.yaml is the role for the recommended baseline', async () => {
  const [template] = renderRole(auditRole({ ...request, baselines: ['recommended'] }).role, 'cloudformation');
  await expect(template).toMatchFileSnapshot(`${root}deploy/atrest-audit-role.yaml`);
});
