import { template } from '../template.js';
import type { GridRow, GridView } from '../views/grid.js';
import { keptNote } from './later.js';

export const gridHead = template<GridView>(
  (t) => `
<section id="grid" aria-labelledby="grid-title">
<h2 id="grid-title">${t.grid.title}</h2>
<p class="lead">${t.grid.lead}</p>
<section class="scroll" aria-label="${t.grid.table}" tabindex="0">
<table class="grid">
<thead><tr><th scope="col">${t.heads.account}</th>{{#each services}}<th scope="col" class="n">{{name this}}</th>{{/each}}</tr></thead>
<tbody data-later="grid">
`,
);

export const gridRow = template<GridRow>(
  (t) => `
<tr data-account="{{plain id}}"><th scope="row"><a href="#{{ref target}}">{{name account}}</a></th>{{#each squares}}{{#if any}}<td{{#if fail}} class="heat{{ref heat}}"{{/if}}>{{#if fail}}<b>{{num fail}}<i> ${t.verdicts.fail}</i></b>{{/if}}{{#if unknown}} <b class="unknown">{{num unknown}}<i> ${t.verdicts.unknown}</i></b>{{/if}}</td>{{else}}{{#if gap}}<td><span class="unknown">${t.grid.notRead}</span></td>{{else}}<td class="z">0</td>{{/if}}{{/if}}{{/each}}</tr>
`,
);

export const gridFoot = template<GridView & { readonly kept: number }>(
  (t) => `
</tbody>
</table>
</section>
${keptNote(t)}
{{#if moreRows}}<p class="note">${t.grid.moreRows}</p>{{/if}}
</section>
`,
);
