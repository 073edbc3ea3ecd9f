import type { Attempt } from '#model/attempt.js';
import { keyUsers } from '#model/key-users.js';
import type { KeyMaterial } from '#model/resources/index.js';
import { keyFieldAbsent } from '#model/key-rotation.js';
import { defineRule, keyLookup } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

export default defineRule({
  id: 'kms/imported-material-missing',
  kind: 'kms.key',
  severity: 'critical',
  title: 'Keys with imported material have their material',
  needs: ['metadata'],
  premises: ['metadata'],
  wants: ['aliases', 'rotations'],
  lookups: keyLookup,
  reverse: ['key'],
  docs: {
    why: 'A key waits for import when its material was never imported, was deleted or has expired: one of several materials is enough. Until it is imported again nothing under the key can be read.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html',
    waive: 'A key that was made for an import that has not taken place yet, and that nothing uses.',
  },
  messages: {
    present: 'The imported key material is there (KeyState {state}).',
    inUse: 'Key material is missing{which}. In use by {dependants}.',
    notFullyRead: 'Key material is missing{which}. No resource that was read uses the key; dependants not fully read.',
    unused: 'Key material is missing{which}. No resource of the run uses the key.',
  },
  states: [
    ['AWS managed key, or Origin other than EXTERNAL', 'not applicable'],
    ['KeyState PendingDeletion or PendingReplicaDeletion', 'not applicable'],
    ['DescribeKey could not be read, or AWS left out Origin', 'unknown'],
    ['KeyState other than PendingImport', 'pass'],
    ['PendingImport, and a resource of the run uses the key', 'fail, critical'],
    ['PendingImport, and a listing that could hold a user is not complete', 'fail, low: "dependants not fully read"'],
    ['PendingImport, and no resource uses the key', 'fail, low'],
  ],
  remediation: ({ arn, region }) => {
    const key = `--region ${shellQuote(region)} --key-id ${shellQuote(arn)}`;
    return {
      text: 'Import the very same material again: KMS refuses any other for what is already encrypted under it.',
      cli: `aws kms get-parameters-for-import ${key} --wrapping-algorithm RSAES_OAEP_SHA_256 --wrapping-key-spec RSA_4096\n# Wrap the material with the public key of the answer, then:\naws kms import-key-material ${key} --import-token fileb://token.bin --encrypted-key-material fileb://material.bin --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE`,
      terraform: 'resource "aws_kms_external_key" "this" {\n  key_material_base64 = var.key_material_base64\n}',
    };
  },
  appliesTo: ({ metadata: { manager, origin, state } }) => {
    if (manager === 'AWS') return 'AWS managed keys have no imported material';
    if (origin !== null && origin !== 'EXTERNAL') return `key material of origin ${origin} is not imported`;
    return !(state === 'PendingDeletion' || state === 'PendingReplicaDeletion') || `the key is in state ${state}`;
  },
  evaluate: ({ arn, metadata: { origin, state }, aliases, rotations }, { pass, fail, unknown, dependants }) => {
    if (origin === null) return unknown([keyFieldAbsent('Origin')]);
    const expected = 'key material';
    if (state !== 'PendingImport') return pass('present', { expected, actual: state, data: { state } });
    const users = keyUsers(dependants(arn), aliases);
    const which = missingMaterials(rotations);
    const facts = { expected, actual: state, evidence: { KeyState: state, dependants: users.byKind } };
    if (users.total > 0) return fail('inUse', { ...facts, data: { which, dependants: users.text } });
    const low = { ...facts, data: { which }, severity: 'low' as const };
    return users.missing.length > 0 ? fail('notFullyRead', low) : fail('unused', low);
  },
});

function missingMaterials(rotations: Attempt<readonly KeyMaterial[] | null>): string {
  const missing = rotations.known ? (rotations.value ?? []).filter(({ importState }) => importState === 'PENDING_IMPORT') : [];
  return missing.length === 0 ? '' : `: ${missing.map(({ id }) => id ?? 'without id').join(', ')}`;
}
