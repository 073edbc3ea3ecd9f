import { template } from '../template.js';
import type { KeyLine, KeysView, KeyView } from '../views/keys.js';
import { keptNote } from './later.js';

export const keysHead = template<KeysView>(
  (t) => `
<section id="keys" aria-labelledby="keys-title">
<h2 id="keys-title">${t.keys.title}</h2>
{{#if any}}
<p class="lead">{{text lead}} ${t.keys.lead}</p>
<p class="legend" aria-hidden="true"><span><i class="s3"></i>S3</span><span><i class="ebs"></i>${t.keys.ebs}</span><span><i class="rds"></i>RDS</span><span><i class="other"></i>${t.keys.other}</span></p>
<div data-later="keys">
{{else}}
<p>${t.keys.none}</p>
{{/if}}
`,
);

export const keyTemplate = template<KeyView>(
  (t) => `
<details class="key" id="{{ref anchor}}">
<summary><span class="c {{ref tone}}">{{text state}}</span><h3>{{name name}}</h3><span class="where">{{text manager}}{{#if place}} · {{name place}}{{/if}}</span><span class="uses">{{text uses}}{{#unless complete}} <span class="v unknown">${t.keys.partly}</span>{{/unless}}</span></summary>
<dl class="known">
<div><dt>ARN</dt><dd><code>{{name arn}}</code> <a class="self" href="#{{ref anchor}}">${t.permalink}</a></dd></div>
{{#each facts}}<div><dt>{{text label}}</dt><dd class="{{ref tone}}">{{name value}}</dd></div>{{/each}}
</dl>
{{#if total}}
<div class="dependants">
{{#with picture}}<svg class="tree" role="img" aria-labelledby="{{ref id}}-t {{ref id}}-d" width="100%" height="{{plain height}}"><title id="{{ref id}}-t">{{plain title}}</title><desc id="{{ref id}}-d">{{plain description}}</desc><path class="branch" d="{{ref lines}}"></path><path class="root" d="M3 6h10v10h-10z"></path>
{{#each texts}}<text{{#if strong}} class="root"{{/if}} x="{{plain x}}" y="{{plain y}}">{{plain text}}</text>{{/each}}
<svg x="138" width="100%" height="{{plain height}}">{{#each bars}}{{#each parts}}<rect class="{{ref name}}" x="{{ref x}}" y="{{plain ../y}}" width="{{ref width}}" height="12"></rect>{{/each}}<text x="{{ref end}}" dx="6" y="{{plain textY}}">{{plain count}}</text>{{/each}}</svg></svg>{{/with}}
{{#if unplaced}}<p class="note">{{#each dependants}}{{#unless @first}}, {{/unless}}{{text this}}{{/each}}. ${t.keys.unplaced}</p>{{/if}}
{{#if places}}
<div><table>
<caption class="unseen">${t.keys.caption}</caption>
<thead><tr><th scope="col">${t.heads.account}</th><th scope="col">${t.heads.region}</th><th scope="col">${t.heads.what}</th><th scope="col" class="n">${t.heads.count}</th></tr></thead>
<tbody>{{#each places}}<tr><td>{{name account}}</td><td>{{name region}}</td><td>{{text what}}</td><td class="n">{{num count}}</td></tr>{{/each}}</tbody>
</table>
{{#if morePlaces}}<p class="note">${t.keys.morePlaces}</p>{{/if}}</div>
{{/if}}
</div>
{{#if breaks}}
<p class="losses"><b>${t.keys.breaks}</b> {{#if breaksNow}}{{text breaksNow}} {{/if}}{{#each breaks}}{{#unless @first}}, {{/unless}}<a href="#{{ref target}}">{{text what}}</a>{{/each}}</p>
{{/if}}
{{else}}
<p>${t.keys.unused}</p>
{{/if}}
{{#unless complete}}<p class="note">${t.keys.unread}</p>{{/unless}}
</details>
`,
);

export const lossesHead = template<KeysView & { readonly kept: number }>(
  (t) => `
{{#if any}}</div>{{/if}}
{{#if kept}}<p class="note until-later">${t.keys.written}</p>{{/if}}
{{#if losses}}
<h3 id="losses">${t.keys.losses}</h3>
<section class="scroll" aria-label="${t.keys.losses}" tabindex="0">
<table>
<thead><tr><th scope="col">${t.heads.what}</th><th scope="col">${t.keys.disabled}</th><th scope="col">${t.keys.deleted}</th></tr></thead>
<tbody data-later="losses">
{{/if}}
`,
);

export const lossRow = template<KeysView['losses'][number]>(
  () => `
<tr id="{{ref anchor}}"><th scope="row">{{text what}}</th><td>{{text disabled}}</td><td>{{text deleted}}</td></tr>
`,
);

export const keyLinesHead = template<KeysView & { readonly kept: number }>(
  (t) => `
{{#if losses}}
</tbody>
</table>
</section>
${keptNote(t)}
{{/if}}
{{#if rows}}
<details class="more"><summary>${t.keys.moreRows}</summary>
<section class="scroll" aria-label="${t.keys.moreTable}" tabindex="0">
<table>
<thead><tr><th scope="col">${t.heads.state}</th><th scope="col">${t.heads.key}</th><th scope="col">${t.keys.manager}</th><th scope="col" class="n">${t.keys.uses}</th><th scope="col">${t.heads.dependants}</th></tr></thead>
<tbody data-later="keyLines">
{{/if}}
`,
);

export const keyLine = template<KeyLine>(
  (t) => `
<tr><td><span class="c {{ref tone}}">{{text state}}</span></td><th scope="row">{{name name}}<br><code>{{name arn}}</code></th><td>{{text manager}}</td>{{cell total}}<td>{{#each dependants}}{{#unless @first}}, {{/unless}}{{text this}}{{else}}<span class="quiet">${t.keys.noDependants}</span>{{/each}}{{#unless complete}} <span class="v unknown">${t.keys.partly}</span>{{/unless}}</td></tr>
`,
);

export const keysFoot = template<KeysView & { readonly kept: number }>(
  (t) => `
{{#if rows}}
</tbody>
</table>
</section>
${keptNote(t)}
</details>
{{#if beyond}}<p class="note">${t.keys.inFull}</p>{{/if}}
{{/if}}
{{#if more}}<p class="note">${t.keys.more}</p>{{/if}}
`,
);
