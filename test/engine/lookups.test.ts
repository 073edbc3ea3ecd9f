import { expect, test } from 'vitest';
import rule from '#rules/ebs/snapshot-cross-region-key.js';
import { judgeResource } from '#plugins/judge.js';
import { arnOfAlias, resource, snapshot } from '../support/resources.js';

const far = { region: 'eu-west-1' };
const copy = snapshot('snap-copy', {
  kmsKeyId: arnOfAlias('alias/aws/ebs'),
  description: '[Copied snap-0123456789abcdef0 from eu-west-1] nightly',
});

test('a looked-up facet that the run did not collect is unknown, neither a value nor a crash', () => {
  const arn = 'arn:aws:ec2:eu-west-1:111111111111:snapshot/snap-0123456789abcdef0';
  const source = resource('ebs.snapshot', arn, { tags: {} }, far);
  const none = { name: 'none', rules: new Map(), cmkRequired: [] };
  expect(judgeResource(rule, copy, { others: [source], baseline: none })).toMatchObject({
    verdict: 'unknown',
    missing: [{ facet: 'ebs.snapshot/details', cause: 'uncollected' }],
  });
});
