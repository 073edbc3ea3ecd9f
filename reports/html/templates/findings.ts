import { template } from '../template.js';
import type { Texts } from '../texts/index.js';
import type { GroupView, PlaceView } from '../views/findings.js';

/** What stands above the findings that are written out; the explorer takes their place where the script runs. */
export interface FindingsHead {
  readonly shown: number;
  readonly total: number;
  readonly cut: boolean;
  readonly none: string;
}

export const findingsHead = template<FindingsHead>(
  (t) => `
<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">${t.findings.title}</h2>
{{#if shown}}
<div id="explorer" hidden></div>
<div class="static">
{{#if cut}}<div class="warn">{{icon "error"}}<p>${t.findings.cut}</p></div>{{/if}}
{{else}}
<p>{{text none}}</p>
{{/if}}
`,
);

const fix = (t: Texts) => `
{{#*inline "fix"}}<div class="fix">
<h5>${t.findings.fix}</h5>
{{#if text}}<p>{{name text}}</p>{{/if}}
{{#if cli}}<h5>AWS CLI</h5><pre>{{block cli}}</pre>{{/if}}
{{#if terraform}}<h5>Terraform</h5><pre>{{block terraform}}</pre>{{/if}}
</div>{{/inline}}`;

export const groupHead = template<GroupView>(
  (t) => `
${fix(t)}<details class="group" id="{{ref anchor}}"{{#if open}} open{{/if}}>
<summary>
<h3>{{text title}}</h3>
<span class="line">{{severity severity}}<code>{{name rule}}</code></span>
<span class="tally">{{#if counts.fail}}<span class="v fail">{{num counts.fail}}<span class="word"> ${t.verdicts.fail}</span></span>{{/if}}{{#if counts.waived}}<span class="said">${t.findings.waived}</span>{{/if}}{{#if counts.unknown}}<span class="v unknown">{{num counts.unknown}}<span class="word"> ${t.verdicts.unknown}</span></span>{{/if}}{{#if counts.pass}}<span class="v pass">{{num counts.pass}}<span class="word"> ${t.verdicts.pass}</span></span>{{/if}}{{#if cut}}<span class="cut">{{text cut}}</span>{{/if}}</span>
</summary>
{{#if why}}<p class="why">{{text why}}</p>{{/if}}<p class="about">{{#if kinds}}<span>${t.findings.kinds}</span>{{/if}}{{#if counts.notApplicable}}<span>${t.findings.notApplicable}</span>{{/if}}{{#if counts.error}}<span>${t.findings.broke}</span>{{/if}}{{#if source}}<span>{{link source "${t.documentation}"}}</span>{{/if}}{{#each controls}}<span class="control"><b>{{name framework}}</b> {{name ids}}</span>{{/each}}</p>
{{#with fix}}{{> fix}}{{/with}}
`,
);

export const placeTemplate = template<PlaceView>(
  (t) => `
${fix(t)}<div class="place" id="{{ref anchor}}">
<h4><b>{{name account}}</b> <span>{{name region}}</span> <span class="quiet">{{num count}}</span></h4>
{{#each findings}}
<details class="f" id="{{ref anchor}}" data-v="{{ref verdict}}">
<summary>{{verdict verdict}}<span class="who"><b>{{name name}}</b>{{#if kind}} <small>{{text kind}}</small>{{/if}}{{#if deviates}} {{severity severity}}{{/if}}{{#each said}} <span class="said{{#if expired}} over{{/if}}">{{text badge}}</span>{{/each}}</span><span class="msg">{{name message}}</span></summary>
<div class="body">
<div>
<dl class="pairs">
{{#each said}}<dt>{{text label}}</dt><dd>{{name text}} <small>{{name source}}</small></dd>{{/each}}
{{#if expected}}<dt>${t.findings.expected}</dt><dd>{{name expected}}</dd>{{/if}}
{{#if actual}}<dt>${t.findings.actual}</dt><dd class="actual">{{name actual}}</dd>{{/if}}
{{#with key}}<dt>${t.findings.key}</dt><dd><code>{{name arn}}</code>{{#if level}} <span class="level">{{level level}}</span>{{else}} <span class="level">${t.findings.levelNotKnown}</span>{{/if}}</dd>{{/with}}
<dt>${t.findings.resource}</dt><dd><code>{{name resource}}</code> <a class="self" href="#{{ref anchor}}">${t.permalink}</a></dd>
</dl>
{{#if missing}}
<table><caption>${t.findings.missing}</caption>
<thead><tr><th scope="col">${t.heads.operation}</th><th scope="col">${t.heads.action}</th><th scope="col">${t.heads.code}</th><th scope="col">${t.heads.cause}</th></tr></thead>
<tbody>{{#each missing}}<tr><td><code>{{#if operation}}{{name operation}}{{else}}{{name facet}}{{/if}}</code></td><td>{{#if action}}<code>{{name action}}</code>{{else}}${t.findings.noAction}{{/if}}</td><td>{{#if code}}<code>{{name code}}</code>{{/if}}</td><td>{{cause cause}}{{#if owner}}${t.findings.owner}{{/if}}</td></tr>{{/each}}</tbody></table>
{{/if}}
{{#if evidence}}
<h5>${t.findings.evidence}</h5>
<dl class="pairs">{{#each evidence}}<dt>{{name name}}</dt><dd><code>{{block value}}</code></dd>{{/each}}</dl>
{{/if}}
</div>
{{#with fix}}{{> fix}}{{/with}}
</div>
</details>
{{/each}}
</div>
`,
);

export const groupFoot = '</details>\n';
export const findingsFoot = template<{ readonly shown: number; readonly briefly: number }>(
  (t) => `
{{#if briefly}}<p class="note">${t.findings.briefly}</p>{{/if}}
{{#if shown}}</div>{{/if}}
</section>
`,
);
