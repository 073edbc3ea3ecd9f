import { expect, test } from 'vitest';
import { governingLine } from '#config/governing-line.js';
import { parseConfig } from '#config/load.js';

const account = (id: string, more: object = {}) => ({ id, name: null, path: null, namePath: null, tags: {}, ...more });

function lineIn(text: string, of: ReturnType<typeof account>, baseline?: string): number | undefined {
  const { config, locate } = parseConfig(text, 'audit/atrest.yaml');
  const governing = governingLine(of, { config, configFile: { path: 'audit/atrest.yaml', locate }, baseline });
  expect(governing?.file).toBe('audit/atrest.yaml');
  return governing?.line;
}

const assigned = `version: 1
scope:
  accounts:
    - "111111111111"
    - { id: "222222222222", name: shop }
    - "333333333333"
baselines:
  prod: { extends: strict }
assign:
  - { baseline: prod, accounts: { tags: { env: prod } } }
  - baseline: recommended
    accounts: ["222222222222"]
`;

const organized = `# Ours
version: 1
scope:
  organization:
    role: AtrestAudit
    include:
      - ou-prod-*
      - "111111111111"
`;

test.each([
  ['the assignment that fits it', assigned, account('111111111111', { tags: { env: 'prod' } }), 10],
  ['the first of its assignments, where its map begins', assigned, account('222222222222'), 11],
  ['what names it, without an assignment', assigned, account('333333333333'), 6],
  ['the choice that lets it in', organized, account('111111111111'), 8],
  ['the choice of its OU', organized, account('222222222222', { path: 'o-a/r-b/ou-prod-1' }), 7],
  ['the organisation, without a choice', organized.replace(/ {4}include[^]*/, ''), account('111111111111'), 4],
  ['the first line of a config that does not name it', '# Ours\nversion: 1\n', account('111111111111'), 1],
] as const)('an account is governed by %s', (_, text, of, line) => {
  expect(lineIn(text, of)).toBe(line);
});

test('a baseline by flag leaves the assignments without a say', () => {
  expect(lineIn(assigned, account('222222222222'), 'strict')).toBe(5);
});

test('without a config file no line governs', () => {
  expect(governingLine(account('111111111111'), { config: { version: 1 }, baseline: undefined })).toBe(null);
});
