import type { ReportFormat, ReportHeader, ReportSource } from '#model/report.js';
import { inChunks } from '../chunks.js';
import { changesOf } from './changes.js';
import { digestOf, type Digest } from './digest.js';
import { islandOf } from './island/encode.js';
import { limits } from './limits.js';
import { contentPolicy } from './policy.js';
import { style } from './style/index.js';
import { calendarTemplate } from './templates/calendar.js';
import { changesTemplate, sinceTemplate } from './templates/changes.js';
import { gapsTemplate, matrixAccount, matrixFoot, matrixHead } from './templates/coverage.js';
import { findingsFoot, findingsHead, groupFoot, groupHead, placeTemplate } from './templates/findings.js';
import { frameworksTemplate } from './templates/frameworks.js';
import { gridTemplate } from './templates/grid.js';
import { favicon, sprite } from './templates/icons.js';
import { overviewTemplate } from './templates/overview.js';
import { footTemplate, headTemplate, pageEnd, topTemplate } from './templates/page.js';
import { keyTemplate, keysFoot, keysHead } from './templates/keys.js';
import { lineageTemplate } from './templates/lineage.js';
import { accountsTemplate, placesTemplate, rulesTemplate } from './templates/tables.js';
import { utc } from './text.js';
import { accountsOf } from './views/accounts.js';
import { calendarOf } from './views/calendar.js';
import { changesViewOf } from './views/changes.js';
import { accountCoverage, gapsOf, regionColumns } from './views/coverage.js';
import { groupsOf } from './views/findings.js';
import { frameworksOf } from './views/frameworks.js';
import { gridOf } from './views/grid.js';
import { keysInFull, keysOf } from './views/keys.js';
import { lineageOf } from './views/lineage.js';
import { overviewOf, sentenceOf } from './views/overview.js';
import { placesOf } from './views/places.js';
import { rulesOf } from './views/rules.js';

const script = __ATREST_REPORT_SCRIPT__;

/** `report.html`: one file that loads nothing, with the worst findings written out, data for its script and the counts of all. */
export const html: ReportFormat = {
  name: 'html',
  file: 'report.html',
  render: (source) => inChunks(pieces(source)),
};

async function* pieces(source: ReportSource): AsyncGenerator<string> {
  const { header } = source;
  yield headTemplate({
    policy: await contentPolicy(style, script),
    title: `${sentenceOf(header)} – atrest, ${utc(header.run.startedAt).slice(0, 10)}`,
    version: header.tool.version,
    icon: favicon,
  });
  // Neither is a value: both are constants of this package, and the policy lets only these texts through.
  yield `<style>${style}</style>\n<script>${script}</script>\n</head>\n<body>\n${sprite}\n`;
  yield topTemplate({ errors: header.errors.length > 0, changes: source.against !== undefined });
  yield overviewTemplate(overviewOf(header));
  const changes = source.against && (await changesOf(source.against));
  const changesView = changes && changesViewOf(header, changes);
  if (changesView) yield sinceTemplate(changesView);
  const digest = await digestOf(source.findings(), limits.findings);
  yield* coverage(header, digest);
  yield accountsTemplate(accountsOf(header));
  yield* findings(header, digest);
  if (changesView) yield changesTemplate(changesView);
  yield gridTemplate(gridOf(header, digest));
  yield placesTemplate(placesOf(header, digest));
  yield* keys(header);
  yield calendarTemplate(calendarOf(header));
  yield frameworksTemplate({ frameworks: frameworksOf(header, digest) });
  yield rulesTemplate(rulesOf(header, digest));
  yield footTemplate({
    id: header.run.id,
    schema: header.schemaVersion,
    tool: `${header.tool.name} ${header.tool.version}`,
    started: utc(header.run.startedAt),
    finished: utc(header.run.finishedAt),
    signedBy: header.signedBy,
  });
  if (digest.total > 0) {
    // Base64, which no markup can stand in.
    yield '<script type="text/plain" id="data">';
    yield* islandOf(source, digest, { changes });
    yield '</script>\n';
  }
  yield pageEnd;
}

function* coverage(header: ReportHeader, digest: Digest): Generator<string> {
  const regions = regionColumns(header);
  yield matrixHead({ regions });
  for (const account of accountCoverage(header, regions)) yield matrixAccount(account);
  yield matrixFoot({ empty: header.coverage.length === 0 });
  yield gapsTemplate(gapsOf(header, digest.causes));
}

function* keys(header: ReportHeader): Generator<string> {
  const view = keysOf(header);
  yield keysHead(view);
  for (const key of keysInFull(header)) yield keyTemplate(key);
  yield keysFoot(view);
  yield lineageTemplate(lineageOf(header));
  yield '</section>\n';
}

function* findings(header: ReportHeader, digest: Digest): Generator<string> {
  const { shown, total } = digest;
  yield findingsHead({
    shown: shown.length,
    total,
    cut: shown.length < total,
    none: noFindings(header),
  });
  for (const group of groupsOf(header, digest)) {
    yield groupHead(group);
    for (const place of group.places) yield placeTemplate(place);
    yield groupFoot;
  }
  yield findingsFoot({ shown: shown.length });
}

function noFindings({ run }: ReportHeader): string {
  return run.complete
    ? 'No finding: nothing failed and nothing stayed unknown.'
    : 'No finding, but the run is incomplete: see the coverage.';
}
