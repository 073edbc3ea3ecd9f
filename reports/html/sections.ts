import type { ReportHeader } from '#model/report.js';
import type { Digest } from './digest.js';
import type { Later, Share } from './later.js';
import { limits } from './limits.js';
import type { Template } from './template.js';
import { calendarFoot, calendarHead, monthTemplate } from './templates/calendar.js';
import { changesFoot, changesHead, endedRow } from './templates/changes.js';
import * as cover from './templates/coverage.js';
import { findingsFoot, findingsHead, groupFoot, groupHead, placeTemplate } from './templates/findings.js';
import { controlRow, frameworkFoot, frameworkHead, frameworksHead } from './templates/frameworks.js';
import { gridFoot, gridHead, gridRow } from './templates/grid.js';
import { keyLine, keyLinesHead, keysFoot, keysHead, keyTemplate, lossesHead, lossRow } from './templates/keys.js';
import { chainTemplate, lineageFoot, lineageHead } from './templates/lineage.js';
import * as tables from './templates/tables.js';
import type { Texts } from './texts/index.js';
import { accountsOf } from './views/accounts.js';
import { calendarOf } from './views/calendar.js';
import type { ChangesView } from './views/changes.js';
import { gapsOf, matrixOf, regionColumns } from './views/coverage.js';
import { brief, groupsOf } from './views/findings.js';
import { frameworksOf } from './views/frameworks.js';
import { gridOf } from './views/grid.js';
import { keysInFull, keysOf } from './views/keys.js';
import { lineageOf } from './views/lineage.js';
import { placesOf } from './views/places.js';
import { rulesOf } from './views/rules.js';

/** What a section is made from. */
export interface Page {
  readonly header: ReportHeader;
  readonly digest: Digest;
  readonly texts: Texts;
  readonly later: Later;
}

function* each<View>(template: Template<View>, views: Iterable<View>, texts: Texts): Generator<string> {
  for (const view of views) yield template(view, texts);
}

/** The rows of a table, as far as its share of the page goes; answers how many are kept. */
function* rows<View>(
  { later, texts }: Page,
  share: Share,
  template: Template<View>,
  views: Iterable<View>,
  place: string = share,
): Generator<string, { readonly kept: number }> {
  yield* later.first(share, each(template, views, texts), place);
  return { kept: later.count(place) };
}

/** Matrix, gaps, causes. */
export function* coverage(page: Page): Generator<string> {
  const { header, digest, texts } = page;
  const regions = regionColumns(header);
  const matrix = matrixOf(header, regions, digest.total, texts);
  yield cover.matrixHead({ regions }, texts);
  yield* each(cover.matrixAccount, matrix.accounts, texts);
  for (const [index, view] of matrix.folded.entries()) {
    const place = `alike${index}`;
    yield cover.matrixFolded({ ...view, place }, texts);
    const kept = yield* rows(page, 'alike', cover.alikeAccount, view.several ? view.accounts : [], place);
    yield cover.matrixFoldedFoot({ ...view, ...kept }, texts);
  }
  yield cover.matrixFoot({ empty: header.coverage.length === 0 }, texts);
  const gaps = gapsOf(header, digest.causes, texts);
  yield cover.gapsHead(gaps, texts);
  const keptGaps = yield* rows(page, 'gaps', cover.gapRow, gaps.rows);
  yield cover.causesHead({ ...gaps, ...keptGaps }, texts);
  const keptCauses = yield* rows(page, 'causes', cover.causeRow, gaps.causes);
  yield cover.causesFoot({ ...gaps, ...keptCauses }, texts);
}

/** Accounts in scope, those that were not scanned first. */
export function* accounts(page: Page): Generator<string> {
  const { header, texts } = page;
  const view = accountsOf(header);
  yield tables.accountsHead(view, texts);
  const missed = yield* rows(page, 'accounts', tables.missedAccount, view.missed, 'missed');
  yield tables.accountsMiddle({ ...view, ...missed }, texts);
  const scanned = yield* rows(page, 'accounts', tables.scannedAccount, view.scanned);
  yield tables.accountsFoot({ ...view, ...scanned }, texts);
}

