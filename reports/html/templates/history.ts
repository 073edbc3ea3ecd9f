import { template } from '../template.js';
import { banners } from './banners.js';
import type { HistoryView } from '../views/history.js';

/** The page over the runs of a history, between head and end. */
export const historyTemplate = template<HistoryView>(
  (t) => `
{{#*inline "columns"}}{{#each columns}}<path class="seg {{ref name}}" d="{{ref path}}"></path>{{/each}}{{/inline}}
<a class="skip" href="#runs">${t.history.skip}</a>
<header class="top">
<p class="brand"><svg class="mark" aria-hidden="true" viewBox="0 0 16 16"><path d="M4.5 7V5a3.5 3.5 0 0 1 7 0v2H13v7.5H3V7zm1.7 0h3.6V5a1.8 1.8 0 0 0-3.6 0z"></path></svg>
<strong>atrest</strong> <span class="quiet">${t.page.tagline}</span></p>
<nav aria-label="${t.page.sections}"><a href="#overview">${t.page.overview}</a><a href="#trends">${t.history.trends}</a><a href="#accounts">${t.page.accounts}</a><a href="#runs">${t.history.runTitle}</a></nav>
</header>
<main>
<section id="overview" aria-label="${t.overview.title}">
${banners}
{{#if notes}}<div class="warn">{{icon "error"}}<ul>{{#each notes}}<li>{{name this}}</li>{{/each}}</ul></div>{{/if}}
<dl class="facts scope">
{{#each facts}}
<div><dt>{{text label}}</dt><dd>{{name value}}{{#if note}} <small>{{name note}}</small>{{/if}}</dd></div>
{{/each}}
</dl>
</section>
<section id="trends" aria-labelledby="trends-title">
<h2 id="trends-title">${t.history.trends}</h2>
{{#if rows}}
<p class="lead">${t.history.trendLead}</p>
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
<thead><tr><th scope="col"><span class="unseen">${t.heads.what}</span></th><th scope="col" class="n">${t.history.first}</th><th scope="col" class="n">${t.history.before}</th><th scope="col" class="n">${t.history.newest}</th></tr></thead>
<tbody>
{{#each lines}}<tr><th scope="row">{{#if severity}}{{severity name}}{{else}}{{text label}}{{/if}}</th>{{#each values}}<td class="n">{{text this}}</td>{{/each}}</tr>
{{/each}}
</tbody>
</table>
</section>
{{/each}}
</div>
{{else}}
<p>${t.history.noRuns}</p>
{{/if}}
</section>
<section id="accounts" aria-labelledby="accounts-title">
<h2 id="accounts-title">${t.accounts.title}</h2>
{{#if accounts}}
<p class="lead">${t.history.accountLead}</p>
<section class="scroll" aria-label="${t.history.accountTable}" tabindex="0">
<table>
<thead><tr><th scope="col">${t.history.newestRun}</th><th scope="col">${t.heads.account}</th><th scope="col">${t.history.trend}</th><th scope="col" class="n">${t.heads.fail}</th><th scope="col" class="n">${t.heads.unknown}</th><th scope="col" class="n">${t.heads.gaps}</th><th scope="col" class="n">${t.heads.score}</th></tr></thead>
<tbody>
{{#each accounts}}<tr><td class="r">{{state state}}</td><th scope="row">{{name account}}</th><td><svg class="spark" role="img" aria-label="{{plain description}}" viewBox="0 0 {{ref chart.width}} 100" preserveAspectRatio="none" width="180" height="24">{{> columns chart}}</svg></td>{{#each values}}<td class="n">{{#if before}}<span class="quiet">{{text before}} →</span> {{/if}}{{text text}}</td>{{/each}}</tr>
{{/each}}
</tbody>
</table>
</section>
{{#if moreAccounts}}<p class="note">${t.history.moreAccounts}</p>{{/if}}
{{else}}
<p>${t.history.noAccounts}</p>
{{/if}}
</section>
<section id="runs" aria-labelledby="runs-title">
<h2 id="runs-title">${t.history.runTitle}</h2>
{{#if rows}}
<section class="scroll" aria-label="${t.history.runTable}" tabindex="0">
<table class="runs">
<thead><tr><th scope="col">${t.history.startedUtc}</th><th scope="col">${t.heads.state}</th><th scope="col" class="n">${t.heads.score}</th><th scope="col" class="n">${t.heads.critical}</th><th scope="col" class="n">${t.heads.high}</th><th scope="col" class="n">${t.heads.medium}</th><th scope="col" class="n">${t.heads.low}</th><th scope="col" class="n">${t.heads.info}</th><th scope="col" class="n">${t.history.allFails}</th><th scope="col" class="n">${t.heads.waived}</th><th scope="col" class="n">${t.heads.unknown}</th><th scope="col" class="n">${t.heads.gaps}</th><th scope="col" class="n">${t.heads.pass}</th><th scope="col" class="n">${t.history.resources}</th></tr></thead>
<tbody>
{{#each rows}}{{#if run}}{{#with run}}<tr><th scope="row" class="r">{{#if report}}<a href="{{ref report}}">{{text started}}</a>{{else}}{{text started}} <small>{{text kept}}</small>{{/if}}</th><td class="r">{{state state}}</td><td class="n">{{text score}}</td>{{#each figures}}<td class="n{{#if none}} zero{{/if}}">{{text text}}</td>{{/each}}</tr>{{/with}}{{else}}<tr class="none"><td colspan="14">{{text none}}</td></tr>{{/if}}
{{/each}}
</tbody>
</table>
</section>
{{#if moreRuns}}<p class="note">${t.history.moreRuns}</p>{{/if}}
{{else}}
<p>${t.history.nothing}</p>
{{/if}}
</section>
</main>
`,
);

export const historyFoot = template<{ tool: string; made: string }>(
  (t) => `
<footer class="foot">
<dl class="facts">
<div><dt>${t.history.made}</dt><dd>{{text made}} UTC</dd></div>
<div><dt>${t.page.tool}</dt><dd>{{text tool}}</dd></div>
<div><dt>${t.page.signature}</dt><dd>${t.unsigned}</dd></div>
</dl>
<p>${t.loadsNothing} ${t.history.from}</p>
</footer>
`,
);
