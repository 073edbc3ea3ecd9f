/** Verdict and state of a run, side by side: the head of a page. */
export const banners = `<div class="verdicts">
<div class="banner {{ref verdict.tone}}">
<h1>{{icon verdict.icon}}{{text verdict.headline}}</h1>
{{#if verdict.parts}}<ul class="parts">{{#each verdict.parts}}<li>{{icon severity}}<b>{{num fail}}</b> {{grade severity}}</li>{{/each}}</ul>{{/if}}
{{#if verdict.detail}}<p>{{text verdict.detail}}</p>{{/if}}
</div>
<div class="banner {{ref run.tone}}">
<h2>{{icon run.icon}}{{text run.headline}}</h2>
{{#if run.detail}}<p>{{text run.detail}}</p>{{/if}}
</div>
</div>`;
