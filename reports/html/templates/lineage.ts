import { template } from '../template.js';
import type { LineageView } from '../views/lineage.js';

/** Chains of copies as pictures, each with its table. */
export const lineageTemplate = template<LineageView>(`
{{#if chains}}
<h3 id="lineage">Where snapshots were copied to</h3>
<p class="lead">Copies that left their region or account, with the key at each hop. A copy can be restored only while its own key works.</p>
{{#each chains}}<div class="chain">
<svg role="img" aria-labelledby="{{ref id}}" width="100%" height="{{plain height}}"><title id="{{ref id}}">{{plain title}}</title><path class="branch" d="{{ref line}}"></path>{{#each hops}}<rect class="{{ref tone}}" x="4" y="{{plain y}}" width="12" height="12" rx="6"></rect><text class="root" x="26" y="{{plain textY}}">{{plain short}}</text><text x="26" y="{{plain noteY}}">{{plain shortUnder}}</text>{{/each}}</svg>
<section class="scroll" aria-label="Table of chain {{plain number}}" tabindex="0">
<table>
<thead><tr><th scope="col">Snapshot</th><th scope="col">Where</th><th scope="col">Under</th><th scope="col">Key</th></tr></thead>
<tbody>{{#each hops}}<tr><th scope="row"><code>{{name name}}</code></th><td>{{name place}}</td><td class="{{ref tone}}">{{name under}}</td><td>{{#if key}}{{#if target}}<a href="#{{ref target}}">{{name key}}</a>{{else}}{{name key}}{{/if}}{{/if}}</td></tr>{{/each}}</tbody>
</table>
</section>
</div>
{{/each}}
{{/if}}
{{#each notes}}<p class="note">{{text this}}</p>{{/each}}
`);
