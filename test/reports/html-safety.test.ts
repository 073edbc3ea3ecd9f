import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import Handlebars from 'handlebars';
import { HtmlValidate } from 'html-validate';
import { describe, expect, test } from 'vitest';
import { accountsPage } from '#reports/html/accounts-page.js';
import { html } from '#reports/html/render.js';
import { languages } from '#model/language.js';
import { httpsUrl, type Template } from '#reports/html/template.js';
import { textsOf } from '#reports/html/texts/index.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { keptIn } from '../support/kept.js';
import { reportFixture } from '../support/report-fixture.js';
import { keyedReport } from '../support/report-keys.js';
import { emptyReport, rendered, sourceOf } from '../support/report-parts.js';
import { cleanReport, hostileReport, unknownReport } from '../support/report-variants.js';

const tags = new Set(
  'a b bdi body br button caption code dd defs desc details div dl dt footer h1 h2 h3 h4 h5 head header html i input label li link main meta nav p path pattern pre rect script section small span strong style summary svg symbol table tbody td text th thead time title tr ul use'.split(
    ' ',
  ),
);
const attributes = new Set(
  'aria-hidden aria-keyshortcuts aria-label aria-labelledby aria-pressed autocomplete charset class colspan content d datetime data-account data-later data-s data-severity data-v data-verdict dx fill-rule for height hidden href http-equiv id lang name open patternTransform patternUnits placeholder rel role rowspan rx scope tabindex type viewBox width x y'.split(
    ' ',
  ),
);
const tag = /<(\/?)([a-zA-Z0-9]+)((?:\s[a-zA-Z-]+(?:="[^"<>]*")?)*)>/y;

/** What in a page is not markup of ours: a bracket, a tag, an attribute, an address or an unseen character too many. */
function intrusions(page: string): string[] {
  const found: string[] = [];
  const body = page.replace(/^<!DOCTYPE html>\n/, '').replace(/<(style|script)>[^]*?<\/\1>/g, '');
  for (const { index } of body.matchAll(/</g)) {
    tag.lastIndex = index;
    const match = tag.exec(body);
    if (match === null || !tags.has(match[2] ?? '')) found.push(body.slice(index, index + 60));
    for (const [, name, value] of (match?.[3] ?? '').matchAll(/\s([a-zA-Z-]+)(?:="([^"]*)")?/g)) {
      if (!attributes.has(name ?? '')) found.push(`attribute ${name ?? ''}`);
      if (
        name === 'href' &&
        !/^(#[\w.=&%*+-]+|https:\/\/[^\s]+|data:image\/svg\+xml,.*)$/.test(
          (value ?? '').replaceAll('&amp;', '&').replaceAll('&#x3D;', '='),
        )
      )
        found.push(`address ${value ?? ''}`);
    }
  }
  const unseen = page.match(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu,
  );
  return [...found, ...(unseen ?? []).map((character) => `unseen ${character.codePointAt(0)?.toString(16) ?? ''}`)];
}

describe('hostile texts', () => {
  test('stay text', async () => {
    for (const text of hostileTexts) expect(intrusions(await rendered(html.render(sourceOf(hostileReport([text])))))).toEqual([]);
  });

  test('stay text in what is kept for the script', async () => {
    for (const text of hostileTexts) {
      const { keys, ...report } = hostileReport([text]);
      const many = Array.from({ length: 30 }, () => keys).flat();
      const kept = await keptIn(sourceOf({ ...report, keys: many }));
      expect(kept.get('keys')).toBeDefined();
      for (const markup of kept.values()) expect(intrusions(markup)).toEqual([]);
    }
  });

  test('stay text on the page over accounts', async () => {
    for (const text of hostileTexts) {
      const report = hostileReport([text]);
      const reports = report.scope.accounts.map((account) => ({
        file: 'accounts/1.html',
        header: { ...report, scope: { ...report.scope, accounts: [account] } },
      }));
      const page = await rendered(accountsPage({ header: report, reports, redact: [] }));
      expect(intrusions(page).filter((each) => each !== 'address accounts/1.html')).toEqual([]);
    }
  });

  test('stay text in another language', async () => {
    const source = { ...sourceOf(hostileReport(hostileTexts)), language: 'ko' } as const;
    expect(intrusions(await rendered(html.render(source)))).toEqual([]);
  });

  test('whatever they are', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({
        unit: fc.constantFrom('<', '>', '"', "'", '`', '=', '&', '/', '{', '}', ' ', '\n', 'script', 'on', '\u202e'),
        maxLength: 30,
      }),
      fc.constantFrom(...hostileTexts),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 12 }), async (texts) => {
        expect(intrusions(await rendered(html.render(sourceOf(hostileReport(texts)))))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test('are shown with what cannot be seen written out', async () => {
    const page = await rendered(html.render(sourceOf(hostileReport(['a\u202eb<i>']))));
    expect(page).toContain('<bdi>a<span class="esc">\\u202e</span>b&lt;i&gt;</bdi>');
  });
});

test.each([
  ['https://docs.aws.amazon.com/kms/', 'https://docs.aws.amazon.com/kms/'],
  ['HTTPS://EXAMPLE.com/a b"c', 'https://example.com/a%20b%22c'],
  ['http://docs.aws.amazon.com/', undefined],
  ['javascript:alert(1)', undefined],
  ['java\nscript:alert(1)', undefined],
  ['data:text/html,x', undefined],
  ['//evil.example', undefined],
  ['https://user:word@evil.example/', undefined],
  ['', undefined],
])('%j links to %j', (address, target) => {
  expect(httpsUrl(address)).toBe(target);
});

describe('templates', () => {
  const folder = new URL('../../reports/html/templates/', import.meta.url);
  const sources = readdirSync(folder).map((file) => ({ file, source: readFileSync(new URL(file, folder), 'utf8') }));
  const texts: (readonly [string, string])[] = [];

  test('are all found, in every language', async () => {
    for (const { file, source } of sources) {
      const module = (await import(new URL(file, folder).href)) as Readonly<Record<string, unknown>>;
      const found = Object.values(module).filter(
        (each): each is Template<unknown> => typeof each === 'function' && 'source' in each,
      );
      expect(found.length).toBe(source.match(/= template</g)?.length ?? 0);
      for (const language of languages) {
        const words = await textsOf[language]();
        texts.push(...found.map((each, index) => [`${language} ${file} ${index}`, each.source(words)] as const));
      }
    }
    expect(texts.length).toBeGreaterThan(40);
  });

  test('print through helpers alone, with quoted attributes', () => {
    for (const [name, text] of texts) {
      expect(text, name).not.toMatch(/\{\{\{|\{\{&|=\{\{/);
      const bare: string[] = [];
      class Prints extends Handlebars.Visitor {
        override MustacheStatement(statement: hbs.AST.MustacheStatement): void {
          if (statement.params.length === 0) bare.push((statement.path as hbs.AST.PathExpression).original);
        }
      }
      new Prints().accept(Handlebars.parse(text));
      expect(bare, name).toEqual([]);
    }
  });
});

async function expectValid(page: string): Promise<void> {
  const { results } = await new HtmlValidate({ extends: ['html-validate:recommended'] }).validateString(page);
  const messages = results.flatMap((result) =>
    result.messages.map(({ ruleId, message, line, column }) => `${ruleId}: ${message} (${line}:${column})`),
  );
  expect([...new Set(messages)].slice(0, 20)).toEqual([]);
}

test('pages are valid HTML', async () => {
  for (const report of [
    reportFixture({ count: 60 }),
    keyedReport(),
    emptyReport(),
    cleanReport(),
    unknownReport(),
    hostileReport(hostileTexts),
  ]) {
    await expectValid(await rendered(html.render(sourceOf(report))));
  }
  await expectValid(await rendered(html.render({ ...sourceOf(keyedReport()), language: 'ko' })));
});
