import { template } from '../template.js';
import type { CalendarView } from '../views/calendar.js';

/** What comes due, in the order of its dates. */
export const calendarTemplate = template<CalendarView>(`
{{#*inline "due"}}<td class="r">{{#if date}}{{text date}}{{else}}<span class="quiet">none</span>{{/if}}{{#if when}}<small>{{text when}}</small>{{/if}}</td><td class="{{ref tone}}">{{text what}}</td><td>{{#if target}}<a href="#{{ref target}}">{{name of}}</a>{{else}}{{name of}}{{/if}}{{#if place}} <code>{{name place}}</code>{{/if}}{{#if note}}<small>{{name note}}</small>{{/if}}</td>{{/inline}}
<section id="calendar" aria-labelledby="calendar-title">
<h2 id="calendar-title">What comes due</h2>
{{#if months}}
<p class="lead">Deletions of keys, key material that expires, rotations, and the last days of waivers and attestations, as of {{name today}}. Dates are in UTC.</p>
<section class="scroll" aria-label="Table of dates" tabindex="0">
<table class="due">
<thead><tr><th scope="col">Date</th><th scope="col">What</th><th scope="col">Of</th></tr></thead>
{{#each months}}<tbody{{#if overdue}} class="overdue"{{/if}}>
<tr class="month"><th scope="rowgroup" colspan="3">{{#if overdue}}{{icon "error"}} {{/if}}{{text name}}</th></tr>
{{#each rows}}<tr>{{> due}}</tr>
{{/each}}</tbody>
{{/each}}
</table>
</section>
{{#if more}}<p class="note">{{num more}} later dates are in <code>report.json</code>.</p>{{/if}}
{{else}}
<p>Nothing that was read has a date to look out for.</p>
{{/if}}
</section>
`);
