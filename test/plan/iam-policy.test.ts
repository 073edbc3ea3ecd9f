import { describe, expect, test } from 'vitest';
import { auditRole, catalogue, listRole, renderRole, type Catalogue, type RoleRequest } from '#index.js';
import type { PluginFacet } from '#model/facet.js';
import type { PolicyDocument } from '#plan/iam-policy.js';
import { defineRule } from '#model/rule.js';
import { withSampleOptions } from '../support/samples.js';

/** The documents as they are printed. */
function documentsOf(request: Partial<RoleRequest>): readonly PolicyDocument[] {
  const { role } = auditRole({ catalogue, config: { version: 1 }, baselines: [], ruleGlobs: [], ...request });
  return renderRole(role, 'iam').map((text) => JSON.parse(text) as PolicyDocument);
}

function actionsOf(documents: readonly PolicyDocument[], effect = 'Allow'): readonly string[] {
  return documents
    .flatMap(({ Statement }) => Statement.filter(({ Effect }) => Effect === effect))
    .flatMap(({ Action }) => Action);
}

const allowed = (request: Partial<RoleRequest>) => actionsOf(documentsOf(request));

/** What IAM counts. */
const length = (document: PolicyDocument) => JSON.stringify(document).replace(/\s/g, '').length;

function facet(name: string, action: string): PluginFacet {
  return {
    kind: 's3.bucket',
    name,
    origin: './rules',
    operation: 's3:GetBucketWebsite',
    action,
    after: [],
    request: () => Promise.resolve({}),
    project: () => null,
    absent: [],
    gone: [],
  };
}

/** A plugin that asks these actions about buckets. */
function plugin(...actions: readonly string[]): Catalogue {
  const facets = actions.map((action, index) => facet(`own${String(index)}`, action));
  const rule = {
    ...defineRule({
      id: 'house/own',
      kind: 's3.bucket',
      severity: 'low',
      title: 'T',
      needs: ['listing'],
      docs: { why: 'W', source: 'https://example.com', waive: 'W' },
      messages: { fine: 'Fine.' },
      states: [['Always', 'pass']],
      remediation: () => ({ text: 'T', cli: null, terraform: null }),
      evaluate: (_bucket, { pass }) => pass('fine'),
    }),
    needs: facets.map(({ name }) => name),
    origin: './rules',
  };
  return { ...catalogue, rules: [...catalogue.rules, rule], facets };
}

const region = ['account:ListRegions', 'ec2:DescribeRegions'];

describe('the role that audits may', () => {
  test('ask for regions and for what its rules need, by their IAM names', () => {
    expect(allowed({ ruleGlobs: ['s3/default-encryption'] })).toEqual([
      ...region,
      's3:GetEncryptionConfiguration',
      's3:ListAllMyBuckets',
    ]);
    expect(allowed({ ruleGlobs: ['kms/rotation-enabled'] }).filter((action) => action.startsWith('kms:'))).toEqual([
      'kms:DescribeKey',
      'kms:GetKeyRotationStatus',
      'kms:ListAliases',
      'kms:ListKeys',
    ]);
  });

  test('ask for what only the whole run shows to be worth asking', () => {
    expect(allowed({ ruleGlobs: ['kms/unused'] })).toContain('kms:GetKeyLastUsage');
  });

  test('nothing for rules that have nothing to judge', () => {
    expect(allowed({ ruleGlobs: ['kms/mrk-regions-approved'] })).toEqual(region);
  });

  test('what any baseline asks that an account can get from the config', () => {
    const baselines = {
      keys: { rules: { 'kms/rotation-enabled': 'on' as const } },
      logs: { rules: { 's3/log-target-deliverable': 'on' as const } },
      unused: { rules: { 'ebs/volume-encrypted': 'on' as const } },
    };
    const production = { ids: ['111111111111'] };
    const assign = [{ baseline: 'keys', accounts: production }, { baseline: 'logs' }, { baseline: 'unused' }];
    const found = allowed({ config: { version: 1, baselines, assign } });
    expect(found).toEqual(expect.arrayContaining(['kms:GetKeyRotationStatus', 's3:GetBucketLogging']));
    // Behind the baseline that takes every account.
    expect(found).not.toContain('ec2:DescribeVolumes');
    const rest = allowed({ config: { version: 1, baselines, assign: [{ baseline: 'keys', accounts: production }] } });
    expect(rest).toEqual(allowed({ baselines: ['recommended'] }));
    expect(allowed({ config: { version: 1, baselines, assign }, baselines: ['unused'] })).toEqual([
      ...region,
      'ec2:DescribeVolumes',
    ]);
  });

  test('read tags where a selector of the config looks at them', () => {
    const baselines = { own: { rules: { 's3/default-encryption-cmk': 'on' as const } } };
    const assign = [{ baseline: 'own' }];
    const tags = [{ tags: { team: ['a'] } }];
    const names = [{ name: 'payroll-*' }];
    expect(allowed({ config: { version: 1, baselines, assign, cmkRequired: tags } })).toContain('s3:GetBucketTagging');
    expect(allowed({ config: { version: 1, baselines, assign, cmkRequired: names } })).not.toContain('s3:GetBucketTagging');
  });

  test("call what a plugin's facet asks", () => {
    expect(allowed({ catalogue: plugin('s3:GetBucketWebsite'), ruleGlobs: ['s3/*'] })).not.toContain('s3:GetBucketWebsite');
    expect(allowed({ catalogue: plugin('s3:GetBucketWebsite'), ruleGlobs: ['house/own'] })).toEqual([
      ...region,
      's3:GetBucketWebsite',
      's3:ListAllMyBuckets',
    ]);
  });
});

