import { describe, expect, test } from 'vitest';
import { createWorld, type Estate, type World } from '#estate/index.js';
import { facetState } from '#model/resources/index.js';
import { scanEstate } from '../support/scan-estate.js';
import { inventoryOf } from './support.js';

const account = '111111111111';
const region = 'us-east-1';
const at = [account, region] as const;
const empty = (): World => createWorld({ seed: 4 }).addAccount(account, { regions: [region] });

describe('a facet of several pages', () => {
  const { Arn, world } = (() => {
    const made = empty();
    const grants = Array.from({ length: 230 }, (_, n) => ({
      GrantId: `g${String(n).padStart(3, '0')}`,
      Operations: ['Decrypt'],
      GranteePrincipal: `arn:aws:iam::${account}:role/app`,
      Constraints: n === 0 ? { EncryptionContextSubset: { a: 'b' }, EncryptionContextEquals: {}, SourceArn: 'arn:x' } : undefined,
      CreationDate: new Date('2026-01-01T00:00:00Z'),
    }));
    return { world: made, Arn: made.put(...at, 'kms.key', { grants: grants.reverse() }).Arn };
  })();
  const ruleGlobs = ['kms/grant-trusted'];

  test('is read to its end, a hundred items a call, and sorted', async () => {
    await scanEstate(world, { ruleGlobs }, async ({ estate, path, verdict }) => {
      expect(estate.counts.get('kms:ListGrants')).toBe(3);
      expect(verdict('kms/grant-trusted', Arn)?.verdict).toBe('pass');
      const record = (await inventoryOf(path)).records.find(({ arn }) => arn === Arn);
      const state = record && facetState(record, 'grants');
      const grants = state?.state === 'read' ? (state.value as Record<string, unknown>[]) : [];
      expect(grants.map(({ id }) => id)).toEqual(Array.from({ length: 230 }, (_, n) => `g${String(n).padStart(3, '0')}`));
      expect(grants[0]).toEqual({
        id: 'g000',
        operations: ['Decrypt'],
        granteePrincipal: `arn:aws:iam::${account}:role/app`,
        granteeServicePrincipal: null,
        retiringPrincipal: null,
        retiringServicePrincipal: null,
        issuingAccount: `arn:aws:iam::${account}:root`,
        createdAt: '2026-01-01T00:00:00.000Z',
        constraints: ['EncryptionContextSubset', 'SourceArn'],
      });
      expect(grants[1]).toMatchObject({ constraints: [] });
    });
  });

  test.each<[name: string, fault: Parameters<Estate['faults']['add']>[0], code: string, cause: string]>([
    ['denied on its second page', { kind: 'deny', operation: 'kms:ListGrants', page: 2 }, 'AccessDeniedException', 'denied'],
    ['answered without a list', { kind: 'emptyAnswer', operation: 'kms:ListGrants' }, 'EmptyAnswer', 'unreachable'],
    ['whose token comes back', { kind: 'repeatedToken', operation: 'kms:ListGrants' }, 'RepeatedToken', 'unreachable'],
  ])('%s is unread: what was read of it decides nothing', async (_, fault, code, cause) => {
    await scanEstate(world, { ruleGlobs, prepare: ({ faults }) => faults.add(fault) }, ({ verdict, report, result }) => {
      const missing = [{ facet: 'kms.key/grants', operation: 'kms:ListGrants', action: 'kms:ListGrants', code, cause }];
      expect(verdict('kms/grant-trusted', Arn)).toMatchObject({ verdict: 'unknown', missing });
      expect(report.coverage.find(({ service }) => service === 'kms')?.state).toBe('partial');
      expect(result.exitCode).toBe(3);
    });
  });

  test('is not asked of an AWS managed key', async () => {
    const managed = empty();
    managed.put(...at, 'kms.key', { KeyManager: 'AWS', aliases: ['alias/aws/ebs'] });
    managed.put(...at, 'kms.key', { KeyManager: 'AWS' });
    await scanEstate(managed, { ruleGlobs }, ({ estate, report }) => {
      expect(estate.counts.get('kms:ListGrants')).toBeUndefined();
      expect(report.findings.map(({ verdict }) => verdict)).toEqual(['not-applicable', 'not-applicable']);
    });
  });
});
