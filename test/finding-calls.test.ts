import { expect, test } from 'vitest';
import { seenFacets } from '#finding-calls.js';
import { scanEstate } from './support/scan-estate.js';
import { smallWorld } from './support/small-world.js';

test('what was read of a resource is known by its call and the time of it', async () => {
  await scanEstate(smallWorld(), { formats: ['json'] }, async ({ path, report }) => {
    const of = (kind: string) => report.findings.find((each) => each.kind === kind && each.verdict === 'fail');
    const found = ['kms.key', 'ebs.volume', 's3.bucket'].flatMap((kind) => of(kind) ?? []);
    expect(found).toHaveLength(3);
    const stranger = { account: '999999999999', region: 'us-east-1', kind: 'kms.key', resource: 'arn:aws:kms:us-east-1:9:key/x' };
    const plugin = { ...stranger, kind: 'own.kind' };
    const seen = await seenFacets(path, [...found, stranger, plugin]);
    expect([...seen.keys()].sort()).toEqual(found.map(({ resource }) => resource).sort());
    for (const facets of seen.values()) {
      expect(facets.length).toBeGreaterThan(0);
      for (const { operation, requestId, date, value } of facets) {
        expect(operation).toMatch(/^(kms|ec2|s3):[A-Z]/);
        expect(requestId).toMatch(/./);
        expect(Date.parse(date ?? '')).not.toBeNaN();
        expect(value.length).toBeLessThanOrEqual(161);
      }
    }
    const key = seen.get(found[0]?.resource ?? '') ?? [];
    expect(key.find(({ facet }) => facet === 'metadata')).toMatchObject({ operation: 'kms:DescribeKey' });
    expect(await seenFacets(`${path}-elsewhere`, found)).toEqual(new Map());
  });
});
