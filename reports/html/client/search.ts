import { el, put, quoted } from './dom.js';
import { fieldNames, isField, type Fields } from './fields.js';
import { grouped } from '../text.js';
import type { Filtered } from './filter.js';
import { formatQuery, tokenAt } from './query.js';
import { texts } from './texts.js';

interface Suggestion {
  /** What takes the place of the token. */
  readonly token: string;
  readonly label: string;
  readonly note: string;
}

const most = 10;

/** The query box with what could be meant: fields first, then their values with counts. */
export class Search {
  readonly element = el('div', { class: 'search' });
  readonly input = el('input', {
    ...{ id: 'filter', type: 'search', role: 'combobox', autocomplete: 'off', spellcheck: 'false' },
    ...{ 'aria-keyshortcuts': '/', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': 'suggestions' },
    placeholder: texts.filter.placeholder,
  });
  readonly #box = el('ul', { id: 'suggestions', role: 'listbox', 'aria-label': texts.filter.suggestions, hidden: true });
  readonly #fields: Fields;
  readonly #result: () => Filtered;
  #suggestions: readonly Suggestion[] = [];
  #at = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(fields: Fields, result: () => Filtered, changed: (text: string) => void) {
    this.#fields = fields;
    this.#result = result;
    this.element.append(el('label', { for: 'filter' }, texts.filter.label), this.input, this.#box);
    const apply = () => {
      clearTimeout(this.#timer);
      changed(this.input.value);
    };
    this.input.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(apply, 80);
      this.#suggest();
    });
    this.input.addEventListener('keydown', (event) => this.#key(event, apply));
    this.input.addEventListener('blur', () => this.#close());
    // A press would take the focus from the input, and with it the list away, before the click comes.
    this.#box.addEventListener('mousedown', (event) => event.preventDefault());
    this.#box.addEventListener('click', (event) => {
      const option = event.target instanceof Element ? event.target.closest<HTMLElement>('[role=option]') : null;
      if (option) this.#take(Number(option.dataset['at']), apply);
    });
  }

  /** Shows a query that was not written here. */
  set(text: string): void {
    if (this.input.value.trim() !== text) this.input.value = text;
  }

  #key(event: KeyboardEvent, apply: () => void): void {
    const open = this.#suggestions.length > 0;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!open) this.#suggest();
      this.#mark(this.#at + (event.key === 'ArrowDown' ? 1 : -1));
    } else if (event.key === 'Enter' || (event.key === 'Tab' && open && this.#at >= 0)) {
      if (open && this.#at >= 0) this.#take(this.#at, apply);
      else {
        this.#close();
        apply();
      }
    } else if (event.key === 'Escape') {
      if (open) this.#close();
      else {
        this.input.value = '';
        apply();
      }
      event.stopPropagation();
    } else return;
    event.preventDefault();
  }

  #suggest(): void {
    const { token } = tokenAt(this.input.value, this.input.selectionStart ?? this.input.value.length);
    this.#suggestions = this.#possible(token).slice(0, most);
    const options = this.#suggestions.map(({ label, note }, at) =>
      el(
        'li',
        { role: 'option', id: `suggestion-${at}`, 'aria-selected': 'false', 'data-at': at },
        quoted(label),
        el('small', {}, note),
      ),
    );
    put(this.#box, options);
    this.#box.hidden = options.length === 0;
    this.input.setAttribute('aria-expanded', String(options.length > 0));
    this.#mark(-1);
  }

  #possible(token: string): readonly Suggestion[] {
    const minus = token.startsWith('-') ? '-' : '';
    const [name = '', ...rest] = token.slice(minus.length).split(':');
    if (rest.length === 0) {
      const fields = fieldNames.filter((field) => field.startsWith(name.toLowerCase()) && name !== '');
      return fields.map((field) => ({ token: `${minus}${field}:`, label: `${field}:`, note: texts.fields[field].help }));
    }
    const field = isField(name) ? this.#fields.get(name) : undefined;
    if (field === undefined) return [];
    const given = rest.join(':').split(',');
    const wanted = (given.pop() ?? '').replace(/^"/, '').toLowerCase();
    const counts = this.#result().counts.get(name);
    const found = field.values
      .map(({ value, label }, at) => ({ value, label, count: counts?.[at] }))
      .filter(({ value, label }) => value.toLowerCase().includes(wanted) || label.toLowerCase().includes(wanted))
      .toSorted((a, b) => (b.count ?? 0) - (a.count ?? 0))
      .slice(0, most);
    return found.map(({ value, label, count }) => {
      const last = formatQuery({ terms: [{ field: name, values: [value], negated: minus !== '' }], words: [] });
      const before = given.length === 0 ? '' : `${given.join(',')},`;
      const text = `${minus}${name}:${before}${last.slice(minus.length + name.length + 1)} `;
      return {
        token: text,
        label: label === value ? value : `${label} (${value})`,
        note: count === undefined ? '' : grouped(count),
      };
    });
  }

  #mark(at: number): void {
    const count = this.#suggestions.length;
    this.#at = count === 0 ? -1 : at < -1 ? count - 1 : at >= count ? -1 : at;
    for (const [index, option] of [...this.#box.children].entries())
      option.setAttribute('aria-selected', String(index === this.#at));
    if (this.#at >= 0) this.input.setAttribute('aria-activedescendant', `suggestion-${this.#at}`);
    else this.input.removeAttribute('aria-activedescendant');
  }

  #take(index: number, apply: () => void): void {
    const suggestion = this.#suggestions[index];
    if (!suggestion) return;
    const caret = this.input.selectionStart ?? this.input.value.length;
    const { from } = tokenAt(this.input.value, caret);
    const after = this.input.value.slice(caret).trimStart();
    this.input.value = this.input.value.slice(0, from) + suggestion.token + after;
    const end = from + suggestion.token.length;
    this.input.setSelectionRange(end, end);
    if (suggestion.token.endsWith(':')) this.#suggest();
    else {
      this.#close();
      apply();
    }
  }

  #close(): void {
    this.#suggestions = [];
    this.#box.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.#mark(-1);
  }
}
