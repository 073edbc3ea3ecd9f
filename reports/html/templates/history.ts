import { template } from '../template.js';
import type { HistoryView } from '../views/history.js';

/** The page over the runs of a history, between head and end. */
export const historyTemplate = template<HistoryView>(`
{{#*inline "columns"}}{{#each columns}}<path class="seg {{ref name}}" d="{{ref path}}"></path>{{/each}}{{/inline}}
<a class="skip" href="#runs">Skip to the runs</a>
<header class="top">
<p class="brand"><svg class="mark" aria-hidden="true" viewBox="0 0 16 16"><path d="M4.5 7V5a3.5 3.5 0 0 1 7 0v2H13v7.5H3V7zm1.7 0h3.6V5a1.8 1.8 0 0 0-3.6 0z"></path></svg>
<strong>atrest</strong> <span class="quiet">encryption at rest</span></p>
<nav aria-label="Sections"><a href="#overview">Overview</a><a href="#trends">Trends</a><a href="#accounts">Accounts</a><a href="#runs">Runs</a></nav>
</header>
<main>
<section id="overview" aria-label="Overview">
<div class="verdicts">
<div class="banner {{ref verdict.tone}}">
<h1>{{icon verdict.icon}}{{text verdict.headline}}</h1>
{{#if verdict.parts}}<ul class="parts">{{#each verdict.parts}}<li>{{icon severity}}<b>{{num fail}}</b> {{text severity}}</li>{{/each}}</ul>{{/if}}
{{#if verdict.detail}}<p>{{text verdict.detail}}</p>{{/if}}
</div>
<div class="banner {{ref run.tone}}">
<h2>{{icon run.icon}}{{text run.headline}}</h2>
{{#if run.detail}}<p>{{text run.detail}}</p>{{/if}}
</div>
</div>
{{#if notes}}<div class="warn">{{icon "error"}}<ul>{{#each notes}}<li>{{name this}}</li>{{/each}}</ul></div>{{/if}}
<dl class="facts scope">
{{#each facts}}
<div><dt>{{text label}}</dt><dd>{{name value}}{{#if note}} <small>{{name note}}</small>{{/if}}</dd></div>
{{/each}}
</dl>
</section>
<section id="trends" aria-labelledby="trends-title">
<h2 id="trends-title">Trends</h2>
{{#if rows}}
<p class="lead">{{text period}}. Below each column: a line for a complete run, a block for one that is not; nothing where there was no run.</p>
<div class="trends">
{{#each trends}}
<section class="panel trend" aria-labelledby="{{ref id}}-title">
<h3 id="{{ref id}}-title">{{text title}}</h3>
<div class="plot">
<p class="most">{{text most}}</p>
<svg class="columns" role="img" aria-labelledby="{{ref id}}-name {{ref id}}-text" viewBox="0 0 {{ref chart.width}} 100" preserveAspectRatio="none" width="100%" height="120">
<title id="{{ref id}}-name">{{text title}}</title>
<desc id="{{ref id}}-text">{{text description}}</desc>
{{> columns chart}}
</svg>
<svg class="ticks" aria-hidden="true" viewBox="0 0 {{ref ticks.width}} 100" preserveAspectRatio="none" width="100%" height="9">{{> columns ticks}}</svg>
</div>
<table class="tight">
<thead><tr><th scope="col"><span class="unseen">What</span></th><th scope="col" class="n">First</th><th scope="col" class="n">Before</th><th scope="col" class="n">Newest</th></tr></thead>
<tbody>
{{#each lines}}<tr><th scope="row">{{#if severity}}{{severity name}}{{else}}{{text name}}{{/if}}</th>{{#each values}}<td class="n">{{text this}}</td>{{/each}}</tr>
{{/each}}
</tbody>
</table>
</section>
{{/each}}
</div>
{{else}}
<p>There is no run to show.</p>
{{/if}}
</section>
<section id="accounts" aria-labelledby="accounts-title">
<h2 id="accounts-title">Accounts</h2>
{{#if accounts}}
<p class="lead">Figures are those of the newest run; before the arrow stands what the account had in the first run shown. Columns are fails by severity with unknown verdicts on top, each account by its own measure.</p>
<section class="scroll" aria-label="Table of accounts" tabindex="0">
<table>
<thead><tr><th scope="col">Newest run</th><th scope="col">Account</th><th scope="col">Trend</th><th scope="col" class="n">Fail</th><th scope="col" class="n">Unknown</th><th scope="col" class="n">Gaps</th><th scope="col" class="n">Score</th></tr></thead>
<tbody>
{{#each accounts}}<tr><td class="r">{{state state}}</td><th scope="row">{{name account}}</th><td><svg class="spark" role="img" aria-label="{{plain description}}" viewBox="0 0 {{ref chart.width}} 100" preserveAspectRatio="none" width="180" height="24">{{> columns chart}}</svg></td>{{#each values}}<td class="n">{{#if before}}<span class="quiet">{{text before}} →</span> {{/if}}{{text text}}</td>{{/each}}</tr>
{{/each}}
</tbody>
</table>
</section>
{{#if moreAccounts}}<p class="note">{{num moreAccounts}} more are in <code>trend.ndjson</code>.</p>{{/if}}
{{else}}
<p>No account was scanned.</p>
{{/if}}
</section>
<section id="runs" aria-labelledby="runs-title">
<h2 id="runs-title">Runs</h2>
{{#if rows}}
<section class="scroll" aria-label="Table of runs" tabindex="0">
<table class="runs">
<thead><tr><th scope="col">Started, UTC</th><th scope="col">State</th><th scope="col" class="n">Score</th><th scope="col" class="n">Critical</th><th scope="col" class="n">High</th><th scope="col" class="n">Medium</th><th scope="col" class="n">Low</th><th scope="col" class="n">Info</th><th scope="col" class="n">All fails</th><th scope="col" class="n">Waived</th><th scope="col" class="n">Unknown</th><th scope="col" class="n">Gaps</th><th scope="col" class="n">Pass</th><th scope="col" class="n">Resources</th></tr></thead>
<tbody>
{{#each rows}}{{#if run}}{{#with run}}<tr><th scope="row" class="r">{{#if report}}<a href="{{ref report}}">{{text started}}</a>{{else}}{{text started}} <small>{{text kept}}</small>{{/if}}</th><td class="r">{{state state}}</td><td class="n">{{text score}}</td>{{#each figures}}<td class="n{{#if none}} zero{{/if}}">{{text text}}</td>{{/each}}</tr>{{/with}}{{else}}<tr class="none"><td colspan="14">{{text none}}</td></tr>{{/if}}
{{/each}}
</tbody>
</table>
</section>
{{#if moreRuns}}<p class="note">{{num moreRuns}} older runs are in <code>trend.ndjson</code>.</p>{{/if}}
{{else}}
<p>Nothing was stored here yet.</p>
{{/if}}
</section>
</main>
`);

export const historyFoot = template<{ tool: string; made: string }>(`
<footer class="foot">
<dl class="facts">
<div><dt>Made</dt><dd>{{text made}} UTC</dd></div>
<div><dt>Tool</dt><dd>{{text tool}}</dd></div>
<div><dt>Signature</dt><dd><strong>unsigned</strong>: nothing proves that this page is as it was written</dd></div>
</dl>
<p>This page loads nothing and sends nothing. It is made from <code>trend.ndjson</code> beside it, which has every figure; reports are linked where the history holds them.</p>
</footer>
`);
