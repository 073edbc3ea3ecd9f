import { template } from '../template.js';
import type { AccountCoverage, FoldedCoverage, GapRow, GapsView } from '../views/coverage.js';
import { keptNote } from './later.js';

export const matrixHead = template<{ regions: readonly string[] }>(
  (t) => `
<section id="coverage" aria-labelledby="coverage-title">
<h2 id="coverage-title">${t.coverage.title}</h2>
<p class="lead">${t.coverage.lead}</p>
<section class="scroll" aria-label="${t.coverage.matrix}" tabindex="0">
<table class="matrix">
<caption class="unseen">${t.coverage.caption}</caption>
<thead><tr><th scope="col">${t.heads.account}</th><th scope="col">${t.heads.service}</th>{{#each regions}}<th scope="col" class="r">{{name this}}</th>{{/each}}</tr></thead>
`,
);

export const matrixAccount = template<AccountCoverage>(
  (t) => `
{{#*inline "cells"}}<th scope="row">{{name service}}</th>
{{#each cells}}{{#if this}}<td>{{#if gap}}<a href="#{{ref gap}}">{{state state}}</a>{{else}}{{state state}}{{/if}}</td>{{else}}<td class="none"><span class="unseen">${t.coverage.outOfScope}</span></td>{{/if}}{{/each}}{{/inline}}
<tbody>
<tr><th scope="rowgroup" rowspan="{{ref height}}">{{#if name}}{{name name}}<br>{{/if}}<code>{{name id}}</code></th>{{#with first}}{{> cells}}{{/with}}</tr>
{{#each rest}}<tr>{{> cells}}</tr>
{{/each}}
</tbody>
`,
);

/** Accounts that are alike, in one row. */
export const matrixFolded = template<FoldedCoverage & { readonly place: string }>(
  (t) => `
{{#*inline "account"}}{{#if name}}{{name name}} {{/if}}<code>{{name id}}</code>{{/inline}}
<tbody>
<tr><th scope="row">{{#if several}}${t.coverage.accounts}{{else}}{{#each accounts}}{{> account}}{{/each}}{{/if}}</th><td colspan="{{plain columns}}">{{#each states}}<div>{{state state}} {{text cells}}</div>{{/each}}{{#if several}}<p class="quiet" data-later="{{ref place}}">{{/if}}
`,
);

/** One of the accounts of such a row. */
export const alikeAccount = template<FoldedCoverage['accounts'][number]>(
  () => `
<span>{{#if name}}{{name name}} {{/if}}{{name id}}</span>
`,
);

export const matrixFoldedFoot = template<{ readonly several: boolean; readonly kept: number }>(
  (t) => `
{{#if several}}</p>${keptNote(t)}{{/if}}</td></tr>
</tbody>
`,
);

export const matrixFoot = template<{ empty: boolean }>(
  (t) => `
</table>
</section>
{{#if empty}}<p class="note">${t.coverage.empty}</p>{{/if}}
`,
);

export const gapsHead = template<GapsView>(
  (t) => `
{{#if skipped}}<p class="note">${t.coverage.skipped}: {{#each skipped}}{{#unless @first}}; {{/unless}}{{text cells}}, {{name reason}}{{/each}}.</p>{{/if}}
<h3 id="gaps">${t.coverage.gaps}</h3>
{{#if rows}}
<section class="scroll" aria-label="${t.coverage.gapTable}" tabindex="0">
<table>
<thead><tr><th scope="col">${t.heads.state}</th><th scope="col">${t.heads.account}</th><th scope="col">${t.heads.region}</th><th scope="col">${t.heads.service}</th><th scope="col">${t.heads.operation}</th><th scope="col" class="n">${t.heads.calls}</th><th scope="col" class="n">${t.heads.errors}</th><th scope="col">${t.coverage.codeOrReason}</th></tr></thead>
<tbody data-later="gaps">
{{else}}
<p>${t.coverage.noGap}</p>
{{/if}}
`,
);

export const gapRow = template<GapRow>(
  (t) => `
<tr{{#if anchor}} id="{{ref anchor}}"{{/if}}><td class="r">{{state state}}</td><td><code>{{name account}}</code></td><td class="r">{{name region}}</td><td>{{name service}}</td><td>{{#if operation}}<code>{{name operation}}</code>{{else}}<span class="quiet">${t.coverage.noCall}</span>{{/if}}</td><td class="n">{{num calls}}</td><td class="n">{{num errors}}</td><td>{{#if code}}<code>{{name code}}</code>{{/if}}{{#if reason}} {{name reason}}{{/if}}</td></tr>
`,
);

export const causesHead = template<GapsView & { readonly kept: number }>(
  (t) => `
{{#if rows}}
</tbody>
</table>
</section>
${keptNote(t)}
{{#if moreRows}}<p class="note">${t.coverage.moreRows}</p>{{/if}}
{{/if}}
{{#if causes}}
<h3 id="causes">${t.coverage.causes}</h3>
<section class="scroll" aria-label="${t.coverage.causeTable}" tabindex="0">
<table>
<thead><tr><th scope="col" class="n">${t.heads.unknown}</th><th scope="col">${t.heads.cause}</th><th scope="col">${t.heads.operation}</th><th scope="col">${t.coverage.actionNeeded}</th><th scope="col">${t.heads.code}</th></tr></thead>
<tbody data-later="causes">
{{/if}}
`,
);

export const causeRow = template<GapsView['causes'][number]>(
  (t) => `
<tr><td class="n">{{num unknown}}</td><td>{{cause cause}}</td><td><code>{{#if operation}}{{name operation}}{{else}}{{name facet}}{{/if}}</code></td><td>{{#if action}}<code>{{name action}}</code>{{else}}<span class="quiet">${t.coverage.noAction}</span>{{/if}}</td><td>{{#if code}}<code>{{name code}}</code>{{/if}}</td></tr>
`,
);

export const causesFoot = template<GapsView & { readonly kept: number }>(
  (t) => `
{{#if causes}}
</tbody>
</table>
</section>
${keptNote(t)}
{{#if moreCauses}}<p class="note">${t.coverage.moreCauses}</p>{{/if}}
{{/if}}
</section>
`,
);
