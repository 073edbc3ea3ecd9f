import { describe, expect, test } from 'vitest';
import { languages } from '#model/language.js';
import type { ReportSource } from '#model/report.js';
import { historyPage } from '#reports/html/history.js';
import { html } from '#reports/html/render.js';
import { en } from '#reports/html/texts/en.js';
import { textsOf } from '#reports/html/texts/index.js';
import { comparedSource } from '../support/report-changes.js';
import { reportFixture } from '../support/report-fixture.js';
import { keyedReport } from '../support/report-keys.js';
import { emptyReport, rendered, sourceOf } from '../support/report-parts.js';

/** Every text of a catalogue by its path; a function by what it says of numbers that stand for nothing else. */
function* textsIn(texts: object, path = ''): Generator<readonly [path: string, text: string]> {
  for (const [name, value] of Object.entries(texts)) {
    const at = `${path}.${name}`;
    if (typeof value === 'string') yield [at, value];
    else if (typeof value === 'function') {
      const say = value as (...given: readonly number[]) => unknown;
      yield [at, String(say(...Array.from({ length: say.length }, (_, index) => 11 + index)))];
    } else yield* textsIn(value as object, at);
  }
}

/** What a report has of its own: a fact in the evidence of a finding, a reason of the comparison. */
const ofData = ['tags', 'the resource is not there any more'];

/** What a text leaves to be filled in: paths that the template prints, and arguments. */
function placesIn([path, text]: readonly [string, string]): string {
  const printed = [...text.matchAll(/\{\{\w+ ([\w.]+)/g)].map(([, name]) => name);
  // The name of a month is no number everywhere.
  const given = path.includes('.month')
    ? []
    : [...text.replace(/\{\{.*?\}\}/g, '').matchAll(/\b1[1-3](?!\d)/g)].map(([all]) => all);
  return [...printed, ...given].toSorted().join(' ');
}

/** What stands between the tags of a page and in the attributes that are read out, without names and figures of the run. */
function wordsOf(page: string): ReadonlySet<string> {
  const body = page.replace(/<(style|script)\b[^>]*>[^]*?<\/\1>/g, '');
  const read = [...body.matchAll(/\s(?:aria-label|title)="([^"]*)"/g)].map(([, text]) => text ?? '');
  return new Set([...body.split(/<[^>]*>/), ...read].map((text) => text.trim()));
}

describe.each(languages.filter((language) => language !== 'en'))('%s', (language) => {
  test('has every text with all that is to be filled in', async () => {
    const there = new Map([...textsIn(await textsOf[language]())].map((each) => [each[0], placesIn(each)]));
    expect(Object.fromEntries(there)).toEqual(Object.fromEntries([...textsIn(en)].map((each) => [each[0], placesIn(each)])));
  });

  test('leaves no English text of the catalogue on its pages', async () => {
    const texts = new Map(textsIn(await textsOf[language]()));
    const english = new Map(
      [...textsIn(en)]
        .filter(([path, text]) => text !== texts.get(path) && text !== '' && !text.includes('{{') && !ofData.includes(text))
        .map(([path, text]) => [text, path]),
    );
    const report = reportFixture();
    const sources: readonly ReportSource[] = [
      sourceOf(report),
      sourceOf({ ...report, errors: [{ rule: 'key/usable', resource: 'arn:aws:s3:::x', message: 'TypeError' }] }),
      sourceOf(keyedReport()),
      sourceOf(emptyReport()),
      comparedSource(),
    ];
    const pages = [
      ...sources.map((source) => html.render({ ...source, language })),
      historyPage({ runs: [], damaged: 1, now: new Date('2026-11-23T03:00:00Z'), language }, '9.9.9'),
    ];
    for (const page of pages) {
      const written = await rendered(page);
      expect(written).toContain(`<html lang="${language}">`);
      expect(
        [...wordsOf(written)].filter((text) => english.has(text)).map((text) => `${english.get(text) ?? ''}: ${text}`),
      ).toEqual([]);
    }
  });

  test('says which texts stay English', async () => {
    const { page } = await textsOf[language]();
    expect(await rendered(html.render({ ...sourceOf(emptyReport()), language }))).toContain(`<p>${page.untranslated}</p>`);
  });
});

test('the English page has nothing to say of languages', async () => {
  expect(en.page.untranslated).toBe('');
  expect(await rendered(html.render(sourceOf(emptyReport())))).not.toContain('<p></p>');
});
