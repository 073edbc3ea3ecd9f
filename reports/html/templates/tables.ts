import { template } from '../template.js';
import type { AccountsView } from '../views/accounts.js';
import type { PlacesView } from '../views/places.js';
import type { RulesView } from '../views/rules.js';

export const accountsTemplate = template<AccountsView>(`
{{#*inline "head"}}<th scope="col">Account</th><th scope="col">Name</th><th scope="col">Path</th><th scope="col">Baseline</th>{{/inline}}
{{#*inline "account"}}<td><code>{{name id}}</code></td><td>{{#if name}}{{name name}}{{/if}}</td><td>{{#if path}}{{name path}}{{/if}}</td><td>{{#if baseline}}{{name baseline}}{{/if}}</td>{{/inline}}
<section id="accounts" aria-labelledby="accounts-title">
<h2 id="accounts-title">Accounts</h2>
{{#if missed}}
<h3>Not scanned</h3>
<section class="scroll" aria-label="Accounts not scanned" tabindex="0"><table>
<thead><tr><th scope="col">State</th>{{> head}}<th scope="col">Reason</th></tr></thead>
<tbody>
{{#each missed}}<tr><td class="r">{{state state}}</td>{{> account}}<td>{{#if reason}}{{name reason}}{{/if}}</td></tr>
{{/each}}
</tbody>
</table></section>
{{else}}
<p>{{#if scanned}}Every account in scope was scanned.{{else}}No account was in scope.{{/if}}</p>
{{/if}}
{{#if scanned}}
<details class="more"><summary>{{counted scanned.length "scanned account"}}</summary>
<section class="scroll" aria-label="Scanned accounts" tabindex="0"><table>
<thead><tr>{{> head}}<th scope="col">Caller</th></tr></thead>
<tbody>
{{#each scanned}}<tr>{{> account}}<td>{{#if caller}}<code>{{name caller}}</code>{{/if}}</td></tr>
{{/each}}
</tbody>
</table></section>
</details>
{{/if}}
</section>
`);

export const placesTemplate = template<PlacesView>(`
<section id="places" aria-labelledby="places-title">
<h2 id="places-title">Findings by account and region</h2>
{{#if rows}}
<section class="scroll" aria-label="Table of accounts and regions" tabindex="0">
<table>
<thead><tr><th scope="col">Account</th><th scope="col">Region</th><th scope="col" class="n">Critical</th><th scope="col" class="n">High</th><th scope="col" class="n">Medium</th><th scope="col" class="n">Low</th><th scope="col" class="n">Info</th><th scope="col" class="n">Unknown</th><th scope="col">Rules</th></tr></thead>
<tbody>
{{#each rows}}<tr{{#if anchor}} id="{{ref anchor}}"{{/if}}><th scope="row">{{name account}}</th><td class="r">{{name region}}</td>{{#each counts}}{{cell this}}{{/each}}{{cell unknown}}<td class="links">{{#each rules}}{{#if target}}<a href="#{{ref target}}">{{name rule}}&nbsp;<b>{{num count}}</b></a>{{else}}<span>{{name rule}}&nbsp;<b>{{num count}}</b></span>{{/if}} {{/each}}{{#if more}}<span class="quiet">and {{counted more "more rule"}}</span>{{/if}}</td></tr>
{{/each}}
</tbody>
</table>
</section>
{{#if moreRows}}<p class="note">{{num moreRows}} more places are in <code>report.json</code>.</p>{{/if}}
{{else}}
<p>No account and region has a fail or an unknown.</p>
{{/if}}
</section>
`);

export const rulesTemplate = template<RulesView>(`
<section id="rules" aria-labelledby="rules-title">
<h2 id="rules-title">Rules</h2>
{{#if rows}}
<section class="scroll" aria-label="Table of rules" tabindex="0">
<table>
<thead><tr><th scope="col">Severity</th><th scope="col">Rule</th><th scope="col" class="n">Fail</th><th scope="col" class="n">Unknown</th><th scope="col" class="n">Pass</th><th scope="col" class="n">Not applicable</th><th scope="col" class="n">Error</th><th scope="col">Source</th></tr></thead>
<tbody>
{{#each rows}}<tr{{#if anchor}} id="{{ref anchor}}"{{/if}}><td class="r">{{severity severity}}</td><th scope="row">{{#if target}}<a href="#{{ref target}}">{{name id}}</a>{{else}}{{name id}}{{/if}}<small>{{text title}}</small></th>{{#with counts}}{{cell fail}}{{cell unknown}}{{cell pass}}{{cell notApplicable}}{{cell error}}{{/with}}<td class="r">{{#if source}}{{link source "AWS documentation"}}{{/if}}</td></tr>
{{/each}}
</tbody>
</table>
</section>
{{else}}
<p>No rule was enabled.</p>
{{/if}}
</section>
{{#if errors}}
<section id="errors" aria-labelledby="errors-title">
<h2 id="errors-title">Rules that broke</h2>
<p class="lead">A defect of the rule, not of the resource: there is no verdict where a rule threw.</p>
<section class="scroll" aria-label="Table of rules that broke" tabindex="0">
<table>
<thead><tr><th scope="col">Rule</th><th scope="col">Resource</th><th scope="col">Message</th></tr></thead>
<tbody>
{{#each errors}}<tr><th scope="row">{{name rule}}</th><td><code>{{name resource}}</code></td><td>{{name message}}</td></tr>
{{/each}}
</tbody>
</table>
</section>
{{#if moreErrors}}<p class="note">{{num moreErrors}} more are in <code>report.json</code>.</p>{{/if}}
</section>
{{/if}}
`);