/** The worst findings: the first with all that is known of them, the others without evidence and commands. */
export function* findings({ header, digest, texts }: Page): Generator<string> {
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
  let room: number = limits.findingsInFull;
  let briefly = 0;
  for (const group of groupsOf(header, digest, texts)) {
    yield groupHead(group, texts);
    for (const place of group.places) {
      const piece = placeTemplate(room > 0 ? place : brief(place), texts);
      if (room <= 0) briefly += place.count;
      room -= Buffer.byteLength(piece);
      yield piece;
    }
    yield groupFoot;
  }
  yield findingsFoot({ shown: shown.length, briefly }, texts);
}

/** What there is no finding of any more. */
export function* changes(page: Page, view: ChangesView): Generator<string> {
  const { texts } = page;
  yield changesHead(view, texts);
  const ended = yield* rows(page, 'ended', endedRow, view.ended);
  yield changesFoot({ ...view, ...ended }, texts);
}

/** Findings by account and service, and by account and region. */
export function* places(page: Page): Generator<string> {
  const { header, digest, texts } = page;
  const grid = gridOf(header, digest);
  if (grid.rows.length > 0) {
    yield gridHead(grid, texts);
    const kept = yield* rows(page, 'grid', gridRow, grid.rows);
    yield gridFoot({ ...grid, ...kept }, texts);
  }
  const view = placesOf(header, digest);
  yield tables.placesHead(view, texts);
  const kept = yield* rows(page, 'places', tables.placeRow, view.rows);
  yield tables.placesFoot({ ...view, ...kept }, texts);
}

/** Keys in full and in a line, what breaks without them, and copies of snapshots. */
export function* keys(page: Page): Generator<string> {
  const { header, texts } = page;
  const view = keysOf(header, texts);
  yield keysHead(view, texts);
  const { kept } = yield* rows(page, 'keys', keyTemplate, keysInFull(header, texts));
  yield lossesHead({ ...view, kept }, texts);
  const losses = yield* rows(page, 'losses', lossRow, view.losses);
  // Every key has its place in what a reader without scripts is given.
  const lines = { ...view, rows: view.rows.slice(view.inFull - kept) };
  yield keyLinesHead({ ...lines, ...losses }, texts);
  const keptLines = yield* rows(page, 'keyLines', keyLine, lines.rows);
  yield keysFoot({ ...lines, ...keptLines }, texts);
  const lineage = lineageOf(header, texts);
  yield lineageHead(lineage, texts);
  const chains = yield* rows(page, 'chains', chainTemplate, lineage.chains);
  yield lineageFoot({ ...lineage, ...chains }, texts);
  yield '</section>\n';
}

/** What comes due. */
export function* calendar(page: Page): Generator<string> {
  const view = calendarOf(page.header, page.texts);
  yield calendarHead(view, page.texts);
  const kept = yield* rows(page, 'due', monthTemplate, view.months);
  yield calendarFoot({ ...view, ...kept }, page.texts);
}

/** Frameworks, control by control. */
export function* frameworks(page: Page): Generator<string> {
  const { header, digest, texts } = page;
  const views = frameworksOf(header, digest, texts);
  yield frameworksHead({ frameworks: views }, texts);
  for (const view of views) {
    yield frameworkHead(view, texts);
    const kept = yield* rows(page, 'controls', controlRow, view.controls, view.id);
    yield frameworkFoot(kept, texts);
  }
  yield '</section>\n';
}

/** Every rule, and those that broke. */
export function* rules(page: Page): Generator<string> {
  const { header, digest, texts } = page;
  const view = rulesOf(header, digest);
  yield tables.rulesTemplate(view, texts);
  if (view.errors.length === 0) return;
  yield tables.errorsHead(view, texts);
  const kept = yield* rows(page, 'errors', tables.errorRow, view.errors);
  yield tables.errorsFoot({ ...view, ...kept }, texts);
}
