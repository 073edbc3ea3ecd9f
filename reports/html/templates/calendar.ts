import { template } from '../template.js';
import type { CalendarView, Month } from '../views/calendar.js';
import { keptNote } from './later.js';

/** What comes due, in the order of its dates. */
export const calendarHead = template<CalendarView>(
  (t) => `
<section id="calendar" aria-labelledby="calendar-title">
<h2 id="calendar-title">${t.calendar.title}</h2>
{{#if months}}
<p class="lead">${t.calendar.lead}</p>
<section class="scroll" aria-label="${t.calendar.table}" tabindex="0">
<table class="due" data-later="due">
<thead><tr><th scope="col">${t.heads.date}</th><th scope="col">${t.heads.what}</th><th scope="col">${t.heads.of}</th></tr></thead>
{{else}}
<p>${t.calendar.none}</p>
{{/if}}
`,
);

export const monthTemplate = template<Month>(
  (t) => `
<tbody{{#if overdue}} class="overdue"{{/if}}>
<tr class="month"><th scope="rowgroup" colspan="3">{{#if overdue}}{{icon "error"}} {{/if}}{{text name}}</th></tr>
{{#each rows}}<tr><td class="r">{{#if date}}{{text date}}{{else}}<span class="quiet">${t.calendar.noDate}</span>{{/if}}{{#if when}}<small>{{text when}}</small>{{/if}}</td><td class="{{ref tone}}">{{text what}}</td><td>{{#if target}}<a href="#{{ref target}}">{{name of}}</a>{{else}}{{name of}}{{/if}}{{#if place}} <code>{{name place}}</code>{{/if}}{{#if note}}<small>{{name note}}</small>{{/if}}</td></tr>
{{/each}}</tbody>
`,
);

export const calendarFoot = template<CalendarView & { readonly kept: number }>(
  (t) => `
{{#if months}}
</table>
</section>
${keptNote(t)}
{{#if more}}<p class="note">${t.calendar.more}</p>{{/if}}
{{/if}}
</section>
`,
);
