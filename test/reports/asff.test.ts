import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatProblems } from '#estate/services/securityhub-format.js';
import { asffOf, type AsffFinding } from '#reports/asff/finding.js';
import { asff } from '#reports/asff/render.js';
import type { Finding, Report } from '#model/report.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { attested, waived } from '../support/notes.js';
import { reportFixture } from '../support/report-fixture.js';
import { emptyReport, finding, fixtureRules, rendered, sourceOf, unknownFinding } from '../support/report-parts.js';
import { cleanReport, hostileReport, unknownReport } from '../support/report-variants.js';

const base: Report = { ...emptyReport(), rules: [...fixtureRules] };

function asffFinding(given: Partial<Finding> = {}, report: Report = base): AsffFinding {
  return asffOf(report)(finding({ id: 'f1', rule: 'ebs/volume-encrypted', ...given }));
}

describe('report.asff.json', () => {
  test.each([
    ['full', reportFixture({ count: 60 })],
    ['empty', emptyReport()],
    ['all unknown', unknownReport()],
    ['clean', cleanReport()],
    ['hostile', hostileReport(hostileTexts)],
  ])('Security Hub takes every finding of the %s report', async (_, report) => {
    const findings = JSON.parse(await rendered(asff.render(sourceOf(report)))) as AsffFinding[];
    expect(findings.map(({ ProductFields }) => ProductFields['atrest/finding'])).toEqual(report.findings.map(({ id }) => id));
    for (const each of findings) expect(formatProblems({ ...each })).toEqual([]);
  });

  test('is what the SDK sends', () => {
    const typed = asffFinding() satisfies AwsSecurityFinding;
    expect(typed).toMatchObject({
      Id: 'atrest/f1',
      ProductArn: 'arn:aws:securityhub:eu-central-1:111111111111:product/111111111111/default',
      GeneratorId: 'atrest/ebs/volume-encrypted',
      AwsAccountId: '111111111111',
      CreatedAt: base.run.finishedAt,
      UpdatedAt: base.run.finishedAt,
      Title: 'EBS volumes are encrypted',
      Description: 'Volume orders is not encrypted.',
      Resources: [{ Type: 'AwsEc2Volume', Id: 'arn:aws:ec2:eu-central-1:111111111111:volume/vol-0a', Partition: 'aws' }],
      Compliance: {
        Status: 'FAILED',
        RelatedRequirements: ['cis-aws-7.0 3.6', 'nist-800-53-r5 SC-12', 'nist-800-53-r5 SC-28(1)'],
        AssociatedStandards: [{ StandardsId: 'cis-aws-7.0' }, { StandardsId: 'nist-800-53-r5' }],
      },
      FindingProviderFields: { Severity: { Label: 'HIGH', Original: 'high' } },
      RecordState: 'ACTIVE',
    });
    // Set once, nothing of ours could ever take it back.
    for (const customers of ['Workflow', 'Note', 'UserDefinedFields', 'VerificationState'])
      expect(typed).not.toHaveProperty(customers);
    expect(typed.ProductFields).not.toHaveProperty('atrest/cut');
  });

  test('the product is of the partition and region; what is of no region belongs where it was asked for', () => {
    const chinese = asffFinding({ region: 'cn-north-1', resource: 'arn:aws-cn:ec2:cn-north-1:111111111111:volume/vol-1' });
    expect(chinese.ProductArn).toBe('arn:aws-cn:securityhub:cn-north-1:111111111111:product/111111111111/default');
    expect(chinese.Resources).toMatchObject([{ Partition: 'aws-cn', Region: 'cn-north-1' }]);
    const home = { ...base, run: { ...base.run, homeRegion: 'eu-west-3' } };
    expect(asffFinding({ region: 'global' }, home).ProductArn).toContain(':eu-west-3:');
    const sovereign = asffFinding({ resource: 'arn:aws-eusc:ec2:eusc-de-east-1:111111111111:volume/vol-1' });
    expect(sovereign.Resources[0]).not.toHaveProperty('Partition');
  });

  test.each<readonly [string, Partial<Finding>, string, string, string]>([
    ['a pass', { verdict: 'pass' }, 'PASSED', 'INFORMATIONAL', 'high'],
    ['an unknown', unknownFinding({ id: 'f1', rule: 'r' }), 'WARNING', 'HIGH', 'high'],
    ['what does not apply', { verdict: 'not-applicable' }, 'NOT_AVAILABLE', 'INFORMATIONAL', 'high'],
    ['a waived fail', { waiver: waived(), severity: 'critical' }, 'FAILED', 'INFORMATIONAL', 'critical (waived)'],
    ['a fail whose waiver expired', { waiver: waived({ state: 'expired' }) }, 'FAILED', 'HIGH', 'high'],
  ])('%s', (_, given, status, label, original) => {
    const { Compliance, FindingProviderFields } = asffFinding(given);
    expect([Compliance.Status, FindingProviderFields.Severity]).toEqual([status, { Label: label, Original: original }]);
  });

  test('says what was waived, attested, and not read', () => {
    expect(asffFinding({ waiver: waived() }).ProductFields).toMatchObject({
      'atrest/waiver': 'valid',
      'atrest/waiver-reason': 'static assets, public by design',
      'atrest/waiver-expires': '2026-12-31',
    });
    const unknown = asffFinding({ ...unknownFinding({ id: 'f1', rule: 'r' }), attestation: attested() });
    expect(unknown.ProductFields).toMatchObject({ 'atrest/attestation': 'pass (valid)', 'atrest/attested-by': 'Ada' });
    expect(unknown.Compliance.StatusReasons).toEqual([
      {
        ReasonCode: 'AccessDeniedException',
        Description: 'kms.key/rotation: denied, kms:GetKeyRotationStatus (AccessDeniedException)',
      },
    ]);
  });
});

