import { expect, test } from 'vitest';
import { askedFacets, followUpFacets } from '#collect/asked.js';
import { builtIn, facetCalls } from '#collect/registry.js';
import { rules } from '#rules/index.js';
import { root } from '../support/rule-files.js';

/** Calls that read data rather than how it is kept: an explicit Deny holds whatever else is attached to the role. */
const dataAccess = [
  'ebs:GetSnapshotBlock',
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:GenerateDataKey*',
  'kms:ReEncrypt*',
  's3:GetObject',
  's3:GetObjectVersion',
  'secretsmanager:GetSecretValue',
  'ssm:GetParameter*',
];
const sids: Readonly<Record<string, string>> = { ec2: 'Ec2', kms: 'Kms', rds: 'Rds', s3: 'S3', s3express: 'S3Express' };

/** Looks at objects only where a baseline says so; what it asks then stands on its page. */
const optIn = 's3/objects-match-default';

/** What a scan with every other rule asks of AWS: facets, the listings of their kinds, and which regions are enabled. */
function actionsAsked(): readonly string[] {
  const operations = facetCalls(builtIn);
  const usual = rules.filter(({ id }) => id !== optIn);
  const asked = [...askedFacets(usual, builtIn.kinds, { tags: true })].flatMap(([kind, facets]) => [
    `${kind}/*`,
    ...[...facets].map((facet) => `${kind}/${facet}`),
  ]);
  asked.push(...followUpFacets(usual, builtIn.kinds).map((facet) => `kms.key/${facet}`));
  const actions = asked.flatMap((facet) => operations.get(facet)?.map(({ action }) => action) ?? []);
  return [...new Set([...actions, 'ec2:DescribeRegions'])].sort();
}

test('docs/iam-policy.json allows what the rules ask, and nothing else', async () => {
  const actions = actionsAsked();
  const services = [...new Set(actions.map((action) => action.slice(0, action.indexOf(':'))))];
  const policy = {
    Version: '2012-10-17',
    Statement: [
      ...services.map((service) => ({
        Sid: sids[service],
        Effect: 'Allow',
        Action: actions.filter((action) => action.startsWith(`${service}:`)),
        Resource: '*',
      })),
      { Sid: 'NoDataAccess', Effect: 'Deny', Action: dataAccess, Resource: '*' },
    ],
  };
  expect(policy.Statement.every(({ Sid }) => Sid !== undefined)).toBe(true);
  await expect(`${JSON.stringify(policy, null, 2)}\n`).toMatchFileSnapshot(`${root}docs/iam-policy.json`);
});

test('the policy only reads', () => {
  for (const action of actionsAsked()) expect(action).toMatch(/^[a-z0-9]+:(Describe|Get|List)[A-Za-z]+$/);
});
