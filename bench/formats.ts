/**
 * formats: what a run of 100,000 findings costs to render, in every format, each in a process of its own. The findings are
 * made as they are read, so that the memory is that of the format.
 */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Finding, ReportHeader, ReportSource } from '#model/report.js';
import type { Rule } from '#model/rule.js';
import { severities } from '#model/severity.js';
import { formatNames, reportFormats, type FormatName } from '#reports/index.js';
import { measurement, type Benchmark, type Measurement } from './measurement.js';
import { inWorker } from './worker.js';

const count = 100_000;
const accounts = 100;
const wantedSeconds = 10;
const wantedMebibytes = 300;

interface Cost {
  readonly seconds: number;
  readonly peakMebibytes: number;
  readonly bytes: number;
  readonly gzipped: number;
  readonly longestPiece: number;
}

export const formatsBenchmark: Benchmark = {
  name: 'formats',
  async run() {
    const measured: Measurement[] = [];
    for (const name of formatNames) {
      const { seconds, peakMebibytes, bytes, gzipped, longestPiece } = await inWorker<Cost>('format', { name });
      const size = (amount: number) => `${(amount / 1e6).toFixed(1)} MB`;
      measured.push(
        measurement({
          name: `${name} of ${count.toLocaleString('en')} findings`,
          value: seconds,
          unit: 's',
          against: wantedSeconds,
          wanted: { is: '<=', than: 1 },
          note: `${size(bytes)}, about ${size(gzipped)} gzipped; the longest piece has ${longestPiece.toLocaleString('en')} characters`,
        }),
        measurement({
          name: `${name}: peak memory`,
          value: Math.round(peakMebibytes),
          unit: 'MiB',
          against: wantedMebibytes,
          wanted: { is: '<=', than: 1 },
          note: 'maxRSS of the process',
        }),
      );
    }
    return measured;
  },
};

/** Sizes are added up piece by piece: what is gzipped is one piece in sixteen, and counts for the others. */
export async function formatWorker({ name }: { name: FormatName }): Promise<Cost> {
  const source = await sourceOf(count);
  const format = await reportFormats[name]();
  let [bytes, pieces, sampled, sampledGzipped, longestPiece, apart] = [0, 0, 0, 0, 0, 0];
  const startedAt = performance.now();
  for await (const piece of format.render(source)) {
    const from = performance.now();
    const size = Buffer.byteLength(piece);
    bytes += size;
    longestPiece = Math.max(longestPiece, piece.length);
    if (pieces % 16 === 0) {
      sampled += size;
      sampledGzipped += gzipSync(piece).length;
    }
    pieces += 1;
    apart += performance.now() - from;
  }
  return {
    seconds: (performance.now() - startedAt - apart) / 1000,
    peakMebibytes: process.resourceUsage().maxRSS / 1024,
    bytes,
    gzipped: sampled === 0 ? 0 : (bytes * sampledGzipped) / sampled,
    longestPiece,
  };
}

type RuleRow = ReportHeader['rules'][number];

function ruleRow({ id, title, severity, kinds, docs }: Rule): RuleRow {
  return { id, title, severity, kinds: [...kinds], why: docs.why, source: docs.source, controls: {}, offIn: [] };
}

const accountIds = Array.from({ length: accounts }, (_, index) => String(index * 9_876_543_210 + 12_345).padStart(12, '0'));

/** A report of so many findings, each made when it is read. */
export async function sourceOf(findings: number): Promise<ReportSource> {
  const { catalogue } = await import('#index.js');
  const header = headerOf(catalogue.rules.map(ruleRow), findings);
  return {
    header,
    async *findings() {
      await Promise.resolve();
      for (let index = 0; index < findings; index += 1) yield findingOf(index, findings, header.rules);
    },
  };
}

function headerOf(rules: RuleRow[], resources: number): ReportHeader {
  const none = Object.fromEntries(severities.map((each) => [each, 0])) as Record<(typeof severities)[number], number>;
  return {
    schemaVersion: '1.0',
    tool: { name: 'atrest', version: '0.1.0' },
    run: {
      id: '20261122T040000Z-5f3a',
      startedAt: '2026-11-22T04:00:00.000Z',
      finishedAt: '2026-11-22T04:07:33.000Z',
      complete: true,
      baseline: Object.fromEntries(accountIds.map((id) => [id, 'recommended'])),
      callers: {},
    },
    scope: {
      accounts: accountIds.map((id) => ({ id, name: `account-${id}`, path: null, state: 'scanned', reason: null })),
      regions: ['eu-central-1'],
    },
    coverage: [],
    summary: {
      resources,
      byRule: Object.fromEntries(rules.map(({ id }) => [id, { pass: 0, fail: 0, unknown: 0, notApplicable: 0, error: 0 }])),
      bySeverity: Object.fromEntries(severities.map((each) => [each, { fail: 0, waived: 0, unknown: 0 }])) as never,
      byAccount: Object.fromEntries(accountIds.map((id) => [id, { pass: none, fail: none, unknown: none }])),
      score: 0,
      waived: 0,
    },
    errors: [],
    rules,
    keys: [],
    frameworks: [],
  };
}

/** As long as findings are, with ids that compress as badly as those of AWS. */
function findingOf(index: number, findings: number, rules: readonly RuleRow[]): Finding {
  const { id: rule, severity } = rules[index % rules.length] as RuleRow;
  const account = accountIds[Math.floor((index * accounts) / findings)] ?? '';
  const id = createHash('sha256').update(String(index)).digest('hex');
  const resource = `arn:aws:ec2:eu-central-1:${account}:volume/vol-${id.slice(40, 57)}`;
  const name = `orders-${id.slice(57, 61)}`;
  return {
    ...{ id: id.slice(0, 32), rule, verdict: 'fail', severity, baseline: 'recommended', account, region: 'eu-central-1' },
    ...{ kind: 'ebs.volume', resource, name, message: `Volume ${name} is not encrypted: everyone who may copy it can read it.` },
    ...{ expected: 'encrypted under a customer managed key', actual: 'not encrypted', key: null },
    evidence: { Encrypted: false, SseType: null, KmsKeyId: null, attachedTo: [`i-${id.slice(20, 37)}`] },
    ...{ waiver: null, attestation: null, missing: null },
    remediation: {
      text: 'Copy a snapshot of it under a customer managed key, make a volume of the copy and attach that in its place.',
      cli: `aws ec2 create-snapshot --region eu-central-1 --volume-id vol-${id.slice(40, 57)}`,
      terraform: 'resource "aws_ebs_volume" "this" {\n  encrypted = true\n}',
    },
  };
}
