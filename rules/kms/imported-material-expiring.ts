import { z } from 'zod';
import type { Attempt } from '#model/attempt.js';
import { dateOf, dayMs, daysText } from '#model/days.js';
import type { KeyMaterial } from '#model/resources/index.js';
import { keyFieldAbsent } from '#model/key-rotation.js';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

export default defineRule({
  id: 'kms/imported-material-expiring',
  kind: 'kms.key',
  severity: 'high',
  title: 'Imported key material does not expire soon',
  needs: ['metadata'],
  premises: ['metadata'],
  wants: ['rotations'],
  options: z.strictObject({
    days: z.int().min(1).default(30).meta({ description: 'How many days ahead the end of key material is reported' }),
  }),
  docs: {
    why: 'When imported material expires, KMS deletes it, and the whole key with everything under it is unusable at that moment, even if it was an old material that expired. Only the same material, kept outside AWS, brings it back.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-import-key-material.html',
    waive: 'Material that is meant to expire, with the data under it.',
  },
  messages: {
    noEnd: 'The imported key material does not expire.',
    later: 'Imported key material expires on {date}, in {left}.',
    soon: 'Imported key material expires on {date}, in {left}{which}.',
  },
  states: [
    ['AWS managed key, or Origin other than EXTERNAL', 'not applicable'],
    ['KeyState PendingImport, PendingDeletion or PendingReplicaDeletion', 'not applicable'],
    ['DescribeKey could not be read, or AWS left out Origin', 'unknown'],
    ['ValidTo absent: the material does not expire', 'pass'],
    [
      'ValidTo, the earliest of all materials, is at most `days` away',
      'fail; the materials are named where ListKeyRotations was read',
    ],
    ['ValidTo lies further off', 'pass'],
  ],
  remediation: ({ arn, region }) => {
    const key = `--region ${shellQuote(region)} --key-id ${shellQuote(arn)}`;
    return {
      text: 'Import the same material again, with a later end or none. Each replica takes its own import.',
      cli: `aws kms get-parameters-for-import ${key} --wrapping-algorithm RSAES_OAEP_SHA_256 --wrapping-key-spec RSA_4096\n# Wrap the material with the public key of the answer, then:\naws kms import-key-material ${key} --import-token fileb://token.bin --encrypted-key-material fileb://material.bin --import-type EXISTING_KEY_MATERIAL --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE`,
      terraform:
        'resource "aws_kms_external_key" "this" {\n  key_material_base64 = var.key_material_base64\n  # Without valid_to the material does not expire.\n}',
    };
  },
  appliesTo: ({ metadata: { manager, origin, state } }) => {
    if (manager === 'AWS') return 'AWS managed keys have no imported material';
    if (origin !== null && origin !== 'EXTERNAL') return `key material of origin ${origin} is not imported`;
    return !withoutMaterial.has(state) || `the key is in state ${state}`;
  },
  evaluate: ({ metadata: { origin, validTo }, rotations }, { pass, fail, unknown, options, now }) => {
    if (origin === null) return unknown([keyFieldAbsent('Origin')]);
    const expected = `valid for more than ${daysText(options.days)}`;
    if (validTo === null) return pass('noEnd', { expected, actual: 'no end' });
    const remaining = Date.parse(validTo) - now.getTime();
    const left = daysText(Math.max(0, Math.floor(remaining / dayMs)));
    const facts = { expected, actual: left, evidence: { ValidTo: validTo } };
    const data = { date: dateOf(validTo), left };
    if (remaining > options.days * dayMs) return pass('later', { ...facts, data });
    return fail('soon', { ...facts, data: { ...data, which: endingOn(validTo, rotations) } });
  },
});

const withoutMaterial = new Set(['PendingImport', 'PendingDeletion', 'PendingReplicaDeletion']);

/** Which of several materials it is; asymmetric and HMAC keys have but one, and AWS lists none. */
function endingOn(validTo: string, rotations: Attempt<readonly KeyMaterial[] | null>): string {
  const ending = rotations.known ? (rotations.value ?? []).filter((material) => material.validTo === validTo) : [];
  const names = ending.map(({ id, description }) => `${id ?? 'without id'}${description === null ? '' : ` (${description})`}`);
  return names.length === 0 ? '' : `: ${names.join(', ')}`;
}
