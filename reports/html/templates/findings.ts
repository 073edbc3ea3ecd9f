import { template } from '../template.js';
import type { GroupView, PlaceView } from '../views/findings.js';

/** What stands above the findings that are written out; the explorer takes their place where the script runs. */
export interface FindingsHead {
  readonly shown: number;
  readonly total: number;
  readonly cut: boolean;
  readonly none: string;
}

export const findingsHead = template<FindingsHead>(`
<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">Findings</h2>
{{#if shown}}
<div id="explorer" hidden></div>
<div class="static">
{{#if cut}}<div class="warn">{{icon "error"}}<p><strong>Only {{num shown}} of {{num total}} findings are written out here</strong>, the worst first. All of them are in <code>report.json</code> and <code>findings.ndjson.gz</code>; every count on this page is of all.</p></div>{{/if}}
{{else}}
<p>{{text none}}</p>
{{/if}}
`);

const fix = `
{{#*inline "fix"}}<div class="fix">
<h5>How to fix</h5>
{{#if text}}<p>{{name text}}</p>{{/if}}
{{#if cli}}<h5>AWS CLI</h5><pre>{{block cli}}</pre>{{/if}}
{{#if terraform}}<h5>Terraform</h5><pre>{{block terraform}}</pre>{{/if}}
</div>{{/inline}}`;

export const groupHead = template<GroupView>(`
${fix}<details class="group" id="{{ref anchor}}"{{#if open}} open{{/if}}>
<summary>
<h3>{{text title}}</h3>
<span class="line">{{severity severity}}<code>{{name rule}}</code></span>
<span class="tally">{{#if counts.fail}}<span class="v fail">{{icon "fail"}}{{num counts.fail}}<span class="word"> fail</span></span>{{/if}}{{#if counts.waived}}<span class="said">{{num counts.waived}} waived</span>{{/if}}{{#if counts.unknown}}<span class="v unknown">{{icon "unknown"}}{{num counts.unknown}}<span class="word"> unknown</span></span>{{/if}}{{#if counts.pass}}<span class="v pass">{{icon "pass"}}{{num counts.pass}}<span class="word"> pass</span></span>{{/if}}{{#if cut}}<span class="cut">{{text cut}}</span>{{/if}}</span>
</summary>
{{#if why}}<p class="why">{{text why}}</p>{{/if}}<p class="about">{{#if kinds}}<span>Looks at {{text kinds}}</span>{{/if}}{{#if counts.notApplicable}}<span>Does not apply to {{num counts.notApplicable}}</span>{{/if}}{{#if counts.error}}<span>Broke on {{num counts.error}}</span>{{/if}}{{#if source}}<span>{{link source "AWS documentation"}}</span>{{/if}}{{#each controls}}<span class="control"><b>{{name framework}}</b> {{name ids}}</span>{{/each}}</p>
{{#with fix}}{{> fix}}{{/with}}
`);

export const placeTemplate = template<PlaceView>(`
${fix}<div class="place" id="{{ref anchor}}">
<h4><b>{{name account}}</b> <span>{{name region}}</span> <span class="quiet">{{num count}}</span></h4>
{{#each findings}}
<details class="f" id="{{ref anchor}}" data-v="{{ref verdict}}">
<summary>{{verdict verdict}}<span class="who"><b>{{name name}}</b>{{#if kind}} <small>{{text kind}}</small>{{/if}}{{#if deviates}} {{severity severity}}{{/if}}{{#each said}} <span class="said{{#if expired}} over{{/if}}">{{text badge}}</span>{{/each}}</span><span class="msg">{{name message}}</span></summary>
<div class="body">
<div>
<dl class="pairs">
{{#each said}}<dt>{{text label}}</dt><dd>{{name text}} <small>{{name source}}</small></dd>{{/each}}
{{#if expected}}<dt>Expected</dt><dd>{{name expected}}</dd>{{/if}}
{{#if actual}}<dt>Actual</dt><dd class="actual">{{name actual}}</dd>{{/if}}
{{#with key}}<dt>Key</dt><dd><code>{{name arn}}</code>{{#if level}} <span class="level">{{text level}}</span>{{else}} <span class="level">level not known</span>{{/if}}</dd>{{/with}}
<dt>Resource</dt><dd><code>{{name resource}}</code> <a class="self" href="#{{ref anchor}}">permalink</a></dd>
</dl>
{{#if missing}}
<table><caption>Could not be read</caption>
<thead><tr><th scope="col">Operation</th><th scope="col">IAM action</th><th scope="col">Code</th><th scope="col">Cause</th></tr></thead>
<tbody>{{#each missing}}<tr><td><code>{{#if operation}}{{name operation}}{{else}}{{name facet}}{{/if}}</code></td><td>{{#if action}}<code>{{name action}}</code>{{else}}none{{/if}}</td><td>{{#if code}}<code>{{name code}}</code>{{/if}}</td><td>{{text cause}}{{#if owner}}, of account {{name owner}}{{/if}}</td></tr>{{/each}}</tbody></table>
{{/if}}
{{#if evidence}}
<table><caption>Evidence</caption>
<tbody>{{#each evidence}}<tr><th scope="row">{{name name}}</th><td><code>{{block value}}</code></td></tr>{{/each}}</tbody></table>
{{/if}}
</div>
{{#with fix}}{{> fix}}{{/with}}
</div>
</details>
{{/each}}
</div>
`);

export const groupFoot = '</details>\n';
export const findingsFoot = template<{ readonly shown: number }>(`
{{#if shown}}</div>{{/if}}
</section>
`);
