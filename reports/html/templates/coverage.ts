import { template } from '../template.js';
import type { AccountCoverage, GapsView } from '../views/coverage.js';

export const matrixHead = template<{ regions: readonly string[] }>(`
<section id="coverage" aria-labelledby="coverage-title">
<h2 id="coverage-title">Coverage</h2>
<p class="lead">What was read, by account, service and region. A cell that is not complete leaves verdicts unknown; nothing counts as zero that was not read.</p>
<section class="scroll" aria-label="Coverage matrix" tabindex="0">
<table class="matrix">
<caption class="unseen">State of each service in each account and region</caption>
<thead><tr><th scope="col">Account</th><th scope="col">Service</th>{{#each regions}}<th scope="col" class="r">{{name this}}</th>{{/each}}</tr></thead>
`);

export const matrixAccount = template<AccountCoverage>(`
{{#*inline "cells"}}<th scope="row">{{name service}}</th>
{{#each cells}}{{#if this}}<td>{{#if gap}}<a href="#{{ref gap}}">{{state state}}</a>{{else}}{{state state}}{{/if}}</td>{{else}}<td class="none"><span class="unseen">not in scope</span></td>{{/if}}{{/each}}{{/inline}}
<tbody>
{{#if folded}}
<tr><th scope="row">{{#if name}}{{name name}} {{/if}}<code>{{name id}}</code></th><td colspan="{{ref columns}}">{{state "complete"}} {{text folded}}</td></tr>
{{else}}
<tr><th scope="rowgroup" rowspan="{{ref height}}">{{#if name}}{{name name}}<br>{{/if}}<code>{{name id}}</code></th>{{#with first}}{{> cells}}{{/with}}</tr>
{{#each rest}}<tr>{{> cells}}</tr>
{{/each}}
{{/if}}
</tbody>
`);

export const matrixFoot = template<{ empty: boolean }>(`
</table>
</section>
{{#if empty}}<p class="note">No cell was in scope.</p>{{/if}}
`);

export const gapsTemplate = template<GapsView>(`
{{#if skipped}}<p class="note">Skipped: {{#each skipped}}{{#unless @first}}; {{/unless}}{{text cells}}, {{name reason}}{{/each}}.</p>{{/if}}
<h3 id="gaps">Gaps in detail</h3>
{{#if rows}}
<section class="scroll" aria-label="Table of gaps" tabindex="0">
<table>
<thead><tr><th scope="col">State</th><th scope="col">Account</th><th scope="col">Region</th><th scope="col">Service</th><th scope="col">Operation</th><th scope="col" class="n">Calls</th><th scope="col" class="n">Errors</th><th scope="col">Code or reason</th></tr></thead>
<tbody>
{{#each rows}}<tr{{#if anchor}} id="{{ref anchor}}"{{/if}}><td class="r">{{state state}}</td><td><code>{{name account}}</code></td><td class="r">{{name region}}</td><td>{{name service}}</td><td>{{#if operation}}<code>{{name operation}}</code>{{else}}<span class="quiet">none made</span>{{/if}}</td><td class="n">{{num calls}}</td><td class="n">{{num errors}}</td><td>{{#if code}}<code>{{name code}}</code>{{/if}}{{#if reason}} {{name reason}}{{/if}}</td></tr>
{{/each}}
</tbody>
</table>
</section>
{{#if moreRows}}<p class="note">{{num moreRows}} more failing operations are in <code>report.json</code>.</p>{{/if}}
{{else}}
<p>No operation failed in any cell.</p>
{{/if}}
{{#if causes}}
<h3 id="causes">What stands behind the unknowns</h3>
<section class="scroll" aria-label="Causes of unknown verdicts" tabindex="0">
<table>
<thead><tr><th scope="col" class="n">Unknown</th><th scope="col">Cause</th><th scope="col">Operation</th><th scope="col">IAM action needed</th><th scope="col">Code</th></tr></thead>
<tbody>
{{#each causes}}<tr><td class="n">{{num unknown}}</td><td>{{text cause}}</td><td><code>{{#if operation}}{{name operation}}{{else}}{{name facet}}{{/if}}</code></td><td>{{#if action}}<code>{{name action}}</code>{{else}}<span class="quiet">none</span>{{/if}}</td><td>{{#if code}}<code>{{name code}}</code>{{/if}}</td></tr>
{{/each}}
</tbody>
</table>
</section>
{{#if moreCauses}}<p class="note">{{num moreCauses}} more causes are in <code>report.json</code>.</p>{{/if}}
{{/if}}
</section>
`);
