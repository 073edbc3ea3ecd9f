import { template } from '../template.js';
import { banners } from './banners.js';
import type { OverviewView } from '../views/overview.js';

/** The first screen: verdict, scope, counts, score, gaps. */
export const overviewTemplate = template<OverviewView>(
  (t) => `
<section id="overview" aria-label="${t.overview.title}">
${banners}
{{#if redacted}}<div class="warn">{{icon "not-applicable"}}<p>{{text redacted}}</p></div>{{/if}}
{{#if waivers}}<div class="warn">{{icon "error"}}<ul>{{#each waivers}}<li>{{name this}}</li>{{/each}}{{#if moreWaivers}}<li>${t.overview.moreWaivers}</li>{{/if}}</ul></div>{{/if}}
<dl class="facts scope">
{{#each facts}}
<div><dt>{{text label}}</dt><dd><span>{{#if at}}<time datetime="{{plain at}}">{{name value}}</time>{{else}}{{name value}}{{/if}}</span>{{#if note}} <small>{{name note}}</small>{{/if}}</dd></div>
{{/each}}
</dl>
<p class="paper">{{#if manifest}}${t.overview.manifest} {{/if}}{{#if signedBy}}${t.overview.signedBy}{{else}}${t.unsigned}{{/if}}</p>
<div class="first">
<section class="panel counts" aria-labelledby="counts-title">
<h2 id="counts-title">${t.overview.verdicts}</h2>
<svg class="bar" role="img" aria-labelledby="bar-title bar-text" width="100%" height="26">
<title id="bar-title">{{text bar.title}}</title>
<desc id="bar-text">{{text bar.description}}</desc>
<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="7" height="7"></rect><rect class="hatch-line" width="2.5" height="7"></rect></pattern></defs>
{{#each bar.segments}}<rect class="seg {{ref name}}" x="{{ref x}}" y="0" width="{{ref width}}" height="26"></rect>{{/each}}
</svg>
<div class="tables">
<table class="tight">
<caption class="unseen">${t.overview.bySeverity}</caption>
<thead><tr><th scope="col">${t.heads.severity}</th><th scope="col" class="n">${t.heads.fail}</th>{{#if totals.waived}}<th scope="col" class="n">${t.heads.waived}</th>{{/if}}<th scope="col" class="n">${t.heads.unknown}</th></tr></thead>
<tbody>
{{#each lines}}<tr{{#unless any}} class="off"{{/unless}}><th scope="row">{{severity severity}}</th>{{cell fail}}{{#if @root.totals.waived}}<td class="n">{{num waived}}</td>{{/if}}{{cell unknown}}</tr>
{{/each}}
</tbody>
</table>
<table class="tight">
<caption class="unseen">${t.overview.allVerdicts}</caption>
<thead><tr><th scope="col">${t.heads.verdict}</th><th scope="col" class="n">${t.heads.count}</th></tr></thead>
<tbody>
<tr{{#unless totals.fail}} class="off"{{/unless}}><th scope="row">{{verdict "fail"}}</th>{{cell totals.fail}}</tr>
<tr{{#unless totals.unknown}} class="off"{{/unless}}><th scope="row">{{verdict "unknown"}}</th>{{cell totals.unknown}}</tr>
<tr{{#unless totals.pass}} class="off"{{/unless}}><th scope="row">{{verdict "pass"}}</th>{{cell totals.pass}}</tr>
<tr{{#unless totals.notApplicable}} class="off"{{/unless}}><th scope="row">{{verdict "not-applicable"}}</th>{{cell totals.notApplicable}}</tr>
<tr{{#unless totals.error}} class="off"{{/unless}}><th scope="row">{{verdict "error"}}</th>{{cell totals.error}}</tr>
</tbody>
</table>
</div>
{{#with earlier}}
<div class="earlier">
<div>
<h3 id="earlier-title">{{text heading}}</h3>
<svg class="spark" role="img" aria-labelledby="earlier-name earlier-text" viewBox="0 0 {{ref chart.width}} 100" preserveAspectRatio="none" width="100%" height="84">
<title id="earlier-name">{{text title}}</title>
<desc id="earlier-text">{{text description}}</desc>
{{#each chart.columns}}<path class="seg {{ref name}}" d="{{ref path}}"></path>{{/each}}
</svg>
{{#if ticks.columns}}<svg class="ticks" aria-hidden="true" viewBox="0 0 {{ref chart.width}} 100" preserveAspectRatio="none" width="100%" height="6">{{#each ticks.columns}}<path class="seg {{ref name}}" d="{{ref path}}"></path>{{/each}}</svg>
<p>${t.earlier.incomplete}</p>{{/if}}
</div>
<table class="tight" aria-labelledby="earlier-title"><thead><tr><th scope="col"><span class="unseen">${t.heads.what}</span></th><th scope="col" class="n">${t.overview.before}</th><th scope="col" class="n">${t.overview.now}</th></tr></thead><tbody>{{#each rows}}<tr><th scope="row">{{text what}}</th><td class="n">{{text before}}</td><td class="n">{{text now}}</td></tr>{{/each}}</tbody></table>
</div>
{{/with}}
</section>
<section class="panel score" aria-labelledby="score-title">
<h2 id="score-title">${t.overview.score}</h2>
<p class="figure">{{text score.value}}</p>
<p>{{text score.basis}}</p>
<table class="tight"><caption>${t.overview.leftOut}</caption><tbody>{{#each score.leftOut}}<tr><th scope="row">{{text what}}</th>{{cell count}}</tr>{{/each}}</tbody></table>
</section>
<section class="panel gapbox" aria-labelledby="gapbox-title">
<h2 id="gapbox-title">${t.overview.gaps}</h2>
{{#if gaps}}
<ul class="gaps">
{{#each gaps}}<li><a href="#{{ref target}}">{{state state}}</a><div>${t.overview.gap}</div></li>
{{/each}}
</ul>
{{#if moreGaps}}<p><a href="#gaps">${t.overview.moreGaps}</a></p>{{/if}}
{{else}}
<p>{{text noGaps}}</p>
{{/if}}
</section>
</div>
</section>
`,
);
