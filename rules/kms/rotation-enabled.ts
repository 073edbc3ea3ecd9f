import { rotatingPrimary, whyNotRotated } from '#model/key-rotation.js';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

export default defineRule({
  id: 'kms/rotation-enabled',
  kind: 'kms.key',
  severity: 'medium',
  title: 'Automatic rotation is on for customer managed symmetric keys',
  needs: ['metadata', 'rotation'],
  premises: ['metadata'],
  lookups: { 'kms.key': ['metadata'] },
  docs: {
    why: 'Rotation limits how much data one piece of key material protects. KMS keeps the old material, so nothing has to be encrypted again and no caller notices.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html',
    waive: 'A key that only decrypts old data and encrypts nothing new gains nothing from rotation.',
  },
  messages: {
    on: 'Automatic rotation is on.',
    off: 'Automatic rotation is off.',
    offAtPrimary: 'Automatic rotation is off. It is set at the primary key {primary}, which is not in the run.',
    onAtPrimary: 'Automatic rotation is on, set at the primary key {primary}, which is not in the run.',
  },
  states: [
    ['KeyManager AWS', 'not applicable'],
    ['KeyState other than Enabled', 'not applicable'],
    ['Asymmetric, HMAC, ML-DSA or ML-KEM key', 'not applicable'],
    ['Origin EXTERNAL, AWS_CLOUDHSM or EXTERNAL_KEY_STORE', 'not applicable'],
    ['Multi-Region replica whose primary is in the run', 'not applicable: judged at the primary'],
    ['DescribeKey or GetKeyRotationStatus could not be read, or AWS left out KeySpec or Origin', 'unknown'],
    ['KeyRotationEnabled true', 'pass'],
    ['KeyRotationEnabled false', 'fail'],
  ],
  remediation: (key) => ({
    text: 'Turn automatic rotation on. At a multi-Region key, do it at the primary.',
    cli: `aws kms enable-key-rotation --region ${shellQuote(key.region)} --key-id ${shellQuote(key.arn)} --rotation-period-in-days 365`,
    terraform: 'resource "aws_kms_key" "this" {\n  enable_key_rotation     = true\n  rotation_period_in_days = 365\n}',
  }),
  appliesTo: ({ metadata }) => whyNotRotated(metadata, { imported: false }),
  evaluate: ({ metadata, rotation }, context) => {
    const { pass, fail, notApplicable } = context;
    if (rotation === null) return notApplicable('AWS says that this key cannot rotate by itself');
    const facts = { expected: 'on', actual: rotation.enabled ? 'on' : 'off', evidence: { KeyRotationEnabled: rotation.enabled } };
    const at = rotatingPrimary(metadata, context);
    if (at.verdict !== null) return at.verdict;
    const { primary } = at;
    if (primary === null) return rotation.enabled ? pass('on', facts) : fail('off', facts);
    return rotation.enabled
      ? pass('onAtPrimary', { ...facts, data: { primary } })
      : fail('offAtPrimary', { ...facts, data: { primary } });
  },
});
