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
import { instant, utc } from './text.js';
import { textsOf, type Texts } from './texts/index.js';
import { scriptTextsBlock } from './texts/script.js';
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
  const texts = await textsOf[source.language ?? 'en']();
  yield headTemplate(
    {
      policy: await contentPolicy(style, script),
      title: `${sentenceOf(header, texts)} – atrest, ${utc(header.run.startedAt).slice(0, 10)}`,
      version: header.tool.version,
      icon: favicon,
    },
    texts,
  );
  // Style and script are constants of this package, and the policy lets only these texts through. The texts come first, as the
  // script reads them where it starts; what is not to be run needs no leave.
  yield `<style>${style}</style>\n${scriptTextsBlock(texts)}\n<script>${script}</script>\n</head>\n<body>\n${sprite}\n`;
  yield topTemplate({ errors: header.errors.length > 0, changes: source.against !== undefined }, texts);
  yield overviewTemplate(overviewOf(header, texts), texts);
  const changes = source.against && (await changesOf(source.against));
  const changesView = changes && changesViewOf(header, changes, texts);
  if (changesView) yield sinceTemplate(changesView, texts);
  const digest = await digestOf(source.findings(), limits.findings);
  yield* coverage(header, digest, texts);
  yield accountsTemplate(accountsOf(header), texts);
  yield* findings(header, digest, texts);
  if (changesView) yield changesTemplate(changesView, texts);
  yield gridTemplate(gridOf(header, digest), texts);
  yield placesTemplate(placesOf(header, digest), texts);
  yield* keys(header, texts);
  yield calendarTemplate(calendarOf(header, texts), texts);
  yield frameworksTemplate({ frameworks: frameworksOf(header, digest, texts) }, texts);
  yield rulesTemplate(rulesOf(header, digest), texts);
  yield footTemplate(
    {
      id: header.run.id,
      schema: header.schemaVersion,
      tool: `${header.tool.name} ${header.tool.version}`,
      started: utc(header.run.startedAt),
      startedAt: instant(header.run.startedAt),
      finished: utc(header.run.finishedAt),
      finishedAt: instant(header.run.finishedAt),
      signedBy: header.signedBy,
    },
    texts,
  );
  if (digest.total > 0) {
    // Base64, which no markup can stand in.
    yield '<script type="text/plain" id="data">';
    yield* islandOf(source, digest, { changes });
    yield '</script>\n';
  }
  yield pageEnd;
}

function* coverage(header: ReportHeader, digest: Digest, texts: Texts): Generator<string> {
  const regions = regionColumns(header);
  yield matrixHead({ regions }, texts);
  for (const account of accountCoverage(header, regions, texts)) yield matrixAccount(account, texts);
  yield matrixFoot({ empty: header.coverage.length === 0 }, texts);
  yield gapsTemplate(gapsOf(header, digest.causes, texts), texts);
}

function* keys(header: ReportHeader, texts: Texts): Generator<string> {
  const view = keysOf(header, texts);
  yield keysHead(view, texts);
  for (const key of keysInFull(header, texts)) yield keyTemplate(key, texts);
  yield keysFoot(view, texts);
  yield lineageTemplate(lineageOf(header, texts), texts);
  yield '</section>\n';
}

function* findings(header: ReportHeader, digest: Digest, texts: Texts): Generator<string> {
  const { shown, total } = digest;
  yield findingsHead(
    {
      shown: shown.length,
      total,
      cut: shown.length < total,
      none: header.run.complete ? texts.findings.none : texts.findings.noneIncomplete,
    },
    texts,
  );
  for (const group of groupsOf(header, digest, texts)) {
    yield groupHead(group, texts);
    for (const place of group.places) yield placeTemplate(place, texts);
    yield groupFoot;
  }
  yield findingsFoot({ shown: shown.length }, texts);
}
