import { z } from 'zod';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';
import { tagValue } from '#model/tag-match.js';

export default defineRule({
  id: 'kms/tagged',
  kind: 'kms.key',
  severity: 'low',
  title: 'Keys carry the required tags',
  needs: ['metadata', 'tags'],
  options: z.strictObject({
    keys: z
      .array(z.string().min(1))
      .readonly()
      .default([])
      .meta({ description: 'Tag keys that every key must have, in any case' }),
  }),
  configured: ({ keys }) => keys.length > 0,
  docs: {
    why: 'Tags say whose key it is and what it protects. Without them nobody knows whom to ask before a key is disabled, and policies that admit by tag do not work.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/tagging-keys.html',
    waive: 'A key that another tool makes and tags in its own way.',
  },
  messages: {
    tagged: 'The key has the required tags {tags}.',
    untagged: 'The key lacks the required tags {tags}.',
  },
  states: [
    ['No tags are required', 'not applicable'],
    ['AWS managed key', 'not applicable'],
    ['DescribeKey or ListResourceTags could not be read', 'unknown'],
    ['A required tag is missing; its value does not matter', 'fail'],
    ['Every required tag is there', 'pass'],
  ],
  remediation: ({ arn, region }) => ({
    text: 'Add the missing tags.',
    cli: `aws kms tag-resource --region ${shellQuote(region)} --key-id ${shellQuote(arn)} --tags TagKey="\${TAG:?the missing key}",TagValue="\${VALUE:?its value}"`,
    terraform: 'resource "aws_kms_key" "this" {\n  tags = var.required_tags\n}',
  }),
  appliesTo: (_key, { options: { keys } }) => keys.length > 0 || 'no tags are required',
  evaluate: ({ metadata, tags }, { pass, fail, notApplicable, options: { keys } }) => {
    if (metadata.manager === 'AWS') return notApplicable('AWS managed keys cannot be tagged');
    const lacking = keys.filter((key) => tagValue(tags, key.toLowerCase()) === undefined);
    const expected = keys.join(', ');
    const facts = { expected, evidence: { tags: Object.keys(tags) } };
    if (lacking.length === 0) return pass('tagged', { ...facts, actual: expected, data: { tags: expected } });
    const text = lacking.join(', ');
    return fail('untagged', { ...facts, actual: `without ${text}`, data: { tags: text } });
  },
});
