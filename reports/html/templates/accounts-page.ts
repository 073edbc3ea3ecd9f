import { template } from '../template.js';
import { banners } from './banners.js';
import type { AccountsPageView } from '../views/accounts-page.js';

/** The page over the pages of a run's accounts, between head and end. */
export const accountsPageTemplate = template<AccountsPageView>(
  (t) => `
<a class="skip" href="#accounts">${t.split.skip}</a>
<header class="top">
<p class="brand"><svg class="mark" aria-hidden="true" viewBox="0 0 16 16"><path d="M4.5 7V5a3.5 3.5 0 0 1 7 0v2H13v7.5H3V7zm1.7 0h3.6V5a1.8 1.8 0 0 0-3.6 0z"></path></svg>
<strong>atrest</strong> <span class="quiet">${t.page.tagline}</span></p>
</header>
<main>
<section id="overview" aria-label="${t.overview.title}">
${banners}
{{#if redacted}}<div class="warn">{{icon "not-applicable"}}<p>{{text redacted}}</p></div>{{/if}}
</section>
<section id="accounts" aria-labelledby="accounts-title">
<h2 id="accounts-title">${t.accounts.title}</h2>
<p class="lead">${t.split.lead}</p>
{{#if rows}}
<section class="scroll" aria-label="${t.split.table}" tabindex="0">
<table class="runs">
<thead><tr><th scope="col">${t.heads.account}</th><th scope="col">${t.heads.state}</th><th scope="col" class="n">${t.heads.score}</th><th scope="col" class="n">${t.heads.critical}</th><th scope="col" class="n">${t.heads.high}</th><th scope="col" class="n">${t.heads.medium}</th><th scope="col" class="n">${t.heads.low}</th><th scope="col" class="n">${t.heads.info}</th><th scope="col" class="n">${t.heads.fail}</th><th scope="col" class="n">${t.heads.waived}</th><th scope="col" class="n">${t.heads.unknown}</th><th scope="col" class="n">${t.heads.gaps}</th></tr></thead>
<tbody>
{{#each rows}}<tr><th scope="row"><a href="{{plain file}}">{{name account}}</a>{{#if path}}<small>{{name path}}</small>{{/if}}</th><td>{{state state}}{{#if reason}} {{name reason}}{{/if}}</td><td class="n">{{text score}}</td>{{#each figures}}{{cell this}}{{/each}}</tr>
{{/each}}
</tbody>
</table>
</section>
{{else}}
<p>${t.accounts.none}</p>
{{/if}}
</section>
</main>
<footer class="foot">
<dl class="facts">
<div><dt>${t.page.run}</dt><dd><code>{{name id}}</code></dd></div>
<div><dt>${t.page.started}</dt><dd>{{text started}} UTC</dd></div>
<div><dt>${t.page.tool}</dt><dd>{{text tool}}</dd></div>
<div><dt>${t.page.manifest}</dt><dd>{{#if manifest}}${t.page.manifestIs}{{else}}${t.page.manifestNotKnown}{{/if}}</dd></div>
<div><dt>${t.page.signature}</dt><dd>${t.unsigned}</dd></div>
</dl>
<p>${t.loadsNothing}</p>
</footer>
`,
);
