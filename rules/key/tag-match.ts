import { z } from 'zod';
import { keyInUse } from '#model/key-in-use.js';
import type { Tags } from '#model/resources/index.js';
import { defineRule } from '#model/rule.js';
import { keyCommand } from '#model/key-command.js';
import { shellQuote } from '#model/shell.js';
import { tagValue } from '#model/tag-match.js';
import { taggedKinds } from '#model/tagged.js';

export default defineRule({
  id: 'key/tag-match',
  kind: taggedKinds,
  severity: 'low',
  title: 'Resources carry the same tags as their key',
  needs: ['encryption'],
  wants: ['tags'],
  lookups: { 'kms.key': ['metadata', 'aliases', 'tags'] },
  options: z.strictObject({
    keys: z
      .array(z.string().min(1))
      .readonly()
      .default([])
      .meta({ description: 'Tag keys on which a resource and its key must agree; keys and values compare in any case' }),
  }),
  configured: ({ keys }) => keys.length > 0,
  docs: {
    why: 'Data of one class, owner or customer under the key of another is open to whoever may use that key, and is lost with it.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html',
    waive: 'A key that several owners share on purpose.',
  },
  messages: {
    agree: 'The resource and its key {key} agree on {tags}.',
    differ: 'The resource and its key {key} differ: {differences}.',
  },
  states: [
    ['No tag keys are configured', 'not applicable'],
    ['Unencrypted, or under a key that AWS owns', 'not applicable'],
    ['S3 default `aws:fsx` or `aws:backup`', "not applicable: the key is the file system's or vault's"],
    ['Member of a database cluster, volume deleting or deleted, snapshot in error', 'not applicable'],
    ['Key reference absent, key not read, or of an account outside the scope that DescribeKey did not show', 'unknown'],
    ['AWS managed key', 'not applicable'],
    ['Key gone', 'not applicable: see key/exists'],
    ['Tags of the resource or of the key could not be read', 'unknown'],
    ['A tag has another value at the key, or is there on one side only', 'fail'],
    ['All of them agree, or are on neither side', 'pass'],
  ],
  remediation: (resource) => {
    const region = shellQuote(resource.region);
    return {
      text: 'Move the resource to a key of its own class or owner, or set right the tags that are wrong.',
      cli: `${keyCommand(resource)}\naws kms list-resource-tags --region ${region} --key-id "$KEY"\naws kms tag-resource --region ${region} --key-id "$KEY" --tags TagKey="\${TAG:?the tag}",TagValue="\${VALUE:?its value}"`,
      terraform: 'resource "aws_kms_key" "this" {\n  tags = var.tags_of_the_data\n}',
    };
  },
  appliesTo: (_resource, { options: { keys } }) => keys.length > 0 || 'no tag keys are configured',
  evaluate: ({ encryption, tags }, context) => {
    const { pass, fail, unknown, notApplicable, options } = context;
    const inUse = keyInUse(encryption, context);
    if (inUse.verdict !== null) return inUse.verdict;
    const { key } = inUse;
    if (key.state === 'aws-managed') return notApplicable('AWS managed keys cannot be tagged');
    if (key.state === 'missing') return notApplicable('the key is gone: see key/exists');
    const keyTags = key.key.read('tags');
    if (!tags.known || !keyTags.known) return unknown([tags, keyTags].flatMap((fact) => (fact.known ? [] : fact.missing)));

    const differences = differing(options.keys, tags.value ?? {}, keyTags.value);
    const expected = options.keys.join(', ');
    const facts = { expected: `the same ${expected}`, evidence: { key: key.arn } };
    if (differences.length === 0) return pass('agree', { ...facts, actual: 'the same', data: { key: key.arn, tags: expected } });
    const text = differences.join('; ');
    return fail('differ', { ...facts, actual: text, data: { key: key.arn, differences: text } });
  },
});

function differing(keys: readonly string[], own: Tags, ofKey: Tags): readonly string[] {
  return keys.flatMap((key) => {
    const lower = key.toLowerCase();
    const [here, there] = [tagValue(own, lower), tagValue(ofKey, lower)];
    if (here?.toLowerCase() === there?.toLowerCase()) return [];
    return [`${key} is ${quoted(here)} here and ${quoted(there)} at the key`];
  });
}

function quoted(value: string | undefined): string {
  return value === undefined ? 'not set' : `"${value}"`;
}
