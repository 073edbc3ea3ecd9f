import { el, put } from './dom.js';

/** What the list asks of whoever knows the findings. */
export interface ListSource {
  readonly count: number;
  /** Content and class of a line. */
  draw(at: number): { readonly cells: readonly HTMLElement[]; readonly kind: string };
  /** Enter or a click. */
  choose(at: number): void;
}

const overscan = 6;
/** Browsers place nothing below some 17 million pixels; a longer list is scrolled in proportion. */
const tallest = 12_000_000;

/** A table of which only the lines in sight exist. One line has the focus and is moved by keys. */
export class VirtualList {
  readonly element: HTMLElement;
  readonly #view = el('div', { class: 'view' });
  readonly #body = el('div', { class: 'lines', role: 'rowgroup' });
  readonly #lines = new Map<number, HTMLElement>();
  #source: ListSource = { count: 0, draw: () => ({ cells: [], kind: '' }), choose: () => undefined };
  #active = 0;
  #height = 46;

  constructor(label: string, columns: readonly string[]) {
    const head = el('div', { role: 'rowgroup', class: 'lines-head' });
    head.append(
      el(
        'div',
        { role: 'row', 'aria-rowindex': 1, class: 'line' },
        columns.map((name) => el('span', { role: 'columnheader' }, name)),
      ),
    );
    this.#view.append(this.#body);
    this.element = el(
      'div',
      { role: 'table', class: 'list', 'aria-label': label, 'aria-colcount': columns.length },
      head,
      this.#view,
    );
    this.#view.setAttribute('role', 'presentation');
    this.#view.addEventListener('scroll', () => this.#draw(), { passive: true });
    this.#view.addEventListener('keydown', (event) => this.#key(event));
    this.#body.addEventListener('click', (event) => this.#click(event));
    new ResizeObserver(() => this.#measure()).observe(this.#view);
  }

  /** Shows other lines; the active one is then `active`. */
  show(source: ListSource, active = 0): void {
    this.#source = source;
    this.#active = Math.max(0, Math.min(active, source.count - 1));
    this.element.setAttribute('aria-rowcount', String(source.count + 1));
    this.#measure();
  }

  /** Draws the lines anew: what they say has changed, not how many there are. */
  refresh(): void {
    const focused = this.#body.contains(document.activeElement);
    for (const line of this.#lines.values()) line.remove();
    this.#lines.clear();
    this.#draw();
    if (focused) this.focus();
  }

  get active(): number {
    return this.#active;
  }

  /** Makes a line the active one and brings it into sight. */
  activate(at: number, focus = true): void {
    if (this.#source.count === 0) return;
    const before = this.#lines.get(this.#active);
    this.#active = Math.max(0, Math.min(at, this.#source.count - 1));
    if (before) this.#mark(before, false);
    this.#reveal();
    this.#draw();
    const line = this.#lines.get(this.#active);
    if (line) this.#mark(line, true);
    if (focus) this.focus();
  }

  focus(): void {
    this.#lines.get(this.#active)?.focus({ preventScroll: true });
  }

  move(by: number): void {
    this.activate(this.#active + by);
  }

  #measure(): void {
    this.#height = Number.parseFloat(getComputedStyle(this.#view).getPropertyValue('--line')) || 46;
    this.#body.style.height = `${Math.min(tallest, this.#source.count * this.#height)}px`;
    this.refresh();
  }

  /** Pixels that a list scrolled in proportion is ahead of its scrollbar. */
  #ahead(): number {
    const whole = this.#source.count * this.#height;
    if (whole <= tallest) return 0;
    const { scrollTop, clientHeight } = this.#view;
    return (scrollTop / (tallest - clientHeight)) * (whole - tallest);
  }

  #draw(): void {
    const { scrollTop, clientHeight } = this.#view;
    const ahead = this.#ahead();
    const top = scrollTop + ahead;
    const from = Math.max(0, Math.floor(top / this.#height) - overscan);
    const to = Math.min(this.#source.count, Math.ceil((top + clientHeight) / this.#height) + overscan);
    for (const [at, line] of this.#lines) {
      // The line with the focus stays: without it the keys would go nowhere.
      if ((at < from || at >= to) && line !== document.activeElement) {
        line.remove();
        this.#lines.delete(at);
      }
    }
    for (let at = from; at < to; at += 1) {
      const line = this.#lines.get(at) ?? this.#line(at);
      line.style.top = `${at * this.#height - ahead}px`;
    }
  }

  #line(at: number): HTMLElement {
    const { cells, kind } = this.#source.draw(at);
    const line = el('div', { role: 'row', class: `line ${kind}`, 'aria-rowindex': at + 2, tabindex: -1 });
    put(line, cells);
    line.dataset['at'] = String(at);
    if (at === this.#active) this.#mark(line, true);
    // Lines stand in the document as they stand on the screen, for those who are read to.
    const next = [...this.#lines].filter(([other]) => other > at).sort(([a], [b]) => a - b)[0]?.[1];
    this.#body.insertBefore(line, next ?? null);
    this.#lines.set(at, line);
    return line;
  }

  #mark(line: HTMLElement, active: boolean): void {
    line.tabIndex = active ? 0 : -1;
    line.classList.toggle('active', active);
  }

  #reveal(): void {
    const whole = this.#source.count * this.#height;
    const { clientHeight } = this.#view;
    const top = this.#active * this.#height;
    const seen = this.#view.scrollTop + this.#ahead();
    if (top >= seen && top + this.#height <= seen + clientHeight) return;
    const wanted = top < seen ? top : top + this.#height - clientHeight;
    this.#view.scrollTop = whole <= tallest ? wanted : (wanted / (whole - clientHeight)) * (tallest - clientHeight);
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.#view.clientHeight / this.#height) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -this.#source.count,
      End: this.#source.count,
    };
    const by = moves[event.key];
    if (by !== undefined) this.move(by);
    else if (event.key === 'Enter' || event.key === ' ') this.#source.choose(this.#active);
    else return;
    event.preventDefault();
  }

  #click(event: MouseEvent): void {
    const line = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-at]') : null;
    if (!line || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.activate(Number(line.dataset['at']));
    this.#source.choose(this.#active);
  }
}
