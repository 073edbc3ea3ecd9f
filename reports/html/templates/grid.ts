import { template } from '../template.js';
import type { GridView } from '../views/grid.js';

export const gridTemplate = template<GridView>(`
{{#if rows}}
<section id="grid" aria-labelledby="grid-title">
<h2 id="grid-title">Findings by account and service</h2>
<p class="lead">Fails that no valid waiver covers, and unknowns. An account leads to its findings; with scripts, so does each figure.</p>
<section class="scroll" aria-label="Grid of accounts and services" tabindex="0">
<table class="grid">
<thead><tr><th scope="col">Account</th>{{#each services}}<th scope="col" class="n">{{name this}}</th>{{/each}}</tr></thead>
<tbody>
{{#each rows}}<tr data-account="{{plain id}}"><th scope="row"><a href="#{{ref target}}">{{name account}}</a></th>{{#each squares}}{{#if any}}<td class="n{{#if fail}} heat{{ref heat}}{{/if}}">{{#if fail}}<b>{{num fail}}<i> fail</i></b>{{/if}}{{#if unknown}} <b class="unknown">{{num unknown}}<i> unknown</i></b>{{/if}}</td>{{else}}<td class="z">0</td>{{/if}}{{/each}}</tr>
{{/each}}
</tbody>
</table>
</section>
{{#if moreRows}}<p class="note">{{num moreRows}} more accounts have findings; the explorer above counts them all.</p>{{/if}}
</section>
{{/if}}
`);
