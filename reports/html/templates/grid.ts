import { template } from '../template.js';
import type { GridView } from '../views/grid.js';

export const gridTemplate = template<GridView>(
  (t) => `
{{#if rows}}
<section id="grid" aria-labelledby="grid-title">
<h2 id="grid-title">${t.grid.title}</h2>
<p class="lead">${t.grid.lead}</p>
<section class="scroll" aria-label="${t.grid.table}" tabindex="0">
<table class="grid">
<thead><tr><th scope="col">${t.heads.account}</th>{{#each services}}<th scope="col" class="n">{{name this}}</th>{{/each}}</tr></thead>
<tbody>
{{#each rows}}<tr data-account="{{plain id}}"><th scope="row">{{name account}}</th>{{#each squares}}<td class="n heat{{ref heat}}">{{#if fail}}<a href="#{{ref ../target}}">{{num fail}}<span class="unseen"> ${t.verdicts.fail}</span></a>{{/if}}{{#if unknown}} <a class="v unknown" href="#{{ref ../target}}">{{icon "unknown"}}{{num unknown}}<span class="unseen"> ${t.verdicts.unknown}</span></a>{{/if}}{{#unless fail}}{{#unless unknown}}<span class="z">0</span>{{/unless}}{{/unless}}</td>{{/each}}</tr>
{{/each}}
</tbody>
</table>
</section>
{{#if moreRows}}<p class="note">${t.grid.moreRows}</p>{{/if}}
</section>
{{/if}}
`,
);
