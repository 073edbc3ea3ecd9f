import { template } from '../template.js';
import type { Texts } from '../texts/index.js';
import type { AccountLine, AccountsView } from '../views/accounts.js';
import type { PlaceRow, PlacesView } from '../views/places.js';
import type { RulesView } from '../views/rules.js';
import { keptNote } from './later.js';

const accountHeads = ({ heads }: Texts) =>
  `<th scope="col">${heads.account}</th><th scope="col">${heads.name}</th><th scope="col">${heads.path}</th><th scope="col">${heads.baseline}</th>`;
const accountCells =
  '<td><code>{{name id}}</code></td><td>{{#if name}}{{name name}}{{/if}}</td><td>{{#if path}}{{name path}}{{/if}}</td><td>{{#if baseline}}{{name baseline}}{{/if}}</td>';

export const accountsHead = template<AccountsView>(
  (t) => `
<section id="accounts" aria-labelledby="accounts-title">
<h2 id="accounts-title">${t.accounts.title}</h2>
{{#if missed}}
<h3>${t.accounts.missed}</h3>
<section class="scroll" aria-label="${t.accounts.missedTable}" tabindex="0"><table>
<thead><tr><th scope="col">${t.heads.state}</th>${accountHeads(t)}<th scope="col">${t.heads.reason}</th></tr></thead>
<tbody data-later="missed">
{{else}}
<p>{{#if scanned}}${t.accounts.allScanned}{{else}}${t.accounts.none}{{/if}}</p>
{{/if}}
`,
);

export const missedAccount = template<AccountLine>(
  () => `
<tr><td class="r">{{state state}}</td>${accountCells}<td>{{#if reason}}{{name reason}}{{/if}}</td></tr>
`,
);

export const accountsMiddle = template<AccountsView & { readonly kept: number }>(
  (t) => `
{{#if missed}}
</tbody>
</table></section>
${keptNote(t)}
{{/if}}
{{#if scanned}}
<details class="more"><summary>${t.accounts.scanned}</summary>
<section class="scroll" aria-label="${t.accounts.scannedTable}" tabindex="0"><table>
<thead><tr>${accountHeads(t)}<th scope="col">${t.heads.caller}</th></tr></thead>
<tbody data-later="accounts">
{{/if}}
`,
);

export const scannedAccount = template<AccountLine>(
  () => `
<tr>${accountCells}<td>{{#if caller}}<code>{{name caller}}</code>{{/if}}</td></tr>
`,
);

export const accountsFoot = template<AccountsView & { readonly kept: number }>(
  (t) => `
{{#if scanned}}
</tbody>
</table></section>
${keptNote(t)}
</details>
{{/if}}
</section>
`,
);

export const placesHead = template<PlacesView>(
  (t) => `
<section id="places" aria-labelledby="places-title">
<h2 id="places-title">${t.places.title}</h2>
{{#if rows}}
<section class="scroll" aria-label="${t.places.table}" tabindex="0">
<table class="figs">
<thead><tr><th scope="col">${t.heads.account}</th><th scope="col">${t.heads.region}</th><th scope="col" class="n">${t.heads.critical}</th><th scope="col" class="n">${t.heads.high}</th><th scope="col" class="n">${t.heads.medium}</th><th scope="col" class="n">${t.heads.low}</th><th scope="col" class="n">${t.heads.info}</th><th scope="col" class="n">${t.heads.unknown}</th><th scope="col">${t.heads.rules}</th></tr></thead>
<tbody data-later="places">
{{else}}
<p>${t.places.none}</p>
{{/if}}
`,
);

export const placeRow = template<PlaceRow>(
  (t) => `
<tr{{#if anchor}} id="{{ref anchor}}"{{/if}}><th scope="row">{{name account}}</th><td class="r">{{name region}}</td>{{#each counts}}{{fig this}}{{/each}}{{fig unknown}}<td class="links">{{#each rules}}{{#if target}}<a href="#{{ref target}}">{{name rule}}&nbsp;<b>{{num count}}</b></a>{{else}}<span>{{name rule}}&nbsp;<b>{{num count}}</b></span>{{/if}} {{/each}}{{#if more}}<span class="quiet">${t.places.moreRules}</span>{{/if}}</td></tr>
`,
);

export const placesFoot = template<PlacesView & { readonly kept: number }>(
  (t) => `
{{#if rows}}
</tbody>
</table>
</section>
${keptNote(t)}
{{#if moreRows}}<p class="note">${t.places.moreRows}</p>{{/if}}
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
`,
);

export const errorsHead = template<object>(
  (t) => `
<section id="errors" aria-labelledby="errors-title">
<h2 id="errors-title">${t.rules.broke}</h2>
<p class="lead">${t.rules.brokeLead}</p>
<section class="scroll" aria-label="${t.rules.brokeTable}" tabindex="0">
<table>
<thead><tr><th scope="col">${t.heads.rule}</th><th scope="col">${t.heads.resource}</th><th scope="col">${t.heads.message}</th></tr></thead>
<tbody data-later="errors">
`,
);

export const errorRow = template<RulesView['errors'][number]>(
  () => `
<tr><th scope="row">{{name rule}}</th><td><code>{{name resource}}</code></td><td>{{name message}}</td></tr>
`,
);

export const errorsFoot = template<RulesView & { readonly kept: number }>(
  (t) => `
</tbody>
</table>
</section>
${keptNote(t)}
{{#if moreErrors}}<p class="note">${t.rules.moreErrors}</p>{{/if}}
</section>
`,
);
