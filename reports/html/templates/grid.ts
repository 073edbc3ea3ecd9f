import { template } from '../template.js';
import type { GridView } from '../views/grid.js';

export const gridTemplate = template<GridView>(`
{{#if rows}}
<section id="grid" aria-labelledby="grid-title">
<h2 id="grid-title">Findings by account and service</h2>
<p class="lead">Fails that no valid waiver covers, and unknowns. A figure leads to the findings behind it.</p>
<section class="scroll" aria-label="Grid of accounts and services" tabindex="0">
<table class="grid">
<thead><tr><th scope="col">Account</th>{{#each services}}<th scope="col" class="n">{{name this}}</th>{{/each}}</tr></thead>
<tbody>
{{#each rows}}<tr data-account="{{plain id}}"><th scope="row">{{name account}}</th>{{#each squares}}<td class="n heat{{ref heat}}">{{#if fail}}<a href="#{{ref ../target}}">{{num fail}}<span class="unseen"> fail</span></a>{{/if}}{{#if unknown}} <a class="v unknown" href="#{{ref ../target}}">{{icon "unknown"}}{{num unknown}}<span class="unseen"> unknown</span></a>{{/if}}{{#unless fail}}{{#unless unknown}}<span class="z">0</span>{{/unless}}{{/unless}}</td>{{/each}}</tr>
{{/each}}
</tbody>
</table>
</section>
{{#if moreRows}}<p class="note">{{num moreRows}} more accounts have findings; the explorer above counts them all.</p>{{/if}}
</section>
{{/if}}
`);
