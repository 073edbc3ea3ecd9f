import type { ReportFormat, ReportSource } from '#model/report.js';
import { inChunks } from '../chunks.js';
import { changesOf } from './changes.js';
import { digestOf } from './digest.js';
import { islandOf } from './island/encode.js';
import { packed } from './island/pack.js';
import { Later } from './later.js';
import { limits } from './limits.js';
import { contentPolicy } from './policy.js';
import * as sections from './sections.js';
import { style } from './style/index.js';
import { sinceTemplate } from './templates/changes.js';
import { favicon, sprite } from './templates/icons.js';
import { laterTemplate } from './templates/later.js';
import { overviewTemplate } from './templates/overview.js';
import { footTemplate, headTemplate, pageEnd, topTemplate } from './templates/page.js';
import { instant, utc } from './text.js';
import { textsOf } from './texts/index.js';
import { scriptTextsBlock } from './texts/script.js';
import { changesViewOf } from './views/changes.js';
import { overviewOf, sentenceOf } from './views/overview.js';

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
  const changes = source.against && (await changesOf(source.against));
  const changesView = changes && changesViewOf(header, changes, texts);
  const digest = await digestOf(source.findings(), limits.findings);
  const later = new Later(digest.total);
  const page = { header, digest, texts, later };
  function* body(): Generator<string> {
    yield topTemplate(
      { errors: header.errors.length > 0, changes: source.against !== undefined, index: source.index ?? '' },
      texts,
    );
    yield overviewTemplate(overviewOf(header, texts, source.manifestSha256), texts);
    if (changesView) yield sinceTemplate(changesView, texts);
    yield* sections.coverage(page);
    yield* sections.accounts(page);
    yield* sections.findings(page);
    if (changesView) yield* sections.changes(page, changesView);
    yield* sections.places(page);
    yield* sections.keys(page);
    yield* sections.calendar(page);
    yield* sections.frameworks(page);
    yield* sections.rules(page);
  }
  for (const piece of body()) {
    later.see(piece);
    yield piece;
  }
  yield laterTemplate({ targets: later.targets() }, texts);
  yield footTemplate(
    {
      id: header.run.id,
      schema: header.schemaVersion,
      tool: `${header.tool.name} ${header.tool.version}`,
      started: utc(header.run.startedAt),
      startedAt: instant(header.run.startedAt),
      finished: utc(header.run.finishedAt),
      finishedAt: instant(header.run.finishedAt),
      index: source.index ?? '',
      manifest: source.manifestSha256 ?? '',
      signedBy: header.signedBy,
    },
    texts,
  );
  // Base64, in which no markup can stand.
  if (!later.isEmpty) yield* block('later', packed(later.lines(), 9));
  if (digest.total > 0) yield* block('data', islandOf(source, digest, { changes }));
  yield pageEnd;
}

async function* block(id: string, data: AsyncIterable<string>): AsyncGenerator<string> {
  yield `<script type="text/plain" id="${id}">`;
  yield* data;
  yield '</script>\n';
}
