import { template } from '../template.js';
import type { ChangesView } from '../views/changes.js';
import { keptNote } from './later.js';

/** On the first screen: how much changed since the earlier run. */
export const sinceTemplate = template<ChangesView>(
  (t) => `
<section class="since" aria-labelledby="since-title">
<h2 id="since-title">${t.changes.since}</h2>
<ul class="outcomes">{{#each rows}}<li><a class="{{ref tone}}" href="#{{ref anchor}}"><b>{{num count}}</b> {{text word}}</a></li>{{/each}}</ul>
</section>
`,
);

export const changesHead = template<ChangesView>(
  (t) => `
<section id="changes" aria-labelledby="changes-title">
<h2 id="changes-title">${t.changes.title}</h2>
<p class="lead">${t.changes.lead}</p>
<section class="scroll" aria-label="${t.changes.table}" tabindex="0">
<table>
<thead><tr><th scope="col">${t.heads.change}</th><th scope="col" class="n">${t.changes.findings}</th><th scope="col">${t.changes.meaning}</th></tr></thead>
<tbody>
{{#each rows}}<tr id="{{ref anchor}}"><th scope="row">{{text word}}</th>{{cell count}}<td>{{text means}}</td></tr>
{{/each}}
</tbody>
</table>
</section>
{{#if ended}}
<h3>${t.changes.ended}</h3>
<section class="scroll" aria-label="${t.changes.endedTable}" tabindex="0">
<table>
<thead><tr><th scope="col">${t.heads.change}</th><th scope="col">${t.heads.severity}</th><th scope="col">${t.heads.rule}</th><th scope="col">${t.heads.resource}</th><th scope="col">${t.heads.where}</th><th scope="col">${t.heads.reason}</th></tr></thead>
<tbody data-later="ended">
{{/if}}
`,
);

export const endedRow = template<ChangesView['ended'][number]>(
  () => `
<tr><td class="r"><span class="{{ref tone}}">{{text word}}</span></td><td>{{severity severity}}</td><td>{{name rule}}</td><th scope="row">{{name name}}<small>{{name resource}}</small></th><td>{{name place}}</td><td>{{name reason}}</td></tr>
`,
);

export const changesFoot = template<ChangesView & { readonly kept: number }>(
  (t) => `
{{#if ended}}
</tbody>
</table>
</section>
${keptNote(t)}
{{#if moreEnded}}<p class="note">{{text moreEnded}}</p>{{/if}}
{{/if}}
</section>
`,
);
