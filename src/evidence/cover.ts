import { createHash } from 'node:crypto';
import type { RunDocument } from '#inventory/run-folder.js';
import type { CoverageRow, ReportHeader } from '#model/report.js';
import { layout } from './layout.js';
import type { RunManifest } from './run-manifest.js';
import type { Signer } from './signer.js';

export interface CoverFacts {
  readonly header: ReportHeader;
  readonly document: RunDocument;
  readonly manifest: RunManifest;
  readonly manifestSha256: string;
  readonly packedBy: string;
  readonly signer: Pick<Signer, 'algorithm' | 'fingerprint'> | null;
  /** Whether a timestamp is made of the signature. */
  readonly stamped: boolean;
}

/** The commands that check a signature with openssl alone. The key is one that came another way than the pack. */
export function opensslCommands(algorithm: Signer['algorithm'], key: string): readonly [fingerprint: string, verify: string] {
  const { signed, bytes } = layout;
  return [
    `openssl pkey -pubin -in ${key} -outform DER | openssl dgst -sha256`,
    algorithm === 'Ed25519'
      ? `openssl pkeyutl -verify -pubin -inkey ${key} -rawin -in ${signed} -sigfile ${bytes}`
      : `openssl dgst -sha256 -verify ${key} -signature ${bytes} ${signed}`,
  ];
}

const style = `body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%;margin:0 0 1rem}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #ccc}
th{font-weight:600}pre,code{font:.875rem/1.5 ui-monospace,monospace;overflow-wrap:anywhere}pre{white-space:pre-wrap;background:#f4f4f4;padding:.5rem .75rem}
.warn{border-left:4px solid #b3261e;padding:.25rem .75rem;background:#fdf1f0}.scroll{overflow-x:auto}`;

/** The page that a person reads first: what the pack says of which run, what it leaves open, and how to verify it. */
export function* coverPage(facts: CoverFacts): Generator<string> {
  const { header } = facts;
  const hash = createHash('sha256').update(style).digest('base64');
  const title = `Evidence of run ${header.run.id}`;
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escape(title)}</h1>
<p>Encryption at rest on AWS, as atrest ${escape(header.tool.version)} read and judged it. Packed by atrest ${escape(facts.packedBy)}.</p>
`;
  yield signatureText(facts);
  yield runTable(facts);
  yield* gaps(header);
  yield* accounts(facts);
  yield digests(facts);
  yield contents();
  yield verification(facts);
  yield '</body>\n</html>\n';
}

function signatureText({ signer }: CoverFacts): string {
  if (signer === null)
    return `<p class="warn"><strong>This pack is unsigned.</strong> Its digests show accidents, not intent: whoever can write the pack
can change a file and its digest.</p>\n`;
  return `<p>Signed with ${signer.algorithm}, by the key with the fingerprint <code>sha256:${signer.fingerprint}</code>. A page cannot vouch for
