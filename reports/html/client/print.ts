import type { Finding } from '#model/report.js';
import { counted, el, put } from './dom.js';
import { detailOf, marks, type PanelContext } from './panel.js';
import type { Table } from './table.js';

/** A page with more in detail takes minutes to print, and nobody reads it. */
const most = 2000;

/** What goes on paper in place of the findings that are written out: those that the view shows, in its order. */
export function printedView(
  table: Table,
  shown: () => { rows: Int32Array; query: string },
  contextOf: (finding: Finding) => PanelContext,
): HTMLElement {
  const element = el('div', { class: 'printed' });
  addEventListener('beforeprint', () => {
    const { rows, query } = shown();
    const cut =
      rows.length > most ? `, of which the first ${counted(most, 'finding')} are printed; all of them are in report.json` : '';
    const filter = query.trim() === '' ? '' : `Filter: ${query.trim()}. `;
    const details = [...rows.subarray(0, most)].map((row) => {
      const finding = table.finding(row);
      return el(
        'section',
        { class: 'printed-finding' },
        el('p', { class: 'marks' }, marks(finding)),
        detailOf(finding, contextOf(finding)),
      );
    });
    put(element, el('p', { class: 'note' }, `${filter}${counted(rows.length, 'finding')}${cut}.`), details);
    document.documentElement.classList.add('printing');
  });
  addEventListener('afterprint', () => {
    document.documentElement.classList.remove('printing');
    put(element);
  });
  return element;
}
