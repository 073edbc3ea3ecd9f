import { template } from '../template.js';
import type { KeysView, KeyView } from '../views/keys.js';

export const keysHead = template<KeysView>(`
<section id="keys" aria-labelledby="keys-title">
<h2 id="keys-title">Keys and what depends on them</h2>
{{#if any}}
<p class="lead">{{text lead}} Keys that are in use and not enabled come first: what they encrypt cannot be read, or soon will not be.</p>
<p class="legend" aria-hidden="true"><span><i class="s3"></i>S3</span><span><i class="ebs"></i>EBS and EC2</span><span><i class="rds"></i>RDS</span><span><i class="other"></i>other</span></p>
{{else}}
<p>No key was read.</p>
{{/if}}
`);

export const keyTemplate = template<KeyView>(`
<details class="key" id="{{ref anchor}}">
<summary><span class="c {{ref tone}}">{{icon icon}}{{text state}}</span><h3>{{name name}}</h3><span class="where">{{text manager}}{{#if place}} · {{name place}}{{/if}}</span><span class="uses">{{text uses}}{{#unless complete}} <span class="v unknown">{{icon "unknown"}}not fully read</span>{{/unless}}</span></summary>
<dl class="known">
<div><dt>ARN</dt><dd><code>{{name arn}}</code> <a class="self" href="#{{ref anchor}}">permalink</a></dd></div>
{{#each facts}}<div><dt>{{text label}}</dt><dd class="{{ref tone}}">{{name value}}</dd></div>{{/each}}
</dl>
{{#if total}}
<div class="dependants">
{{#with picture}}<svg class="tree" role="img" aria-labelledby="{{ref id}}-t {{ref id}}-d" width="100%" height="{{plain height}}"><title id="{{ref id}}-t">{{plain title}}</title><desc id="{{ref id}}-d">{{plain description}}</desc><path class="branch" d="{{ref lines}}"></path><path class="root" d="M3 6h10v10h-10z"></path>
{{#each texts}}<text{{#if strong}} class="root"{{/if}} x="{{plain x}}" y="{{plain y}}">{{plain text}}</text>{{/each}}
<svg x="138" width="100%" height="{{plain height}}">{{#each bars}}{{#each parts}}<rect class="{{ref name}}" x="{{ref x}}" y="{{plain ../y}}" width="{{ref width}}" height="12"></rect>{{/each}}<text x="{{ref end}}" dx="6" y="{{plain textY}}">{{plain count}}</text>{{/each}}</svg></svg>{{/with}}
{{#if unplaced}}<p class="note">{{#each dependants}}{{#unless @first}}, {{/unless}}{{text this}}{{/each}}. Where they are was not recorded when the run was judged.</p>{{/if}}
{{#if places}}
<div><table>
<caption class="unseen">What depends on the key, by account and region</caption>
<thead><tr><th scope="col">Account</th><th scope="col">Region</th><th scope="col">What</th><th scope="col" class="n">Count</th></tr></thead>
<tbody>{{#each places}}<tr><td>{{name account}}</td><td>{{name region}}</td><td>{{text what}}</td><td class="n">{{num count}}</td></tr>{{/each}}</tbody>
</table>
{{#if morePlaces}}<p class="note">{{num morePlaces}} more places are in <code>report.json</code>.</p>{{/if}}</div>
{{/if}}
</div>
{{#if breaks}}
<p class="losses"><b>What breaks if it goes.</b> {{#if breaksNow}}{{text breaksNow}} {{/if}}{{#each breaks}}{{#unless @first}}, {{/unless}}<a href="#{{ref target}}">{{text what}}</a>{{/each}}</p>
{{/if}}
{{else}}
<p>Nothing that was read depends on it.</p>
{{/if}}
{{#unless complete}}<p class="note">Something that could depend on it was not read: see <a href="#gaps">the gaps</a>.</p>{{/unless}}
</details>
`);

export const keysFoot = template<KeysView>(`
{{#if losses}}
<h3 id="losses">What breaks when a key goes</h3>
<section class="scroll" aria-label="What breaks when a key goes" tabindex="0">
<table>
<thead><tr><th scope="col">What</th><th scope="col">While it cannot be used</th><th scope="col">Once it is deleted</th></tr></thead>
<tbody>
{{#each losses}}<tr id="{{ref anchor}}"><th scope="row">{{text what}}</th><td>{{text disabled}}</td><td>{{text deleted}}</td></tr>
{{/each}}
</tbody>
</table>
</section>
{{/if}}
{{#if rows}}
<details class="more"><summary>{{counted rows.length "more key"}}</summary>
<section class="scroll" aria-label="Table of further keys" tabindex="0">
<table>
<thead><tr><th scope="col">State</th><th scope="col">Key</th><th scope="col">Manager</th><th scope="col" class="n">Uses</th><th scope="col">Dependants</th></tr></thead>
<tbody>
{{#each rows}}<tr><td><span class="c {{ref tone}}">{{text state}}</span></td><th scope="row">{{name name}}<br><code>{{name arn}}</code></th><td>{{text manager}}</td>{{cell total}}<td>{{#each dependants}}{{#unless @first}}, {{/unless}}{{text this}}{{else}}<span class="quiet">none found</span>{{/each}}{{#unless complete}} <span class="v unknown">not fully read</span>{{/unless}}</td></tr>
{{/each}}
</tbody>
</table>
</section>
</details>
<p class="note">The first {{num inFull}} keys are shown with all that is known of them; <code>report.json</code> has it of every key.</p>
{{/if}}
{{#if more}}<p class="note">{{num more}} more keys are in <code>report.json</code>.</p>{{/if}}
`);
