import { template } from '../template.js';
import type { ChangesView } from '../views/changes.js';

/** On the first screen: how much changed since the earlier run. */
export const sinceTemplate = template<ChangesView>(`
<section class="since" aria-labelledby="since-title">
<h2 id="since-title">Since the run <code>{{name run}}</code></h2>
<ul class="outcomes">{{#each rows}}<li><a class="{{ref tone}}" href="#{{ref anchor}}">{{icon icon}}<b>{{num count}}</b> {{text word}}</a></li>{{/each}}</ul>
</section>
`);

export const changesTemplate = template<ChangesView>(`
<section id="changes" aria-labelledby="changes-title">
<h2 id="changes-title">What changed</h2>
<p class="lead">Compared with the run <code>{{name run}}</code>. Where there is a finding now, the filter <code>change:</code> finds it.</p>
<section class="scroll" aria-label="Changes by kind" tabindex="0">
<table>
<thead><tr><th scope="col">Change</th><th scope="col" class="n">Findings</th><th scope="col">Meaning</th></tr></thead>
<tbody>
{{#each rows}}<tr id="{{ref anchor}}"><th scope="row">{{text word}}</th>{{cell count}}<td>{{text means}}</td></tr>
{{/each}}
</tbody>
</table>
</section>
{{#if ended}}
<h3>No finding any more</h3>
<section class="scroll" aria-label="Findings of the earlier run that are none any more" tabindex="0">
<table>
<thead><tr><th scope="col">Change</th><th scope="col">Severity</th><th scope="col">Rule</th><th scope="col">Resource</th><th scope="col">Where</th><th scope="col">Reason</th></tr></thead>
<tbody>
{{#each ended}}<tr><td class="r"><span class="{{ref tone}}">{{text word}}</span></td><td>{{severity severity}}</td><td>{{name rule}}</td><th scope="row">{{name name}}<small>{{name resource}}</small></th><td>{{name place}}</td><td>{{name reason}}</td></tr>
{{/each}}
</tbody>
</table>
</section>
{{#if moreEnded}}<p class="note">{{text moreEnded}}</p>{{/if}}
{{/if}}
</section>
`);
