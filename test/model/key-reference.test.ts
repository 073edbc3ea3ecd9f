import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyReference, type KeyReference } from '#model/key-reference.js';
import type { Place } from '#model/place.js';

const home: Place = { partition: 'aws', account: '111111111111', region: 'eu-west-1' };
const id = '1234abcd-12ab-34cd-56ef-1234567890ab';
const multiRegion = 'mrk-1234abcd12ab34cd56ef1234567890ab';

describe('a key reference as a service wrote it', () => {
  test.each([
    ['a key id', id, { form: 'key', arn: `arn:aws:kms:eu-west-1:111111111111:key/${id}`, keyId: id, multiRegion: false }],
    [
      'a key ARN',
      `arn:aws:kms:eu-west-1:111111111111:key/${id}`,
      { form: 'key', arn: `arn:aws:kms:eu-west-1:111111111111:key/${id}`, keyId: id },
    ],
    [
      'a multi-Region id',
      multiRegion,
      { form: 'key', arn: `arn:aws:kms:eu-west-1:111111111111:key/${multiRegion}`, multiRegion: true },
    ],
    [
      'a multi-Region ARN',
      `arn:aws:kms:us-east-1:111111111111:key/${multiRegion}`,
      { form: 'key', keyId: multiRegion, multiRegion: true, place: { ...home, region: 'us-east-1' } },
    ],
    [
      'an alias name',
      'alias/app',
      { form: 'alias', arn: 'arn:aws:kms:eu-west-1:111111111111:alias/app', alias: 'alias/app', awsManaged: false },
    ],
    [
      'an alias name with slashes',
      'alias/team/app/prod',
      { form: 'alias', arn: 'arn:aws:kms:eu-west-1:111111111111:alias/team/app/prod', alias: 'alias/team/app/prod' },
    ],
    [
      'an alias ARN with slashes',
      'arn:aws:kms:eu-west-1:111111111111:alias/team/app',
      { form: 'alias', arn: 'arn:aws:kms:eu-west-1:111111111111:alias/team/app', alias: 'alias/team/app' },
    ],
    ['an AWS managed alias', 'alias/aws/s3', { form: 'alias', alias: 'alias/aws/s3', awsManaged: true }],
    ['an AWS managed alias ARN', 'arn:aws:kms:us-east-1:999999999999:alias/aws/ebs', { form: 'alias', awsManaged: true }],
    ['an alias that only looks AWS managed', 'alias/awsome', { form: 'alias', awsManaged: false }],
    [
      'a key of another region',
      `arn:aws:kms:us-west-2:111111111111:key/${id}`,
      { form: 'key', place: { partition: 'aws', account: '111111111111', region: 'us-west-2' } },
    ],
    [
      'a key of another account',
      `arn:aws:kms:eu-west-1:999999999999:key/${id}`,
      { form: 'key', place: { partition: 'aws', account: '999999999999', region: 'eu-west-1' } },
    ],
    [
      'a key of another partition',
      `arn:aws-cn:kms:cn-north-1:111111111111:key/${id}`,
      { form: 'key', arn: `arn:aws-cn:kms:cn-north-1:111111111111:key/${id}` },
    ],
    ['white space around it', ` ${id}\n`, { form: 'key', keyId: id }],
    ['nothing', null, { form: 'none' }],
    ['no field', undefined, { form: 'none' }],
    ['an empty text', '', { form: 'none' }],
    ['blanks', '  ', { form: 'none' }],
    ['an ARN of another service', 'arn:aws:s3:::bucket', { form: 'invalid', written: 'arn:aws:s3:::bucket' }],
    ['an ARN without account', 'arn:aws:kms:eu-west-1::key/x', { form: 'invalid' }],
    ['an ARN without region', 'arn:aws:kms::111111111111:key/x', { form: 'invalid' }],
    ['an ARN of neither key nor alias', 'arn:aws:kms:eu-west-1:111111111111:grant/x', { form: 'invalid' }],
    ['an ARN that ends early', 'arn:aws:kms:eu-west-1:111111111111:key/', { form: 'invalid' }],
    ['an alias ARN that ends early', 'arn:aws:kms:eu-west-1:111111111111:alias/', { form: 'invalid' }],
    ['the beginning of an ARN', 'arn:', { form: 'invalid' }],
  ])('%s', (_, written, expected) => {
    expect(keyReference(written, home)).toMatchObject(expected);
  });

  const texts = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^(arn|aws|kms|key|alias|\/|:|-|[a-z0-9])*$/),
    fc.constantFrom(id, multiRegion, 'alias/x', 'alias/aws/ebs', `arn:aws:kms:us-east-1:111111111111:key/${id}`),
  );

  test('never throws, whatever was written', () => {
    fc.assert(
      fc.property(fc.option(texts), (written) => {
        expect(['key', 'alias', 'none', 'invalid']).toContain(keyReference(written, home).form);
      }),
      { numRuns: 1000 },
    );
  });

  test('the ARN it amounts to means the same from everywhere', () => {
    const arnOf = (reference: KeyReference) => ('arn' in reference ? reference.arn : undefined);
    const elsewhere: Place = { partition: 'aws', account: '222222222222', region: 'ap-south-1' };
    fc.assert(
      fc.property(fc.stringMatching(/^(alias\/)?[a-z0-9-]{1,12}(\/[a-z0-9]{1,5})?$/), (written) => {
        const arn = arnOf(keyReference(written, home));
        expect(arn).toBeDefined();
        expect(arnOf(keyReference(arn, elsewhere))).toBe(arn);
      }),
    );
  });
});
