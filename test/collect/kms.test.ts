import { expect, test } from 'vitest';
import { createWorld, type World } from '#estate/index.js';
import { facetState } from '#model/resources/index.js';
import { scanEstate } from '../support/scan-estate.js';
import { after, callsOn, inventoryOf } from './support.js';

const at = ['111111111111', 'us-east-1'] as const;
const empty = (): World => createWorld({ seed: 4 }).addAccount(at[0], { regions: [at[1]] });
const options = { services: ['kms'] as const, ruleGlobs: ['kms/last-rotation', 'kms/imported-material-*'] };

test('ListKeyRotations refused for the state of the key is unread: nothing is said of its material', async () => {
  const world = empty();
  const key = world.put(...at, 'kms.key', {});
  // Somebody schedules the deletion between the two calls.
  const meanwhile = after('kms:DescribeKey', () => {
    key.KeyState = 'PendingDeletion';
  });
  await scanEstate(world, { ...options, ...meanwhile }, async ({ path, verdict, report }) => {
    const missing = [{ operation: 'kms:ListKeyRotations', code: 'KMSInvalidStateException' }];
    expect(verdict('kms/last-rotation', key.Arn)).toMatchObject({ verdict: 'unknown', missing });
    const [record] = (await inventoryOf(path)).records;
    expect(record && facetState(record, 'rotations')).toMatchObject({ state: 'unread', missing: missing[0] });
    expect(report.run.complete).toBe(false);
  });
});

test.each(['PendingDeletion', 'PendingReplicaDeletion', 'Creating'])(
  'a key in state %s is not asked for its rotations, which no rule judges there',
  async (KeyState) => {
    const world = empty();
    const key = world.put(...at, 'kms.key', { KeyState, Origin: 'EXTERNAL' });
    await scanEstate(world, options, ({ estate, report, verdict }) => {
      expect(callsOn(estate, key.KeyId)).toEqual({ 'kms:DescribeKey': 1 });
      expect(verdict('kms/last-rotation', key.Arn)?.verdict).toBe('not-applicable');
      expect(report.run.complete).toBe(true);
    });
  },
);
