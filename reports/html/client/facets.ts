import { button, el, put, quoted } from './dom.js';
import { facetNames, type Field, type Fields } from './fields.js';
import { grouped } from '../text.js';
import { matcher, type Filtered } from './filter.js';
import { selected } from './query.js';
import { filled, texts } from './texts.js';

const few = 7;
const many = 100;

/** The facets: of each field the values, with how many findings each would leave. */
export class Facets {
  readonly element = el('div', { class: 'facets', role: 'group', 'aria-label': texts.filter.facets });
  readonly #fields: Fields;
  readonly #choose: (field: string, value: string) => void;
  readonly #unfolded = new Set<string>();
  readonly #shut = new Set<string>(['control', 'level', 'key', 'baseline']);
  #last: Filtered | undefined;

  constructor(fields: Fields, choose: (field: string, value: string) => void) {
    this.#fields = fields;
    this.#choose = choose;
  }

  show(result: Filtered): void {
    this.#last = result;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['facet'] : undefined;
    put(
      this.element,
      this.#fields.all(facetNames).map((field) => this.#facet(field, result)),
    );
    // A value that was pressed is another element now.
    if (focused !== undefined)
      [...this.element.querySelectorAll<HTMLElement>('[data-facet]')].find((each) => each.dataset['facet'] === focused)?.focus();
  }

  #facet(field: Field, { query, counts }: Filtered): HTMLElement | null {
    const chosen = selected(query, field.name).map((value) => ({ value, matches: matcher(value) }));
    // Where all findings say the same there is nothing to choose.
    if (field.values.length < 2 && chosen.length === 0) return null;
    const of = counts.get(field.name);
    const values = field.values
      .map((value, at) => ({ ...value, count: of?.[at] ?? 0, on: chosen.some(({ matches }) => matches(value)) }))
      .filter(({ count, on }) => count > 0 || on);
    const ordered =
      field.name === 'verdict' || field.name === 'severity'
        ? values
        : values.toSorted((a, b) => Number(b.on) - Number(a.on) || b.count - a.count);
    const most = this.#unfolded.has(field.name) ? many : few;
    const details = el(
      'details',
      { open: !this.#shut.has(field.name) || chosen.length > 0 },
      el('summary', {}, texts.fields[field.name].title),
    );
    details.addEventListener('toggle', () => {
      if (details.open) this.#shut.delete(field.name);
      else this.#shut.add(field.name);
    });
    details.append(
      el(
        'ul',
        {},
        ordered.slice(0, most).map((value) => el('li', {}, this.#value(field, value))),
      ),
    );
    if (ordered.length > most) details.append(this.#more(field, ordered.length, most));
    return details;
  }

  #value(field: Field, { value, label, count, on }: { value: string; label: string; count: number; on: boolean }): HTMLElement {
    return button([el('span', {}, quoted(label)), el('b', {}, grouped(count))], () => this.#choose(field.name, value), {
      class: 'value',
      'aria-pressed': String(on),
      'data-facet': `${field.name}:${value}`,
      title: label === value ? undefined : value,
    });
  }

  #more(field: Field, all: number, most: number): HTMLElement {
    const count = grouped(all - most);
    if (most === many) return el('p', { class: 'note' }, filled(texts.filter.many, { count, field: field.name }));
    return button(
      filled(texts.filter.more, { count }),
      () => {
        this.#unfolded.add(field.name);
        if (this.#last) this.show(this.#last);
      },
      { class: 'button more-values', 'data-facet': `${field.name}…` },
    );
  }
}
