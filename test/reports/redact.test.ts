import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactions, type Redaction } from '#model/redaction.js';
import type { Finding, Report, ReportFormat } from '#model/report.js';
import { formatNames, reportFormats } from '#reports/index.js';
import { redacted } from '#reports/redact/source.js';
import { keyedReport } from '../support/report-keys.js';
import { finding, rendered, sourceOf } from '../support/report-parts.js';

/** A report with the markers wherever an account, a resource, a key, a principal or a tag may stand. */
function planted({
  account,
  bucket,
  key,
  principal,
  tag,
  word,
}: Record<'account' | 'bucket' | 'key' | 'principal' | 'tag' | 'word', string>): Report {
  const report = keyedReport();
  const arn = `arn:aws:s3:::${bucket}`;
  const keyArn = `arn:aws:kms:eu-central-1:${account}:key/${key}`;
  const role = `arn:aws:iam::${account}:role/${principal}`;
  const tags = { Owner: tag, [`${tag}-key`]: 'x' };
  const text = `Bucket ${bucket} of ${account}, ${arn}/reports/*: under ${keyArn}. "${principal}" (${role}) may use it.`;
  const cli = `aws s3api put-bucket-encryption --bucket ${bucket} --rule '{"Rules":[{"KMSMasterKeyID":"${keyArn}"}]}'`;
  const findings = [
    finding({
      ...{
        id: `digest-of-${account}`,
        rule: 's3/default-encryption-cmk',
        kind: 's3.bucket',
        account,
        resource: arn,
        name: bucket,
      },
      ...{ message: text, expected: `a key of ${account}`, actual: keyArn },
      key: { arn: keyArn, level: 'customer-managed' },
      evidence: {
        SSEAlgorithm: 'aws:kms',
        KMSMasterKeyID: keyArn,
        grantee: principal,
        nested: [{ id: word, by: account }],
        tags,
      },
      remediation: { text, cli, terraform: `bucket = "${bucket}"` },
    }),
    // Speaks of the bucket, though it is another's.
    finding({
      id: '2',
      rule: 'key/tag-match',
      account,
      name: tag,
      message: `Logs of ${bucket} go elsewhere; Owner is "${tag}" here.`,
      actual: `Owner is "${tag}" here`,
    }),
  ];
  return {
    ...report,
    run: { ...report.run, callers: { [account]: role }, baseline: { [account]: 'recommended' } },
    scope: {
      ...report.scope,
      accounts: [
        {
          id: account,
          name: `team ${word}`,
          path: `o-abcd123456/r-abcd/ou-abcd-${word.toLowerCase()}`,
          state: 'failed',
          reason: `${role} is not there`,
        },
      ],
    },
    coverage: report.coverage.map((row) => ({ ...row, account, reason: text })),
    summary: { ...report.summary, byAccount: { [account]: { pass: {}, fail: { high: 1 }, unknown: {} } } } as Report['summary'],
    errors: [{ rule: 'kms/unused', resource: keyArn, message: text }],
    rules: report.rules.map((rule) => ({ ...rule, offIn: [account] })),
    keys: report.keys.slice(0, 4).map((row) => ({
      ...row,
      ...{ arn: keyArn, name: `alias/${key}`, places: [{ account, region: 'eu-central-1', dependants: { 's3.bucket': 1 } }] },
      multiRegion: { role: 'PRIMARY', primary: null, replicas: [keyArn] },
      reach: {
        everyone: 'no',
        ownAccount: true,
        ownPrincipals: 1,
        others: [
          { as: 'principal', name: role },
          { as: 'account', name: account },
        ],
        othersTotal: 2,
      },
    })),
    findings,
  };
}

/** All that a page holds, the data of its script too. */
function contents(page: string): string {
  const data = /id="data">([^<]*)</.exec(page)?.[1];
  return data === undefined ? page : page + gunzipSync(Buffer.from(data, 'base64')).toString();
}

async function shown(report: Report, what: readonly Redaction[], name: keyof typeof reportFormats): Promise<string> {
  const format: ReportFormat = await reportFormats[name]();
  return contents(await rendered(format.render(await redacted(sourceOf(report), what))));
}

const letters = (length: number) => fc.stringMatching(new RegExp(`^[A-Z][a-z]{3}[0-9][a-z]{${String(length)}}$`));
const markers = fc.record({
  account: fc.stringMatching(/^[1-9]\d{11}$/),
  // As many are called: with an account in the middle.
  bucket: fc
    .tuple(letters(4), fc.constantFrom('-', '.', '-345678901234-', '-0123abcd-'), letters(3))
    .map((parts) => parts.join('').toLowerCase()),
  key: fc.uuid(),
  principal: letters(8),
  tag: letters(6),
  word: letters(7),
});