describe('what is too long', () => {
  test('ends with a mark, and the place of the whole is named', () => {
    const long = asffFinding({
      message: 'm'.repeat(1025),
      remediation: { text: 't'.repeat(513), cli: 'c'.repeat(2049), terraform: null },
    });
    expect(long.Description).toBe(`${'m'.repeat(1023)}…`);
    expect(long.Remediation?.Recommendation.Text).toBe(`${'t'.repeat(511)}…`);
    expect(long.ProductFields['atrest/remediation']).toBe('t'.repeat(513));
    expect(long.ProductFields['atrest/cut']).toBe(
      `cut: Remediation, Description, atrest/remediation-cli. In full: finding f1 in report.json of run ${base.run.id}`,
    );
  });

  test('is not cut where it just fits, nor inside a character', () => {
    expect(asffFinding({ message: 'm'.repeat(1024) }).Description).toBe('m'.repeat(1024));
    expect(asffFinding({ message: '👩'.repeat(600) }).Description).toBe(`${'👩'.repeat(511)}…`);
  });

  test('more requirements than fit are counted', () => {
    const controls = { f: Array.from({ length: 40 }, (_, index) => `c${String(index)}`) };
    const rules = fixtureRules.map((rule) => ({ ...rule, controls }));
    const { Compliance, ProductFields } = asffFinding({}, { ...base, rules });
    expect(Compliance.RelatedRequirements).toHaveLength(32);
    expect(Compliance.RelatedRequirements?.at(-1)).toBe('… and 9 more');
    expect(ProductFields['atrest/controls']).toContain('f c39');
    expect(ProductFields['atrest/cut']).toMatch(/^cut: RelatedRequirements\./);
  });
});

test('no text, however long, empty or strange, is refused', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('', ' ', '\n', '\u0000', '\ud800', ...[256, 512, 1024, 2048, 30_000].map((length) => '語'.repeat(length))),
    fc
      .tuple(fc.constantFrom('x', '"', '👩', ' '), fc.integer({ min: 0, max: 3000 }))
      .map(([unit, length]) => unit.repeat(length)),
  );
  const optional = fc.option(text);
  const given = fc.record({
    rule: text,
    region: fc.constantFrom('global', 'eu-west-1', 'us-a-region-of-later-1'),
    kind: text,
    resource: text,
    name: text,
    baseline: text,
    message: text,
    expected: optional,
    actual: optional,
    verdict: fc.constantFrom('pass' as const, 'fail' as const, 'unknown' as const, 'not-applicable' as const),
    key: fc.option(fc.record({ arn: text, level: fc.constant(null) })),
    waiver: fc.option(fc.record({ reason: text, owner: optional, ticket: optional }).map(waived)),
    attestation: fc.option(fc.record({ attestedBy: text, evidence: optional }).map(attested)),
    missing: fc.option(
      fc.array(
        fc.record({ facet: text, operation: optional, action: optional, code: optional, cause: fc.constant('denied' as const) }),
        {
          maxLength: 30,
        },
      ),
    ),
    remediation: fc.option(fc.record({ text, cli: optional, terraform: optional })),
  });
  const header = fc.record({
    title: text,
    source: text,
    framework: text,
    controls: fc.array(text, { maxLength: 50 }),
    run: text,
  });
  fc.assert(
    fc.property(given, header, (each, { title, source, framework, controls, run }) => {
      const rules = [
        { ...(fixtureRules[0] as Report['rules'][number]), id: each.rule, title, source, controls: { [framework]: controls } },
      ];
      const report = { ...base, rules, run: { ...base.run, id: run } };
      expect(formatProblems({ ...asffFinding(each, report) })).toEqual([]);
    }),
    { numRuns: 150 },
  );
});
