import { describe, expect, test } from 'vitest';
import { askedFacets } from '#collect/asked.js';
import { builtIn, facetOperations, serviceSpecs } from '#collect/registry.js';
import { prerequisites } from '#collect/service.js';
import { specsOf } from '#model/edges.js';
import { serviceOfKind, type Kind } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';
import { rules } from '#rules/index.js';

const specOf = new Map(builtIn.kinds.map((spec) => [spec.kind, spec]));

function asked(which: readonly Rule[], tags = false): Record<string, string[]> {
  return Object.fromEntries([...askedFacets(which, builtIn.kinds, { tags })].map(([kind, facets]) => [kind, [...facets].sort()]));
}

function named(id: string): Rule {
  const rule = rules.find((each) => each.id === id);
  if (rule === undefined) throw new Error(`there is no rule ${id}`);
  return rule;
}

describe('the facets that are asked for', () => {
  test('without a rule are none', () => {
    expect(asked([])).toEqual({});
  });

  test('are those a rule needs', () => {
    expect(asked([named('ebs/volume-encrypted')])).toEqual({ 'ebs.volume': ['details'] });
    expect(asked([named('s3/default-encryption')])).toEqual({ 's3.bucket': ['defaultEncryption'] });
  });

  test('of a rule on several kinds are, of each, those that the kind has', () => {
    const { 's3.bucket': buckets, 's3.directory-bucket': directories } = asked([named('s3/default-encryption-cmk')]);
    expect(buckets).toEqual(expect.arrayContaining(['defaultEncryption', 'policy', 'logging']));
    expect(directories).toEqual(['defaultEncryption']);
  });

  test('and all that those lean on', () => {
    expect(asked([named('kms/rotation-enabled')])['kms.key']).toEqual(
      expect.arrayContaining(['aliases', 'metadata', 'rotation']),
    );
    expect(asked([named('ebs/snapshot-not-public')])).toMatchObject({
      'ebs.snapshot': expect.arrayContaining(['details', 'public', 'restorableByAll']) as string[],
      'ebs.defaults': ['snapshotBlockPublicAccess'],
    });
  });

  test('and, where tags decide, what a resource is a copy of with the tags of that', () => {
    expect(asked([named('rds/cluster-cmk')], true)).toMatchObject({
      'rds.cluster': ['details', 'replication', 'tags'],
      'rds.instance': ['tags'],
    });
    expect(asked([named('rds/cluster-cmk')])).toEqual({ 'rds.cluster': ['details'], 'kms.key': ['aliases', 'metadata'] });
    expect(asked([named('rds/cluster-encrypted')], true)).toEqual({ 'rds.cluster': ['details'] });
  });

  test('are closed for every rule alone: nothing is asked whose prerequisites are not', () => {
    for (const rule of rules) {
      const closed = asked([rule], true);
      for (const [kind, facets] of Object.entries(closed)) {
        for (const facet of facets) {
          const spec = specOf.get(kind as Kind)?.facets[facet];
          expect(spec, `${kind}/${facet}`).toBeDefined();
          for (const [otherKind, other] of spec === undefined ? [] : prerequisites(kind as Kind, spec)) {
            expect(closed[otherKind], `${rule.id}: ${kind}/${facet} leans on ${otherKind}/${other}`).toContain(other);
          }
        }
      }
    }
  });

  test('hold what a rule looks up elsewhere and what points back at it', () => {
    for (const rule of rules) {
      const own = asked([rule]);
      for (const [kind, facets] of Object.entries(rule.lookups))
        expect(own[kind] ?? []).toEqual(expect.arrayContaining([...facets]));
      for (const { from, facet } of rule.reverse.flatMap(specsOf)) expect(own[from]).toContain(facet);
    }
  });

  test('of several rules are those of each together, and no more', () => {
    const one = asked([named('ebs/volume-encrypted')]);
    const other = asked([named('kms/rotation-enabled')]);
    expect(asked([named('ebs/volume-encrypted'), named('kms/rotation-enabled')])).toEqual({ ...one, ...other });
  });

  test('hold tags only where a selector looks at them and a rule asks for it', () => {
    const cmk = rules.filter(({ cmkRequired }) => cmkRequired !== null);
    expect(cmk.length).toBeGreaterThan(0);
    for (const rule of cmk) {
      for (const kind of rule.kinds) {
        if (specOf.get(kind)?.facets['tags'] !== undefined) expect(asked([rule], true)[kind], rule.id).toContain('tags');
      }
    }
    for (const rule of rules.filter(
      ({ cmkRequired, needs, wants, lookups }) =>
        cmkRequired === null && ![...needs, ...wants, ...Object.values(lookups).flat()].includes('tags'),
    )) {
      expect(Object.values(asked([rule], true)).flat(), rule.id).not.toContain('tags');
    }
    expect(Object.values(asked(cmk, false)).flat()).not.toContain('tags');
  });

  test('that do not exist are a bug of their rule, named', () => {
    const rule: Rule = { ...named('ebs/volume-encrypted'), needs: ['colour'] };
    expect(() => asked([rule])).toThrow('There is no facet ebs.volume/colour');
  });
});

describe('what is registered', () => {
  test('has every kind once, in the cell of its service', () => {
    for (const { service, kinds } of serviceSpecs) for (const { kind } of kinds) expect(serviceOfKind[kind]).toBe(service);
    expect(builtIn.kinds.map(({ kind }) => kind).sort()).toEqual(Object.keys(serviceOfKind).sort());
  });

  test('names for every facet the operation and IAM action that read it', () => {
    const operations = facetOperations(builtIn);
    for (const { kind, facets } of builtIn.kinds) {
      for (const facet of Object.keys(facets)) {
        expect(operations.get(`${kind}/${facet}`), `${kind}/${facet}`).toEqual({
          operation: expect.stringMatching(/^(ec2|kms|rds|s3):((Describe|Get|List)\w+|HeadObject)$/) as string,
          action: expect.stringMatching(/^(ec2|kms|rds|s3|s3express):(Describe|Get|List)\w+$/) as string,
        });
      }
    }
    expect(operations.get('s3.bucket/*')).toMatchObject({ operation: 's3:ListBuckets', action: 's3:ListAllMyBuckets' });
  });

  test('leans on nothing that leans on it', () => {
    const walk = (kind: Kind, facet: string, path: readonly string[]): void => {
      const id = `${kind}/${facet}`;
      expect(path, id).not.toContain(id);
      const spec = specOf.get(kind)?.facets[facet];
      for (const [otherKind, other] of spec === undefined ? [] : prerequisites(kind, spec)) walk(otherKind, other, [...path, id]);
    };
    for (const { kind, facets } of builtIn.kinds) for (const facet of Object.keys(facets)) walk(kind, facet, []);
  });
});
