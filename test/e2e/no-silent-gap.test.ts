import { expect, test } from 'vitest';
import { builtIn, facetCalls } from '#collect/registry.js';
import { collectedFacet } from '#collect/asked.js';
import type { Finding, Report } from '#model/report.js';
import { serviceOfKind, type Kind } from '#model/resources/index.js';
import { rules } from '#rules/index.js';
import { account, other, regions, smallWorld } from '../support/small-world.js';
import { withSampleOptions } from '../support/samples.js';
import { scanEstate, type EstateScan } from '../support/scan-estate.js';

/** Every operation that a crawl makes, with the facets it reads and the IAM action that each of them takes. */
const operations = new Map<string, Map<string, string>>();
for (const [facet, calls] of facetCalls(builtIn)) {
  for (const { operation, action } of calls) {
    const actions = operations.get(operation) ?? new Map<string, string>();
    operations.set(operation, actions.set(facet, action));
  }
}
const facetsOf = (operation: string): readonly string[] => [...(operations.get(operation)?.keys() ?? [])];

/** With options, so that every rule has something to say. */
const everyRule = { rules: rules.map(withSampleOptions), frameworks: [], facets: [] };

/** Runs without faults, to compare with: `recommended` also reads tags, which only its selectors look at. */
interface Base {
  readonly report: Report;
  /** OPERATION REGION of every call. */
  readonly called: ReadonlySet<string>;
}
const bases = {
  strict: await scanEstate(smallWorld(), { catalogue: everyRule, baseline: 'strict' }, baseOf),
  recommended: await scanEstate(smallWorld(), { catalogue: everyRule, baseline: 'recommended' }, baseOf),
};
const complete = bases.strict.report;

function baseOf({ report, estate }: EstateScan): Base {
  return { report, called: new Set(estate.log.map(({ operation, region }) => `${operation} ${region}`)) };
}

test('without faults the run is complete and nothing is unknown', () => {
  expect(complete.run.complete).toBe(true);
  expect(complete.findings.filter(({ verdict }) => verdict === 'unknown')).toEqual([]);
  expect(complete.errors).toEqual([]);
});

/** Every operation in every region where a scan calls it, under the baseline that makes it called. */
const cases = [...operations.keys()].flatMap((operation) =>
  regions.flatMap((region) => {
    const baseline = (['strict', 'recommended'] as const).find((name) => bases[name].called.has(`${operation} ${region}`));
    return baseline === undefined ? [] : [{ operation, region, baseline }];
  }),
);

test('every operation is called somewhere, so that every one is denied below', () => {
  expect(new Set(cases.map(({ operation }) => operation))).toEqual(new Set(operations.keys()));
});

/** Some rule cannot do without it: the others only shade a verdict by it. */
function isNeeded(facets: readonly string[]): boolean {
  return rules.some((rule) =>
    rule.kinds.some((kind) =>
      [`${kind}/*`, ...rule.needs.map((facet) => `${kind}/${collectedFacet(kind, facet)}`)].some((facet) =>
        facets.includes(facet),
      ),
    ),
  );
}

test.each(cases)(
  '$operation denied in $region: no rule that needs it says pass or fail, and everybody is told',
  async ({ operation, region, baseline }) => {
    const facets = facetsOf(operation);
    const before = bases[baseline].report;
    await scanEstate(
      smallWorld(),
      { catalogue: everyRule, baseline, prepare: ({ faults }) => faults.add({ kind: 'deny', operation, region }) },
      ({ report, result }) => {
        expectNoWrongVerdict(report, before);
        expectNothingVanished(report, before);
        expectNeedersUnknown(report, facets, region);

        const told = report.findings.filter(({ missing }) => missing?.some((each) => each.operation === operation));
        if (isNeeded(facets)) expect(told.length, 'unknowns that name the operation').toBeGreaterThan(0);
        for (const { missing } of told) {
          const named = missing?.find((each) => each.operation === operation);
          expect(named).toMatchObject({ action: operations.get(operation)?.get(named?.facet ?? ''), cause: 'denied' });
          expect(named?.code).toMatch(operation === 's3:HeadObject' ? /^HTTP 403$/ : /AccessDenied|UnauthorizedOperation/);
        }
        const rows = report.coverage.filter(({ state }) => state !== 'complete');
        expect(
          rows
            .flatMap((row) => row.operations)
            .filter((each) => each.operation === operation && each.errors > 0 && each.code !== null),
        ).not.toEqual([]);
        expect(report.run.complete).toBe(false);
        expect(result.exitCode).toBe(3);
      },
    );
  },
);

/** A verdict may be lost, never turned round. */
function expectNoWrongVerdict(report: Report, base = complete): void {
  const before = new Map(base.findings.map((finding) => [finding.id, finding.verdict]));
  const turned = report.findings.filter(({ id, verdict }) => {
    const was = before.get(id);
    return verdict !== 'unknown' && was !== undefined && was !== verdict;
  });
  expect(turned.map(brief)).toEqual([]);
}

/** What a complete run judged is judged here, or stands under its kind's one unknown. */
function expectNothingVanished(report: Report, base = complete): void {
  const judged = new Set(report.findings.map(({ rule, resource }) => `${rule} ${resource}`));
  const vanished = base.findings.filter(({ rule, resource, kind, region }) => {
    const cellRegion = kind === 's3.bucket' ? 'global' : region;
    const list = `arn:aws:${serviceOfKind[kind as Kind]}:${cellRegion}:${account}:${kind}/*`;
    return !judged.has(`${rule} ${resource}`) && !judged.has(`${rule} ${list}`);
  });
  expect(vanished.map(brief)).toEqual([]);
}

