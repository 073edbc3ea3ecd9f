import { describe, expect, test } from 'vitest';
import { languages } from '#model/language.js';
import type { ReportSource } from '#model/report.js';
import { accountsPage } from '#reports/html/accounts-page.js';
import { historyPage } from '#reports/html/history.js';
import { html } from '#reports/html/render.js';
import { en } from '#reports/html/texts/en.js';
import { textsOf } from '#reports/html/texts/index.js';
import { comparedSource } from '../support/report-changes.js';
import { reportFixture } from '../support/report-fixture.js';
import { keyedReport } from '../support/report-keys.js';
import { englishIn, textsIn } from '../support/catalogues.js';
import { emptyReport, rendered, sourceOf } from '../support/report-parts.js';

/** What a text leaves to be filled in: paths that the template prints, and arguments. */
function placesIn([path, text]: readonly [string, string]): string {
  const printed = [...text.matchAll(/\{\{\w+ ([\w.]+)/g)].map(([, name]) => name);
  // The name of a month is no number everywhere.
  const given = path.includes('.month')
    ? []
    : [...text.replace(/\{\{.*?\}\}/g, '').matchAll(/\b1[1-3](?!\d)|\{\w+\}/g)].map(([all]) => all);
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
    const placesOf = (texts: object) =>
      // A language has the plurals that it has; all have this one.
      Object.fromEntries(
        [...textsIn(texts)].filter(([path]) => !/\.(zero|one|two|few|many)$/.test(path)).map((each) => [each[0], placesIn(each)]),
      );
    expect(placesOf(await textsOf[language]())).toEqual(placesOf(en));
  });

  test('leaves no English text of the catalogue on its pages', async () => {
    const english = await englishIn(language);
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
      ...[[], [{ file: 'accounts/1.html', header: report }]].map((reports) =>
        accountsPage({ header: report, reports, redact: ['arns'], language }),
      ),
    ];
    for (const page of pages) {
      const written = await rendered(page);
      expect(written).toContain(`<html lang="${language}">`);
      expect(english(wordsOf(written))).toEqual([]);
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

test('the script of the page holds no text of its own', () => {
  const literals = [...textsIn(en.script)].flatMap(([, text]) => text.split(/\{\w+\}/).map((literal) => literal.trim()));
  const sentences = literals.filter((literal) => literal.includes(' ') && !literal.includes(':'));
  expect(sentences.length).toBeGreaterThan(50);
  expect(sentences.filter((sentence) => __ATREST_REPORT_SCRIPT__.includes(sentence))).toEqual([]);
});
