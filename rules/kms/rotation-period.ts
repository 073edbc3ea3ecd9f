import { z } from 'zod';
import { rotatingPrimary, setAtPrimary, whyNotRotated } from '#model/key-rotation.js';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

export default defineRule({
  id: 'kms/rotation-period',
  kind: 'kms.key',
  severity: 'low',
  title: 'Keys that rotate by themselves do so often enough',
  needs: ['metadata', 'rotation'],
  premises: ['metadata'],
  lookups: { 'kms.key': ['metadata'] },
  options: z.strictObject({
    maxDays: z
      .int()
      .min(90)
      .max(2560)
      .default(365)
      .meta({ description: 'The longest rotation period in days; AWS takes 90 to 2560' }),
  }),
  docs: {
    why: 'The period of automatic rotation can be set to anything from 90 days to seven years. A key that rotates every seven years is on all dashboards a key that rotates.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-enable-disable.html',
    waive: 'A key that encrypts so little that a longer period was decided on.',
  },
  messages: {
    within: 'Automatic rotation runs every {days} days{where}.',
    tooLong: 'Automatic rotation runs every {days} days{where}; at most {maxDays} are allowed.',
  },
  states: [
    ['AWS managed key', 'not applicable'],
    ['KeyState other than Enabled; asymmetric, HMAC, ML-DSA or ML-KEM key; material that KMS did not make', 'not applicable'],
    ['Automatic rotation is off', 'not applicable: see kms/rotation-enabled'],
    ['Multi-Region replica whose primary is in the run', 'not applicable: judged at the primary'],
    ['DescribeKey or GetKeyRotationStatus could not be read, or AWS left out KeySpec, Origin or RotationPeriodInDays', 'unknown'],
    ['RotationPeriodInDays above `maxDays`', 'fail'],
    ['RotationPeriodInDays up to `maxDays`', 'pass'],
  ],
  remediation: ({ arn, region }) => ({
    text: 'Set a shorter rotation period. At a multi-Region key, do it at the primary.',
    cli: `aws kms enable-key-rotation --region ${shellQuote(region)} --key-id ${shellQuote(arn)} --rotation-period-in-days 365`,
    terraform: 'resource "aws_kms_key" "this" {\n  enable_key_rotation     = true\n  rotation_period_in_days = 365\n}',
  }),
  appliesTo: ({ metadata }) => whyNotRotated(metadata, { imported: false }),
  evaluate: ({ metadata, rotation }, context) => {
    const { pass, fail, unknown, notApplicable, options } = context;
    if (rotation === null) return notApplicable('AWS says that this key cannot rotate by itself');
    if (!rotation.enabled) return notApplicable('automatic rotation is off: see kms/rotation-enabled');
    const at = rotatingPrimary(metadata, context);
    if (at.verdict !== null) return at.verdict;
    const days = rotation.periodDays;
    if (days === null) return unknown([periodAbsent]);
    const { maxDays } = options;
    const facts = {
      expected: `at most ${maxDays} days`,
      actual: `${days} days`,
      evidence: { RotationPeriodInDays: days },
    };
    const where = setAtPrimary(at.primary);
    return days > maxDays
      ? fail('tooLong', { ...facts, data: { days, maxDays, where } })
      : pass('within', { ...facts, data: { days, where } });
  },
});

const periodAbsent = {
  facet: 'kms.key/rotation',
  operation: 'kms:GetKeyRotationStatus',
  action: 'kms:GetKeyRotationStatus',
  code: 'RotationPeriodInDays',
  cause: 'absent-field',
} as const;
