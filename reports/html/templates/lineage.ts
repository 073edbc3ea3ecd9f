import { template } from '../template.js';
import type { ChainView, LineageView } from '../views/lineage.js';
import { keptNote } from './later.js';

/** Chains of copies as pictures, each with its table. */
export const lineageHead = template<LineageView>(
  (t) => `
{{#if chains}}
<h3 id="lineage">${t.lineage.title}</h3>
<p class="lead">${t.lineage.lead}</p>
<div data-later="chains">
{{/if}}
`,
);

export const chainTemplate = template<ChainView>(
  (t) => `
<div class="chain">
<svg role="img" aria-labelledby="{{ref id}}" width="100%" height="{{plain height}}"><title id="{{ref id}}">{{plain title}}</title><path class="branch" d="{{ref line}}"></path>{{#each hops}}<rect class="{{ref tone}}" x="4" y="{{plain y}}" width="12" height="12" rx="6"></rect><text class="root" x="26" y="{{plain textY}}">{{plain short}}</text><text x="26" y="{{plain noteY}}">{{plain shortUnder}}</text>{{/each}}</svg>
<section class="scroll" aria-label="${t.lineage.table}" tabindex="0">
<table>
<thead><tr><th scope="col">${t.lineage.snapshot}</th><th scope="col">${t.heads.where}</th><th scope="col">${t.lineage.under}</th><th scope="col">${t.heads.key}</th></tr></thead>
<tbody>{{#each hops}}<tr><th scope="row"><code>{{name name}}</code></th><td>{{name place}}</td><td class="{{ref tone}}">{{name under}}</td><td>{{#if key}}{{#if target}}<a href="#{{ref target}}">{{name key}}</a>{{else}}{{name key}}{{/if}}{{/if}}</td></tr>{{/each}}</tbody>
</table>
</section>
</div>
`,
);

export const lineageFoot = template<LineageView & { readonly kept: number }>(
  (t) => `
{{#if chains}}</div>{{/if}}
${keptNote(t)}
{{#each notes}}<p class="note">{{text this}}</p>{{/each}}
`,
);
