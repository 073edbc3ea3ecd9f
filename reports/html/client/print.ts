import type { Finding } from '#model/report.js';
import { groupBy } from '../group-by.js';
import { el, put, quoted } from './dom.js';
import { detailOf, marks, type PanelContext } from './panel.js';
import type { Table } from './table.js';
import { countedFindings, filled, texts } from './texts.js';

/** A page with more rows takes minutes to print, and nobody reads it. */
const most = 2000;
/** Findings that are printed with all that is known of them; more become a table for each account. */
const inFull = 100;

/** What goes on paper in place of the findings that are written out: those that the view shows, in its order. */
export function printedView(
  table: Table,
  shown: () => { rows: Int32Array; query: string },
  contextOf: (finding: Finding) => PanelContext,
): HTMLElement {
  const element = el('div', { class: 'printed' });
  addEventListener('beforeprint', () => {
    const { rows, query } = shown();
    const { cut, whole, filter } = texts.print;
    const says = filled(rows.length > most ? cut : whole, {
      findings: countedFindings(rows.length),
      most: countedFindings(most),
    });
    const asked = query.trim() === '' ? '' : `${filled(filter, { query: query.trim() })} `;
    const findings = [...rows.subarray(0, most)].map((row) => table.finding(row));
    const details =
      findings.length <= inFull ? findings.map((each) => inWhole(each, contextOf(each))) : byAccount(findings, contextOf);
    put(element, el('p', { class: 'note' }, asked + says), details);
    document.documentElement.classList.add('printing');
  });
  addEventListener('afterprint', () => {
    document.documentElement.classList.remove('printing');
    put(element);
  });
  return element;
}

function inWhole(finding: Finding, context: PanelContext): HTMLElement {
  return el('section', { class: 'printed-finding' }, el('p', { class: 'marks' }, marks(finding)), detailOf(finding, context));
}

/** A table for each account, in the order of their first findings. */
function byAccount(findings: readonly Finding[], contextOf: (finding: Finding) => PanelContext): HTMLElement[] {
  return [...groupBy(findings, ({ account }) => account).values()].map((of) => {
    const name = of[0] === undefined ? '' : contextOf(of[0]).account;
    const { verdict, resource, region } = texts.heads;
    const head = [verdict, resource, texts.explorer.finding, region].map((title) => el('th', { scope: 'col' }, title));
    return el(
      'section',
      {},
      el('h3', {}, quoted(name), ` · ${countedFindings(of.length)}`),
      el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, of.map(rowOf))),
    );
  });
}

function rowOf(finding: Finding): HTMLElement {
  const { name, resource, message, rule, region } = finding;
  return el(
    'tr',
    { class: 'printed-finding' },
    el('td', {}, el('div', { class: 'marks' }, marks(finding))),
    el('th', { scope: 'row' }, quoted(name.trim() === '' ? resource : name), el('small', {}, quoted(resource))),
    el('td', {}, quoted(message), el('small', {}, quoted(rule))),
    el('td', { class: 'r' }, quoted(region)),
  );
}
