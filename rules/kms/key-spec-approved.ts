import { z } from 'zod';
import { matchesGlob } from '#model/glob.js';
import type { Missing } from '#model/attempt.js';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

const allBut = (pattern: string) => pattern.startsWith('!');

const noSpec: Missing = {
  facet: 'kms.key/metadata',
  operation: 'kms:DescribeKey',
  action: 'kms:DescribeKey',
  code: 'KeySpec',
  cause: 'absent-field',
};

export default defineRule({
  id: 'kms/key-spec-approved',
  kind: 'kms.key',
  severity: 'low',
  title: 'Keys are of an approved type',
  needs: ['metadata'],
  premises: ['metadata'],
  options: z.strictObject({
    allow: z
      .array(z.string().regex(/^!?[A-Z0-9_*?]+$/, 'is no KeySpec: capital letters, digits, _, and the wildcards * and ?'))
      .refine((patterns) => patterns.some((pattern) => !allBut(pattern)), 'allows nothing: it needs an entry without !')
      .default(['*', '!RSA_2048', '!ECC_SECG_P256K1'])
      .meta({ description: 'Approved values of KeySpec; * and ? stand for anything, and ! before one takes it out again' }),
  }),
  docs: {
    why: 'The type of a key cannot be changed later. RSA keys of 2048 bits are due to be retired after 2030, and the curve secp256k1 is meant for cryptocurrencies; data and signatures that last need more.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html',
    waive: 'A partner or device that understands no other type.',
  },
  messages: {
    approved: 'The key is of the approved type {spec}.',
    notApproved: 'The key is of type {spec}, which is not approved.',
  },
  states: [
    ['AWS managed key', 'not applicable'],
    ['DescribeKey could not be read, or KeySpec is absent', 'unknown'],
    ['KeySpec fits an entry of the option allow, and none of those with !', 'pass'],
    ['Any other KeySpec', 'fail'],
  ],
  remediation: ({ region }) => ({
    text: 'Make a key of an approved type, move what uses this one over, and keep the old key as long as something it encrypted or signed has to be read.',
    cli: `aws kms create-key --region ${shellQuote(region)} --key-spec SYMMETRIC_DEFAULT --key-usage ENCRYPT_DECRYPT`,
    terraform:
      'resource "aws_kms_key" "this" {\n  customer_master_key_spec = "SYMMETRIC_DEFAULT"\n  key_usage                = "ENCRYPT_DECRYPT"\n}',
  }),
  appliesTo: ({ metadata }) => metadata.manager === 'CUSTOMER' || 'AWS chooses the type of the keys that it manages',
  evaluate: ({ metadata: { spec } }, { options: { allow }, pass, fail, unknown }) => {
    if (spec === null) return unknown([noSpec]);
    const facts = { data: { spec }, expected: allow.join(', '), actual: spec, evidence: { KeySpec: spec } };
    return isApproved(spec, allow) ? pass('approved', facts) : fail('notApproved', facts);
  },
});

function isApproved(spec: string, allow: readonly string[]): boolean {
  const fits = allow.some((pattern) => !allBut(pattern) && matchesGlob(pattern, spec));
  return fits && !allow.some((pattern) => allBut(pattern) && matchesGlob(pattern.slice(1), spec));
}
