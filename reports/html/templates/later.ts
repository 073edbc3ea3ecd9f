import { template } from '../template.js';
import type { Texts } from '../texts/index.js';

/** Part of a template: says, until the script has put them there, that `kept` more rows belong here. */
export const keptNote = (t: Texts): string => `{{#if kept}}<p class="note until-later">${t.page.kept}</p>{{/if}}`;

/** Where links lead that what they name is not written for. */
export const laterTemplate = template<{ targets: readonly string[] }>(
  (t) => `
{{#if targets}}<p class="note until-later">{{#each targets}}<a id="{{ref this}}"></a>{{/each}}${t.page.later}</p>{{/if}}
`,
);
