import { z } from 'zod';
import { countText, dateOf } from '#model/days.js';
import { whyNotRotated } from '#model/key-rotation.js';
import type { KeyMaterial } from '#model/resources/index.js';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

const hourMs = 3_600_000;

export default defineRule({
  id: 'kms/rotation-stuck',
  kind: 'kms.key',
  severity: 'medium',
  title: 'Rotations that were begun come to an end',
  needs: ['metadata'],
  premises: ['metadata'],
  wants: ['rotation', 'rotations'],
  options: z.strictObject({
    hours: z.int().min(1).default(48).meta({ description: 'How long an on-demand rotation may take, in hours' }),
  }),
  docs: {
    why: 'On-demand rotation runs in the background, and imported material waits until somebody rotates the key to it, or until each replica has it. Until then new data goes on under the old material, though everybody thinks it was replaced.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-on-demand.html',
    waive: 'Material that was imported ahead of a rotation that is planned for a later day.',
  },
  messages: {
    stuck: 'An on-demand rotation has been under way since {date}, for {age}; the limit is {limit}.',
    underWay: 'An on-demand rotation has been under way since {date}, for {age}.',
    notRotated: 'Key material was imported, not rotated yet: {materials}.',
  },
  states: [
    ['AWS managed key', 'not applicable'],
    ['KeyState other than Enabled; asymmetric or HMAC key; key in a custom key store', 'not applicable'],
    ['DescribeKey could not be read', 'unknown'],
    ['OnDemandRotationStartDate is older than `hours`', 'fail, medium'],
    ['GetKeyRotationStatus or ListKeyRotations could not be read', 'unknown'],
    ['Key material in state PENDING_ROTATION or PENDING_MULTI_REGION_IMPORT_AND_ROTATION', 'fail, info'],
    ['OnDemandRotationStartDate is not older than `hours`', 'pass'],
    ['No rotation is under way, and no material waits for one', 'not applicable'],
  ],
  remediation: ({ arn, region }) => ({
    text: 'Import the material into each replica, then rotate the key to it on demand. A rotation that AWS does not bring to an end is a case for AWS Support.',
    cli: `aws kms list-key-rotations --region ${shellQuote(region)} --key-id ${shellQuote(arn)} --include-key-material ALL_KEY_MATERIAL\naws kms rotate-key-on-demand --region ${shellQuote(region)} --key-id ${shellQuote(arn)}`,
    terraform: '# On-demand rotation is an action, not a state: Terraform has nothing to set for it.',
  }),
  appliesTo: ({ metadata }) => whyNotRotated(metadata, { imported: true }),
  evaluate: ({ rotation, rotations }, { pass, fail, unknown, notApplicable, options, now }) => {
    const startedAt = rotation.known ? (rotation.value?.onDemandStartedAt ?? null) : null;
    const elapsed = startedAt === null ? 0 : now.getTime() - Date.parse(startedAt);
    const age = countText(Math.floor(elapsed / hourMs), 'hour');
    const limit = countText(options.hours, 'hour');
    const expected = `done within ${limit}`;
    const evidence = { OnDemandRotationStartDate: startedAt };
    if (startedAt !== null && elapsed > options.hours * hourMs) {
      return fail('stuck', { data: { date: dateOf(startedAt), age, limit }, expected, actual: age, evidence });
    }
    const missing = [rotation, rotations].flatMap((fact) => (fact.known ? [] : fact.missing));
    if (missing.length > 0) return unknown(missing);

    const waiting = rotations.known ? (rotations.value ?? []).filter(waits) : [];
    if (waiting.length > 0) {
      const materials = waiting.map(({ id, state }) => `${id ?? 'without id'} (${String(state)})`).join(', ');
      return fail('notRotated', { data: { materials }, expected, actual: 'waiting', evidence: { waiting }, severity: 'info' });
    }
    if (startedAt === null) return notApplicable('no rotation is under way');
    return pass('underWay', { data: { date: dateOf(startedAt), age }, expected, actual: age, evidence });
  },
});

function waits({ state }: KeyMaterial): boolean {
  return state === 'PENDING_ROTATION' || state === 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
}
