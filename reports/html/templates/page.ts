import { template } from '../template.js';
import type { Texts } from '../texts/index.js';

/** The head up to the style, which is not a template's business. */
export const headTemplate = template<{ policy: string; title: string; version: string; icon: string }>(
  (t) => `
<!DOCTYPE html>
<html lang="${t.lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{plain policy}}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="atrest {{plain version}}">
<title>{{plain title}}</title>
<link rel="icon" href="{{plain icon}}">
`,
);

/** The bar above everything. */
export const topTemplate = template<{ errors: boolean; changes: boolean; index: string }>(
  (t) => `
<a class="skip" href="#findings">${t.page.skip}</a>
<header class="top">
<p class="brand"><svg class="mark" aria-hidden="true" viewBox="0 0 16 16"><path d="M4.5 7V5a3.5 3.5 0 0 1 7 0v2H13v7.5H3V7zm1.7 0h3.6V5a1.8 1.8 0 0 0-3.6 0z"></path></svg>
<strong>atrest</strong> <span class="quiet">${t.page.tagline}</span></p>
<nav aria-label="${t.page.sections}">
{{#if index}}<a href="{{plain index}}">${t.split.all}</a>{{/if}}
<a href="#overview">${t.page.overview}</a>
<a href="#coverage">${t.page.coverage}</a>
<a href="#accounts">${t.page.accounts}</a>
<a href="#findings">${t.page.findings}</a>
{{#if changes}}<a href="#changes">${t.page.changes}</a>{{/if}}
<a href="#places">${t.page.places}</a>
<a href="#keys">${t.page.keys}</a>
<a href="#calendar">${t.page.calendar}</a>
<a href="#frameworks">${t.page.frameworks}</a>
<a href="#rules">${t.page.rules}</a>
{{#if errors}}<a href="#errors">${t.page.errors}</a>{{/if}}
</nav>
<button type="button" id="theme" class="button" hidden>${t.page.theme}</button>
</header>
<main>
`,
);

interface Foot {
  readonly id: string;
  readonly schema: string;
  readonly tool: string;
  readonly started: string;
  readonly startedAt: string;
  readonly finished: string;
  readonly finishedAt: string;
  /** The page over all accounts; empty: there is none. */
  readonly index: string;
  /** Empty: not known. */
  readonly manifest: string;
  /** Undefined: nobody signs. */
  readonly signedBy: { readonly algorithm: string; readonly fingerprint: string } | undefined;
}

const untranslated = ({ page }: Texts) => (page.untranslated === '' ? '' : `\n<p>${page.untranslated}</p>`);

export const footTemplate = template<Foot>(
  (t) => `
</main>
<footer class="foot">
<h2 class="unseen">${t.page.provenance}</h2>
<dl class="facts">
<div><dt>${t.page.run}</dt><dd><code>{{name id}}</code></dd></div>
<div><dt>${t.page.started}</dt><dd>{{#if startedAt}}<time datetime="{{plain startedAt}}">{{text started}} UTC</time>{{else}}{{text started}} UTC{{/if}}</dd></div>
<div><dt>${t.page.finished}</dt><dd>{{#if finishedAt}}<time datetime="{{plain finishedAt}}">{{text finished}} UTC</time>{{else}}{{text finished}} UTC{{/if}}</dd></div>
<div><dt>${t.page.schema}</dt><dd>{{text schema}}</dd></div>
<div><dt>${t.page.tool}</dt><dd>{{text tool}}</dd></div>
<div><dt>${t.page.manifest}</dt><dd>{{#if manifest}}${t.page.manifestIs}{{else}}${t.page.manifestNotKnown}{{/if}}</dd></div>
<div><dt>${t.page.signature}</dt><dd>{{#if signedBy}}${t.page.signed}{{else}}${t.unsigned}{{/if}}</dd></div>
</dl>
<p>${t.loadsNothing} {{#if index}}${t.page.wholeOfRun}{{else}}${t.page.whole}{{/if}}</p>${untranslated(t)}
</footer>
`,
);

export const pageEnd = '</body>\n</html>\n';
