import { template } from '../template.js';
import type { ControlView, FrameworkView } from '../views/frameworks.js';
import { keptNote } from './later.js';

/** Each framework with its controls. */
export const frameworksHead = template<{ frameworks: readonly FrameworkView[] }>(
  (t) => `
<section id="frameworks" aria-labelledby="frameworks-title">
<h2 id="frameworks-title">${t.frameworks.title}</h2>
{{#if frameworks}}
<p class="lead">${t.frameworks.lead}</p>
{{else}}
<p>${t.frameworks.none}</p>
{{/if}}
`,
);

export const frameworkHead = template<FrameworkView>(
  (t) => `
<section class="framework" aria-labelledby="{{ref id}}">
<h3 id="{{ref id}}">{{name title}}</h3>
{{#if incomplete}}<p class="note">{{icon "error"}} ${t.frameworks.incomplete}</p>{{/if}}
<svg class="bar" role="img" aria-labelledby="{{ref id}}-t {{ref id}}-d" width="100%" height="22"><title id="{{ref id}}-t">{{plain barTitle}}</title><desc id="{{ref id}}-d">{{plain description}}</desc>{{#each segments}}<rect class="seg {{ref name}}" x="{{ref x}}" y="0" width="{{ref width}}" height="22"></rect>{{/each}}</svg>
<ul class="outcomes">{{#each tally}}<li><span class="v {{ref outcome}}">{{num count}} {{text word}}</span></li>{{/each}}</ul>
<section class="scroll" aria-label="${t.frameworks.table}" tabindex="0">
<table>
<thead><tr><th scope="col">${t.frameworks.control}</th><th scope="col">${t.frameworks.outcome}</th><th scope="col" class="n">${t.heads.fail}</th><th scope="col" class="n">${t.heads.unknown}</th><th scope="col" class="n">${t.heads.waived}</th><th scope="col" class="n">${t.heads.pass}</th><th scope="col">${t.frameworks.findings}</th><th scope="col">${t.frameworks.notCovered}</th></tr></thead>
<tbody data-later="{{ref id}}">
`,
);

export const controlRow = template<ControlView>(
  () => `
<tr><th scope="row"><b>{{name id}}</b>{{#if title}}<small>{{name title}}</small>{{/if}}</th><td><span class="v {{ref outcome}}">{{text word}}</span></td>{{cell fail}}{{cell unknown}}{{cell waived}}{{cell pass}}<td class="of">{{#each rules}}<p><a href="#{{ref target}}">{{name rule}}</a> <small>{{text counts}}</small></p>{{/each}}{{#if quiet}}<small class="quiet">{{text quiet}}</small>{{/if}}</td><td>{{#each gaps}}<p>{{name this}}</p>{{/each}}</td></tr>
`,
);

export const frameworkFoot = template<{ readonly kept: number }>(
  (t) => `
</tbody>
</table>
</section>
${keptNote(t)}
</section>
`,
);