describe('access to data', () => {
  test('is denied, and never allowed', () => {
    const documents = documentsOf({ baselines: ['strict'] });
    expect(actionsOf(documents, 'Deny')).toEqual(
      expect.arrayContaining(['kms:Decrypt', 's3:GetObject', 's3express:CreateSession']),
    );
    expect(actionsOf(documents).filter((action) => /Object|Decrypt|CreateSession/.test(action))).toEqual([]);
  });

  test('of sampled objects is allowed where a baseline samples some, in the own account, and all else denied', () => {
    const config = (sample: number) => ({
      version: 1 as const,
      baselines: {
        sampled: { extends: 'strict', rules: { 's3/objects-match-default': ['on', { sample }] as ['on', object] } },
      },
      assign: [{ baseline: 'sampled', accounts: ['111111111111'] }],
    });
    expect(allowed({ config: config(0) as never })).not.toContain('s3:GetObject');
    const documents = documentsOf({ config: config(3) as never });
    expect(documents.flatMap(({ Statement }) => Statement).find(({ Sid }) => Sid === 'ObjectSample')).toEqual({
      Sid: 'ObjectSample',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:ListBucket'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } },
    });
    const denied = actionsOf(documents, 'Deny');
    expect(denied).not.toContain('s3:GetObject');
    expect(denied).toEqual(expect.arrayContaining(['kms:Decrypt', 's3:GetObjectVersion']));
  });

  test('that a plugin asks for is not denied to it', () => {
    const request = { catalogue: plugin('ssm:GetParameterHistory'), ruleGlobs: ['house/own'] };
    expect(actionsOf(documentsOf(request), 'Deny')).not.toContain('ssm:GetParameter*');
    expect(auditRole({ config: { version: 1 }, baselines: [], ...request }).data).toEqual(['ssm:GetParameterHistory']);
  });
});

describe('the size that IAM allows', () => {
  test('holds every rule in one document', () => {
    const rules = catalogue.rules.map(withSampleOptions);
    const documents = documentsOf({ catalogue: { ...catalogue, rules }, baselines: ['strict', 'recommended'] });
    expect(documents.map(length)).toEqual([expect.any(Number)]);
    expect(length(documents[0] as PolicyDocument)).toBeLessThanOrEqual(6144);
  });

  test('is kept by as many documents as the plugins take, with every action once and the deny whole', () => {
    const actions = Array.from({ length: 400 }, (_, index) => `s3:GetBucketSomethingOfAPluginNumber${String(index)}`);
    const documents = documentsOf({ catalogue: plugin(...actions), ruleGlobs: ['*'] });
    const small = documentsOf({ ruleGlobs: ['*'] });
    expect(documents.length).toBe(4);
    for (const document of documents) {
      expect(length(document)).toBeLessThanOrEqual(6144);
      const sids = document.Statement.map(({ Sid }) => Sid);
      expect(new Set(sids).size).toBe(sids.length);
    }
    expect([...actionsOf(documents)].sort()).toEqual([...actionsOf(small), ...actions].sort());
    expect([...actionsOf(documents, 'Deny')]).toEqual([...actionsOf(small, 'Deny')]);
  });

  test('splits the accounts that a config names', () => {
    const accounts = Array.from({ length: 300 }, (_, index) => String(100_000_000_000 + index));
    const documents = listRole({ version: 1, scope: { accounts } }, 'aws').documents;
    expect(documents.length).toBeGreaterThan(1);
    for (const document of documents) expect(length(document)).toBeLessThanOrEqual(6144);
    const roles = documents
      .flatMap(({ Statement }) => Statement)
      .flatMap(({ Sid, Resource }) => (Sid === 'AuditRoles' ? Resource : []));
    expect(roles).toEqual(accounts.map((account) => `arn:aws:iam::${account}:role/AtrestAudit`));
  });
});

describe('the role that lists', () => {
  const assumed = (...request: Parameters<typeof listRole>) =>
    listRole(...request)
      .documents.flatMap(({ Statement }) => Statement)
      .find(({ Sid }) => Sid === 'AuditRoles');

  test('may assume the role that the config names, in its own organisation', () => {
    expect(assumed({ version: 1, scope: { role: 'Reader' } }, 'aws-cn')).toEqual({
      Sid: 'AuditRoles',
      Effect: 'Allow',
      Action: ['sts:AssumeRole'],
      Resource: ['arn:aws-cn:iam::*:role/Reader'],
      Condition: { StringEquals: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } },
    });
  });

  test('may assume the roles of accounts that are named, wherever they are', () => {
    const accounts = ['111111111111', { id: '222222222222', role: 'arn:aws:iam::222222222222:role/path/Other' }];
    expect(assumed({ version: 1, scope: { accounts } }, 'aws')).toEqual({
      Sid: 'AuditRoles',
      Effect: 'Allow',
      Action: ['sts:AssumeRole'],
      Resource: ['arn:aws:iam::111111111111:role/AtrestAudit', 'arn:aws:iam::222222222222:role/path/Other'],
    });
  });
});
