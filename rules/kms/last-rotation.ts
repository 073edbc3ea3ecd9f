import { z } from 'zod';
import type { Attempt } from '#model/attempt.js';
import { dateOf, dayMs, daysBetween, daysText, isOlderThan } from '#model/days.js';
import { keyFieldAbsent, rotatingPrimary, setAtPrimary, whyNotRotated } from '#model/key-rotation.js';
import type { KeyMaterial, KeyRotation } from '#model/resources/index.js';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

export default defineRule({
  id: 'kms/last-rotation',
  kind: 'kms.key',
  severity: 'medium',
  title: 'Key material was rotated lately',
  needs: ['metadata', 'rotations'],
  premises: ['metadata'],
  wants: ['rotation'],
  lookups: { 'kms.key': ['metadata'] },
  options: z.strictObject({
    maxDays: z.int().min(1).default(400).meta({ description: 'The oldest that key material may be, in days' }),
  }),
  docs: {
    why: 'A switch says what will happen, not what has. A five-year-old key whose rotation was turned on yesterday still encrypts under five-year-old material, and keys with imported material rotate only when somebody does it.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/list-rotations.html',
    waive: 'A key that only decrypts old data and encrypts nothing new gains nothing from rotation.',
  },
  messages: {
    rotated: 'The key was last rotated {how} on {date}, {age} ago{where}.',
    created: 'The key was never rotated and was created on {date}, {age} ago{where}.',
    overdue: 'The key was last rotated {how} on {date}, {age} ago{where}; the limit is {limit}. {next}.',
    neverRotated: 'The key was never rotated and was created on {date}, {age} ago{where}; the limit is {limit}. {next}.',
  },
  states: [
    ['AWS managed key', 'not applicable'],
    ['KeyState other than Enabled; asymmetric or HMAC key; key in a custom key store', 'not applicable'],
    ['DescribeKey or ListKeyRotations could not be read', 'unknown'],
    ['Multi-Region replica whose primary is in the run', 'not applicable: judged at the primary'],
    ['AWS left out KeySpec or Origin, or of a key that was never rotated CreationDate', 'unknown'],
    ['Newest RotationDate, else CreationDate, not older than `maxDays`', 'pass'],
    ['Older, automatic rotation is on and NextRotationDate lies within `maxDays`', 'fail, low'],
    ['Older', 'fail, medium'],
  ],
  remediation: ({ arn, region }) => ({
    text: 'Rotate the key on demand, at a multi-Region key at the primary. Imported material has to be imported anew before it can be rotated to.',
    cli: `aws kms rotate-key-on-demand --region ${shellQuote(region)} --key-id ${shellQuote(arn)}`,
    terraform:
      '# On-demand rotation is an action, not a state. Automatic rotation follows from:\nresource "aws_kms_key" "this" {\n  enable_key_rotation     = true\n  rotation_period_in_days = 365\n}',
  }),
  appliesTo: ({ metadata }) => whyNotRotated(metadata, { imported: true }),
  evaluate: ({ metadata, rotation, rotations }, context) => {
    const { pass, fail, unknown, notApplicable, options, now } = context;
    if (rotations === null) return notApplicable('AWS says that this key keeps one material for good');
    const at = rotatingPrimary(metadata, context);
    if (at.verdict !== null) return at.verdict;
    const last = newestRotation(rotations);
    const { createdAt } = metadata;
    const since = last?.rotatedAt ?? createdAt;
    if (since === null) return unknown([keyFieldAbsent('CreationDate')]);

    const { maxDays } = options;
    const data = { date: dateOf(since), age: daysText(daysBetween(since, now)), where: setAtPrimary(at.primary) };
    const how = last?.rotationType === 'AUTOMATIC' ? 'automatically' : 'on demand';
    const evidence = { RotationDate: last?.rotatedAt ?? null, RotationType: last?.rotationType ?? null, CreationDate: createdAt };
    const facts = { expected: `within ${daysText(maxDays)}`, actual: `${data.age} ago`, evidence };
    if (!isOlderThan(since, maxDays, now))
      return last === null ? pass('created', { ...facts, data }) : pass('rotated', { ...facts, data: { ...data, how } });

    const due = { limit: daysText(maxDays), next: nextRotation(rotation) };
    const soon = isDueWithin(rotation, maxDays, now);
    const failed = { ...facts, ...(soon ? { severity: 'low' as const } : {}) };
    return last === null
      ? fail('neverRotated', { ...failed, data: { ...data, ...due } })
      : fail('overdue', { ...failed, data: { ...data, ...due, how } });
  },
});

type Rotated = KeyMaterial & { readonly rotatedAt: string };

/** AWS does not say in which order it lists them. */
function newestRotation(materials: readonly KeyMaterial[]): Rotated | null {
  let newest: Rotated | null = null;
  for (const material of materials) {
    const { rotatedAt } = material;
    if (rotatedAt !== null && (newest === null || Date.parse(rotatedAt) > Date.parse(newest.rotatedAt)))
      newest = { ...material, rotatedAt };
  }
  return newest;
}

function isDueWithin(rotation: Attempt<KeyRotation | null>, days: number, now: Date): boolean {
  if (!rotation.known || rotation.value?.enabled !== true || rotation.value.nextAt === null) return false;
  return Date.parse(rotation.value.nextAt) - now.getTime() <= days * dayMs;
}

function nextRotation(rotation: Attempt<KeyRotation | null>): string {
  if (!rotation.known) return 'When it rotates next could not be read; it can be rotated on demand';
  if (rotation.value?.enabled !== true) return 'It does not rotate by itself; it can be rotated on demand';
  const { nextAt } = rotation.value;
  if (nextAt === null) return 'AWS does not say when it rotates next; it can be rotated on demand';
  return `It rotates next on ${dateOf(nextAt)}, or before that on demand`;
}
