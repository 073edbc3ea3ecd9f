import { template } from '../template.js';
import type { AccountsView } from '../views/accounts.js';
import type { PlacesView } from '../views/places.js';
import type { RulesView } from '../views/rules.js';

export const accountsTemplate = template<AccountsView>(
  (t) => `
{{#*inline "head"}}<th scope="col">${t.heads.account}</th><th scope="col">${t.heads.name}</th><th scope="col">${t.heads.path}</th><th scope="col">${t.heads.baseline}</th>{{/inline}}
{{#*inline "account"}}<td><code>{{name id}}</code></td><td>{{#if name}}{{name name}}{{/if}}</td><td>{{#if path}}{{name path}}{{/if}}</td><td>{{#if baseline}}{{name baseline}}{{/if}}</td>{{/inline}}
<section id="accounts" aria-labelledby="accounts-title">
<h2 id="accounts-title">${t.accounts.title}</h2>
{{#if missed}}
<h3>${t.accounts.missed}</h3>
<section class="scroll" aria-label="${t.accounts.missedTable}" tabindex="0"><table>
<thead><tr><th scope="col">${t.heads.state}</th>{{> head}}<th scope="col">${t.heads.reason}</th></tr></thead>
<tbody>
{{#each missed}}<tr><td class="r">{{state state}}</td>{{> account}}<td>{{#if reason}}{{name reason}}{{/if}}</td></tr>
{{/each}}
</tbody>
</table></section>
{{else}}
<p>{{#if scanned}}${t.accounts.allScanned}{{else}}${t.accounts.none}{{/if}}</p>
{{/if}}
{{#if scanned}}
<details class="more"><summary>${t.accounts.scanned}</summary>
<section class="scroll" aria-label="${t.accounts.scannedTable}" tabindex="0"><table>
<thead><tr>{{> head}}<th scope="col">${t.heads.caller}</th></tr></thead>
<tbody>
{{#each scanned}}<tr>{{> account}}<td>{{#if caller}}<code>{{name caller}}</code>{{/if}}</td></tr>
{{/each}}
</tbody>
</table></section>
</details>
{{/if}}
</section>
`,
);

export const placesTemplate = template<PlacesView>(
  (t) => `
<section id="places" aria-labelledby="places-title">
<h2 id="places-title">${t.places.title}</h2>
{{#if rows}}
<section class="scroll" aria-label="${t.places.table}" tabindex="0">
<table class="figs">
<thead><tr><th scope="col">${t.heads.account}</th><th scope="col">${t.heads.region}</th><th scope="col" class="n">${t.heads.critical}</th><th scope="col" class="n">${t.heads.high}</th><th scope="col" class="n">${t.heads.medium}</th><th scope="col" class="n">${t.heads.low}</th><th scope="col" class="n">${t.heads.info}</th><th scope="col" class="n">${t.heads.unknown}</th><th scope="col">${t.heads.rules}</th></tr></thead>
<tbody>
{{#each rows}}<tr{{#if anchor}} id="{{ref anchor}}"{{/if}}><th scope="row">{{name account}}</th><td class="r">{{name region}}</td>{{#each counts}}{{fig this}}{{/each}}{{fig unknown}}<td class="links">{{#each rules}}{{#if target}}<a href="#{{ref target}}">{{name rule}}&nbsp;<b>{{num count}}</b></a>{{else}}<span>{{name rule}}&nbsp;<b>{{num count}}</b></span>{{/if}} {{/each}}{{#if more}}<span class="quiet">${t.places.moreRules}</span>{{/if}}</td></tr>
{{/each}}
</tbody>
</table>
</section>
{{#if moreRows}}<p class="note">${t.places.moreRows}</p>{{/if}}
{{else}}
<p>${t.places.none}</p>
{{/if}}
</section>
`,
);

export const rulesTemplate = template<RulesView>(
  (t) => `
<section id="rules" aria-labelledby="rules-title">
<h2 id="rules-title">${t.rules.title}</h2>
{{#if rows}}
<section class="scroll" aria-label="${t.rules.table}" tabindex="0">
<table class="figs">
<thead><tr><th scope="col">${t.heads.severity}</th><th scope="col">${t.heads.rule}</th><th scope="col" class="n">${t.heads.fail}</th><th scope="col" class="n">${t.heads.unknown}</th><th scope="col" class="n">${t.heads.pass}</th><th scope="col" class="n">${t.heads.notApplicable}</th><th scope="col" class="n">${t.heads.error}</th><th scope="col">${t.heads.source}</th></tr></thead>
<tbody>
{{#each rows}}<tr{{#if anchor}} id="{{ref anchor}}"{{/if}}><td class="r">{{severity severity}}</td><th scope="row">{{#if target}}<a href="#{{ref target}}">{{name id}}</a>{{else}}{{name id}}{{/if}}<small>{{text title}}</small></th>{{#with counts}}{{fig fail}}{{fig unknown}}{{fig pass}}{{fig notApplicable}}{{fig error}}{{/with}}<td class="r">{{#if source}}{{link source "${t.documentation}"}}{{/if}}</td></tr>
{{/each}}
</tbody>
</table>
</section>
{{else}}
<p>${t.rules.none}</p>
{{/if}}
</section>
{{#if errors}}
<section id="errors" aria-labelledby="errors-title">
<h2 id="errors-title">${t.rules.broke}</h2>
<p class="lead">${t.rules.brokeLead}</p>
<section class="scroll" aria-label="${t.rules.brokeTable}" tabindex="0">
<table>
<thead><tr><th scope="col">${t.heads.rule}</th><th scope="col">${t.heads.resource}</th><th scope="col">${t.heads.message}</th></tr></thead>
<tbody>
{{#each errors}}<tr><th scope="row">{{name rule}}</th><td><code>{{name resource}}</code></td><td>{{name message}}</td></tr>
{{/each}}
</tbody>
</table>
</section>
{{#if moreErrors}}<p class="note">${t.rules.moreErrors}</p>{{/if}}
</section>
{{/if}}
`,
);
