import { template } from '../template.js';

/** The head up to the style, which is not a template's business. */
export const headTemplate = template<{ policy: string; title: string; version: string; icon: string }>(`
<!DOCTYPE html>
<html lang="en">
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
`);

/** The bar above everything. */
export const topTemplate = template<{ errors: boolean; changes: boolean }>(`
<a class="skip" href="#findings">Skip to the findings</a>
<header class="top">
<p class="brand"><svg class="mark" aria-hidden="true" viewBox="0 0 16 16"><path d="M4.5 7V5a3.5 3.5 0 0 1 7 0v2H13v7.5H3V7zm1.7 0h3.6V5a1.8 1.8 0 0 0-3.6 0z"></path></svg>
<strong>atrest</strong> <span class="quiet">encryption at rest</span></p>
<nav aria-label="Sections">
<a href="#overview">Overview</a>
<a href="#coverage">Coverage</a>
<a href="#accounts">Accounts</a>
<a href="#findings">Findings</a>
{{#if changes}}<a href="#changes">Changes</a>{{/if}}
<a href="#places">By place</a>
<a href="#keys">Keys</a>
<a href="#calendar">Due</a>
<a href="#frameworks">Frameworks</a>
<a href="#rules">Rules</a>
{{#if errors}}<a href="#errors">Rule errors</a>{{/if}}
</nav>
<button type="button" id="theme" class="button" hidden>Theme: system</button>
</header>
<main>
`);

interface Foot {
  readonly id: string;
  readonly schema: string;
  readonly tool: string;
  readonly started: string;
  readonly finished: string;
  /** Undefined: nobody signs. */
  readonly signedBy: { readonly algorithm: string; readonly fingerprint: string } | undefined;
}

export const footTemplate = template<Foot>(`
</main>
<footer class="foot">
<h2 class="unseen">Provenance</h2>
<dl class="facts">
<div><dt>Run</dt><dd><code>{{name id}}</code></dd></div>
<div><dt>Started</dt><dd>{{text started}} UTC</dd></div>
<div><dt>Finished</dt><dd>{{text finished}} UTC</dd></div>
<div><dt>Report schema</dt><dd>{{text schema}}</dd></div>
<div><dt>Tool</dt><dd>{{text tool}}</dd></div>
<div><dt>Signature</dt><dd>{{#if signedBy}}that of the evidence pack this page belongs to, {{text signedBy.algorithm}}, by the key <code>sha256:{{text signedBy.fingerprint}}</code>: the pack has to be verified, the page cannot vouch for itself{{else}}<strong>unsigned</strong>: nothing proves that this page is as it was written{{/if}}</dd></div>
</dl>
<p>This page loads nothing and sends nothing. The whole result is in <code>report.json</code> and <code>findings.ndjson.gz</code> beside it.</p>
</footer>
`);

export const pageEnd = '</body>\n</html>\n';