describe.each(formatNames)('a redacted report as %s', (format) => {
  test('holds nothing of what is hidden, wherever it stood', async () => {
    await fc.assert(
      fc.asyncProperty(markers, async (secrets) => {
        const page = (await shown(planted(secrets), [...redactions], format)).toLowerCase();
        for (const [name, secret] of Object.entries(secrets))
          for (const part of [secret, ...(name === 'bucket' ? secret.split(/[-.]/) : [])])
            expect(page.includes(part.toLowerCase()), `${name} ${part}`).toBe(false);
      }),
      { numRuns: format === 'html' ? 8 : 3 },
    );
  });
});

const secrets = {
  ...{ account: '345678901234', bucket: 'payroll-archive', key: '1f2e3d4c-0000-4000-8000-00000000cafe' },
  ...{ principal: 'PayrollReader', tag: 'payroll-team', word: 'Zebra9stripes' },
};

describe('what is hidden', () => {
  test.each([
    [['account-ids'], ['account', 'word'], ['bucket', 'key', 'principal', 'tag']],
    [['arns'], ['bucket', 'key', 'principal'], ['account']],
    [['tags'], ['tag'], ['account', 'bucket', 'key', 'principal']],
  ] as const)('is what %s names, and the rest stays', async (what, gone, there) => {
    const page = await shown(planted(secrets), what, 'json');
    for (const name of there) expect(page.includes(secrets[name]), name).toBe(true);
    const findings = page.slice(page.indexOf('"findings"'));
    for (const name of gone)
      expect((name === 'word' ? page.slice(0, page.indexOf('"coverage"')) : findings).includes(secrets[name]), name).toBe(false);
  });

  test('stays apart: one pseudonym for each, the same in every place, no verdict changed', async () => {
    const before = keyedReport();
    const source = await redacted(sourceOf(before), ['account-ids', 'arns']);
    const after: Finding[] = [];
    for await (const each of source.findings()) after.push(each);
    for (const [key, of] of Object.entries({
      account: ({ account }: (typeof after)[number]) => account,
      resource: ({ resource }: (typeof after)[number]) => resource,
      id: ({ id }: (typeof after)[number]) => id,
    })) {
      const pairs = new Set(
        before.findings.map((each, index) => `${of(each)} ${after[index] === undefined ? '' : of(after[index])}`),
      );
      const [left, right] = [before.findings, after].map((all) => new Set(all.map(of)));
      expect([key, right?.size, pairs.size]).toEqual([key, left?.size, left?.size]);
    }
    const plain = ({ verdict, severity, rule, region, kind }: (typeof after)[number]) => [verdict, severity, rule, region, kind];
    expect(after.map(plain)).toEqual(before.findings.map(plain));
    expect(source.header.summary.bySeverity).toEqual(before.summary.bySeverity);
    expect(source.header.scope.accounts.map(({ id }) => id)).toContain(after[0]?.account);
    expect(source.header.coverage.map(({ state, region, service }) => [state, region, service])).toEqual(
      before.coverage.map(({ state, region, service }) => [state, region, service]),
    );
  });

  test('is the same in a second reading, and readable', async () => {
    const source = await redacted(sourceOf(planted(secrets)), ['account-ids', 'arns']);
    const read = async () => {
      const all: Finding[] = [];
      for await (const each of source.findings()) all.push(each);
      return all;
    };
    const [first, again] = [await read(), await read()];
    expect(again).toEqual(first);
    expect(first[0]?.resource).toMatch(/^arn:aws:s3:::redacted-\d+$/);
    expect(first[0]?.key?.arn).toMatch(/^arn:aws:kms:eu-central-1:000000000001:key\/redacted-\d+$/);
    expect(first[0]?.message).toMatch(
      /^Bucket redacted-\d+ of 000000000001, arn:aws:s3:::redacted-\d+: under arn:aws:kms:eu-central-1:000000000001:key\/redacted-\d+\. /,
    );
    expect(first[0]?.remediation?.cli).toMatch(
      /^aws s3api put-bucket-encryption --bucket redacted-\d+ --rule '\{"Rules":\[\{"KMSMasterKeyID":"arn:/,
    );
    expect(first[0]?.evidence).toMatchObject({ SSEAlgorithm: 'aws:kms' });
  });

  test('is named on the page and in the document', async () => {
    expect(await shown(planted(secrets), ['account-ids', 'tags'], 'html')).toMatch(
      /REDACTED: pseudonyms stand for account ids and names, tags\. /,
    );
    expect(await shown(planted(secrets), ['arns'], 'json')).toContain('"redacted": [\n    "arns"');
  });

  test('a resource that is called as a word of ours changes no other text', async () => {
    const report = keyedReport();
    const named = report.findings.map((each) => ({ ...each, name: 'fail' }));
    const source = await redacted(sourceOf({ ...report, findings: named }), ['arns']);
    for await (const each of source.findings()) expect(['fail', 'unknown']).toContain(each.verdict);
  });
});