/** On a resource whose own facet was not read, a rule that needs the facet has no verdict. */
function expectNeedersUnknown(report: Report, facets: readonly string[], denied: string): void {
  const decided = report.findings.filter(({ rule, kind, resource, region, verdict }) => {
    // Elsewhere it is the facet of another resource, such as a replica's primary.
    if (region !== denied || (verdict !== 'pass' && verdict !== 'fail')) return false;
    const needed =
      rules.find(({ id }) => id === rule)?.needs.map((facet) => `${kind}/${collectedFacet(kind as Kind, facet)}`) ?? [];
    const unread = report.findings.some(
      (each) =>
        each.resource === resource &&
        each.missing?.some(({ facet }) => facets.includes(facet) && needed.includes(facet)) === true,
    );
    return unread;
  });
  expect(decided.map(brief)).toEqual([]);
}

function brief({ rule, resource, verdict }: Finding): string {
  return `${rule} ${resource} ${verdict}`;
}

test('one denied key among a hundred is one unknown and ninety-nine verdicts', async () => {
  const world = smallWorld();
  const keys = Array.from({ length: 100 }, () => world.put(account, 'us-east-1', 'kms.key', { rotation: { enabled: true } }));
  const denied = keys[42]?.Arn ?? '';
  await scanEstate(
    world,
    {
      services: ['kms'],
      ruleGlobs: ['kms/rotation-enabled'],
      prepare: ({ faults }) => faults.add({ kind: 'deny', operation: 'kms:DescribeKey', resource: denied }),
    },
    ({ verdict, report }) => {
      const verdicts = keys.map(({ Arn }) => verdict('kms/rotation-enabled', Arn)?.verdict);
      expect(verdicts.filter((each) => each === 'pass')).toHaveLength(99);
      expect(verdicts[42]).toBe('unknown');
      expect(report.coverage.find(({ region, service }) => region === 'us-east-1' && service === 'kms')).toMatchObject({
        state: 'partial',
        reason: 'AccessDeniedException',
      });
    },
  );
});

test('throttling a third of all calls changes no verdict', async () => {
  await scanEstate(
    smallWorld(),
    { catalogue: everyRule, prepare: ({ faults }) => faults.add({ kind: 'throttle', probability: 0.3, seed: 3 }) },
    ({ report, result }) => {
      expect(verdictsOf(report)).toEqual(verdictsOf(complete));
      expect(result.exitCode).toBe(0);
    },
  );
}, 120_000);

test.each(['http500', 'reset', 'htmlError'] as const)(
  '%s on every fourth call changes no verdict, or makes it unknown',
  async (kind) => {
    await scanEstate(
      smallWorld(),
      { catalogue: everyRule, prepare: ({ faults }) => faults.add({ kind, probability: 0.25, seed: 5 }) },
      ({ report }) => {
        expectNoWrongVerdict(report);
        expectNothingVanished(report);
      },
    );
  },
  120_000,
);

test.each(builtIn.kinds.flatMap(({ sources }) => sources.map(({ operation }) => operation)))(
  '%s answering nothing at all is no crash',
  async (operation) => {
    await scanEstate(
      smallWorld(),
      { catalogue: everyRule, prepare: ({ faults }) => faults.add({ kind: 'emptyAnswer', operation }) },
      ({ report }) => {
        expectNoWrongVerdict(report);
        expect(report.errors).toEqual([]);
      },
    );
  },
);

test.each(cases.filter(({ operation }) => /Get|DescribeKey|Attribute/.test(operation)))(
  '$operation answering {} in $region is unknown for want of a field, never another verdict',
  async ({ operation, region, baseline }) => {
    await scanEstate(
      smallWorld(),
      { catalogue: everyRule, baseline, prepare: ({ faults }) => faults.add({ kind: 'emptyAnswer', operation, region }) },
      ({ report }) => {
        expect(report.errors).toEqual([]);
        // An answer without LoggingEnabled is how S3 says that logging is off.
        if (operation === 's3:GetBucketLogging') return;
        expectNoWrongVerdict(report, bases[baseline].report);
        const told = report.findings.filter(({ missing }) =>
          missing?.some((each) => each.operation === operation && each.cause === 'absent-field'),
        );
        if (isNeeded(facetsOf(operation))) expect(told).not.toEqual([]);
      },
    );
  },
);

test('a token that comes back stops the list, keeps what was read and marks the cell partial', async () => {
  const world = smallWorld().addAccount(other, { regions });
  world.generate(account, 'us-east-1', { 'ebs.volume': 1200 });
  await scanEstate(
    world,
    {
      regions: ['us-east-1'],
      ruleGlobs: ['ebs/volume-encrypted'],
      prepare: ({ faults }) => faults.add({ kind: 'repeatedToken', operation: 'ec2:DescribeVolumes' }),
    },
    ({ report, result }) => {
      const row = report.coverage.find(({ service }) => service === 'ec2');
      expect(row).toMatchObject({ state: 'partial', reason: 'RepeatedToken' });
      expect(report.summary.resources).toBeGreaterThanOrEqual(500);
      expect(report.findings.find(({ resource }) => resource.endsWith(':ebs.volume/*'))).toMatchObject({ verdict: 'unknown' });
      expect(result.exitCode).toBe(3);
    },
  );
});

function verdictsOf({ findings }: Report): readonly string[] {
  return findings.map((finding) => `${brief(finding)} ${finding.severity}`);
}