itself: whose key that is has to come to you another way than this pack.</p>\n`;
}

function runTable({ header, document }: CoverFacts): string {
  const { run, scope, summary } = header;
  const verdicts = { pass: 0, fail: 0, unknown: 0 };
  for (const counts of Object.values(summary.byRule))
    for (const verdict of ['pass', 'fail', 'unknown'] as const) verdicts[verdict] += counts[verdict];
  const rows: readonly (readonly [string, string])[] = [
    ['Began', run.startedAt],
    ['Ended', run.finishedAt],
    ['Judged as of', document.now],
    ['Clock', clockText(document)],
    ['Run by', document.caller],
    [
      'Accounts',
      `${String(scope.accounts.length)}, in ${String(scope.regions.length)} regions: ${scope.regions.join(', ') || 'none'}`,
    ],
    ['Services', document.services.join(', ')],
    ['Resources', String(summary.resources)],
    [
      'Verdicts',
      `${String(verdicts.pass)} pass, ${String(verdicts.fail)} fail, ${String(summary.waived)} fail and are waived, ${String(verdicts.unknown)} unknown`,
    ],
    ['Complete', run.complete ? 'yes: everything that was asked was answered' : 'NO: see what could not be read below'],
  ];
  return `<h2>The run</h2>\n${table(['', ''], rows)}`;
}

function clockText({ clock }: RunDocument): string {
  if (clock === undefined || clock === null) return 'not held against that of AWS';
  const { aheadSeconds: ahead } = clock;
  return Math.abs(ahead) < 2
    ? 'that of AWS, to the second'
    : `${String(Math.abs(ahead))} s ${ahead > 0 ? 'ahead of' : 'behind'} that of AWS`;
}

function* gaps({ coverage, run, errors }: ReportHeader): Generator<string> {
  yield '<h2>What could not be read</h2>\n';
  const open = coverage.filter(({ state }) => state !== 'complete');
  if (open.length === 0) yield run.complete ? '<p>Nothing.</p>\n' : '<p>The run ended before it had asked everything.</p>\n';
  else {
    yield '<div class="scroll"><table>\n<tr><th>Account</th><th>Region</th><th>Service</th><th>State</th><th>Why</th></tr>\n';
    for (const row of open) yield tableRow([row.account, row.region, row.service, row.state, whyOf(row)]);
    yield '</table></div>\n';
  }
  if (errors.length > 0) yield `<p class="warn">${String(errors.length)} verdicts are lacking because a rule failed.</p>\n`;
}

function whyOf({ reason, operations }: CoverageRow): string {
  const failed = operations.filter(({ errors }) => errors > 0);
  const named = failed.map(
    ({ operation, calls, errors, code }) => `${operation} ${code ?? ''} (${String(errors)} of ${String(calls)})`,
  );
  return [...(reason === null ? [] : [reason]), ...named].join('; ');
}

function* accounts({ header, document }: CoverFacts): Generator<string> {
  const asWhom = new Map(
    document.accounts.map(({ id, caller, chain, regions }) => [id, { caller, chain, regions: regions.length }]),
  );
  yield '<h2>Accounts</h2>\n<div class="scroll"><table>\n';
  yield '<tr><th>Account</th><th>Name</th><th>State</th><th>Read as</th><th>Regions</th><th>Baseline</th></tr>\n';
  for (const { id, name, state, reason } of header.scope.accounts) {
    const { caller = null, chain = [], regions = 0 } = asWhom.get(id) ?? {};
    const is = reason === null ? state : `${state}: ${reason}`;
    yield tableRow([
      id,
      name ?? '',
      is,
      chain.length > 1 ? chain.join(' → ') : (caller ?? 'nobody'),
      String(regions),
      header.run.baseline[id] ?? '',
    ]);
  }
  yield '</table></div>\n';
}

function digests({ manifest, manifestSha256 }: CoverFacts): string {
  const rows = [
    ['run/manifest.json', manifestSha256],
    [layout.config, manifest.config],
    ...(manifest.waivers === null ? [] : [[layout.waivers, manifest.waivers]]),
    ['The rules that judged, text and code', manifest.ruleSet],
    ['The scripts of atrest as it was installed', manifest.tool.package ?? 'it ran from its sources'],
  ] as const;
  return `<h2>Digests</h2>\n<p>SHA-256. Those of all files are in <code>${layout.sums}</code>.</p>\n${table(
    ['Of', 'Digest'],
    rows.map(([of = '', digest = '']) => [of, digest]),
  )}`;
}

function contents(): string {
  const rows = [
    ['run/', 'The run as it was written: what was asked of AWS and answered, coverage, findings, manifest'],
    ['reports/', 'Reports made from it for this pack'],
    ['rules/', 'A page for each rule that judged, and the options they were set to'],
    [
      `${layout.config}, ${layout.waivers}`,
      'The configuration and the waivers that the run was made with; without waivers there is no file',
    ],
    [layout.sums, 'The digest of every file but itself and those below signature/'],
    [
      'signature/',
      'A DSSE envelope with an in-toto Statement over every other file; what it signs and the signature once more, for openssl',
    ],
    [layout.verifier, 'A verifier to read and run: Node, no dependency'],
  ] as const;
  return `<h2>What is in the pack</h2>\n${table(['File', 'What'], rows)}`;
}

function verification({ signer, stamped }: CoverFacts): string {
  const key = 'KEY.pem';
  const [fingerprint, verify] = opensslCommands(signer?.algorithm ?? 'Ed25519', key);
  const signed =
    signer === null
      ? ''
      : `<p>The key that you were given has the fingerprint that you were told, and it signed what is in <code>${layout.signed}</code>:</p>
<pre id="openssl">${escape(fingerprint)}\n${escape(verify)}</pre>\n`;
  return `<h2>How to verify it</h2>
<p>In the folder of the pack. ${signer === null ? '' : `${key} is the public key of the signer, which came to you another way than this pack.`}</p>
${signed}${stamped ? timestampText(signer) : ''}<p>That statement names the list of digests (this prints 1), and every file has its digest:</p>
<pre id="sums">grep -c "$(openssl dgst -sha256 -r ${layout.sums} | cut -d' ' -f1)" ${layout.signed}
sha256sum --check --quiet ${layout.sums}</pre>
<p>All of this, files that were added, and whether the figures agree with one another:</p>
<pre>node ${layout.verifier} .${signer === null ? '' : ` --key ${key}`}</pre>
<p>With atrest, which also judges the stored inventory again and compares the findings:</p>
<pre>atrest evidence verify .${signer === null ? '' : ` --key ${key}`} --replay</pre>
`;
}

/** The certificate is that of an authority that the reader trusts with the time. */
function timestampText(signer: CoverFacts['signer']): string {
  const stamped = signer === null ? layout.signed : layout.bytes;
  return `<p>It was there at the time that this prints, says the time-stamping service whose certificate leads to that in TSA.pem:</p>
<pre id="timestamp">openssl ts -verify -data ${stamped} -in ${layout.timestamp} -CAfile TSA.pem
openssl ts -reply -in ${layout.timestamp} -text | grep '^Time stamp'</pre>\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const first = head.some((cell) => cell !== '') ? `<tr>${head.map((cell) => `<th>${escape(cell)}</th>`).join('')}</tr>\n` : '';
  return `<div class="scroll"><table>\n${first}${rows.map(tableRow).join('')}</table></div>\n`;
}

function tableRow(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>\n`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
